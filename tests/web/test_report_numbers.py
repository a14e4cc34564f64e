"""Each number of every report that leads to rows is the sum of these rows, and so is its file."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from stockscan.domain.figures import E4, MILLI
from stockscan.domain.reports.months import month_of, month_text
from stockscan.domain.tables import Holds
from stockscan.services import operations
from stockscan.services.reports import costs, ledger, stockouts, work
from stockscan.services.work import Context, unit_of_work
from stockscan.store.parts import Part
from stockscan.store.reports.narrowing import OfParts
from stockscan.store.reports.usage import roll_up
from stockscan.store.suppliers import supplier_id
from stockscan.web.listing import read_listing
from stockscan.web.reports.door import REPORTS
from stockscan.web.reports.shape import Cell, Col, Table
from tests.cast import browser, context, new_id
from tests.shop import Shop
from tests.workshop import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = 86_400


@pytest.fixture
def span(shop: Shop) -> str:
    """Half a year of a workshop: used, returned, taken back, lost, repaired; its months."""
    shop.now_us = context().now_us - 170 * DAY * 1_000_000
    first = month_of(shop.now_us)
    world = Workshop(shop)
    machines, (belt, oil, lamp) = world.machines, world.parts
    for at in range(12):
        world.fit(machines[at % 5], (belt, oil)[at % 2], str(1 + at * at))
        if at == 7:
            with unit_of_work() as session:
                roll_up(session)
        shop.wait(12 * DAY)
    wrong = world.fit(machines[0], lamp, "50")
    shop.ok("return_part", asset=machines[1], part=oil, quantity="1", location=world.bin)
    shop.ok("issue", part=lamp, location=world.bin, quantity="4", reason="round")
    shop.ok("scrap", part=lamp, location=world.bin, quantity="3", reason="bent")
    world.repair(machines[2], 47, belt, hours_down=700)
    world.repair(machines[2], 13, oil, hours_down=3)
    shop.ok("reverse", operation=wrong["operation"])
    shop.ok("issue", part=belt, location=world.bin, quantity="70", reason="left")
    _sort_out(shop)
    return f"from={month_text(first)}&to={month_text(month_of(context().now_us))}"


ASKED = [
    *(f"consumption?by={by}&" for by in ("part", "model", "month")),
    *(f"consumption?by={by}&model=Truck&" for by in ("part", "month")),
    *(f"consumption?by={by}&place=A-01&class=A&" for by in ("part", "model", "month")),
    *(f"audit?{of}&" for of in ("supplier=Hydraulik+Nord", "category=Filters", "place=A-01")),
    *(f"{name}?place=A-01&category=Filters&" for name in ("turnover", "stockouts", "slow")),
    *(f"costs?by={by}&" for by in ("asset", "model", "site", "month")),
    *("abc?", "turnover?", "carrying?", "audit?", "downtime?", "technicians?", "peers?"),
    *("anomalies?", "stockouts?", "slow?", "obsolete?", "budget?", "ledger?"),
]


def test_every_number_is_the_sum_of_its_rows_and_stands_in_its_file(
    app: Flask, shop: Shop, span: str
) -> None:
    ctx, seen = shop.context(), Counter[str]()
    for asked in ASKED:
        name = asked.partition("?")[0]
        with browser(app, shop.cast.supervisor) as client:
            assert client.get(f"/reports/{asked}{span}").status_code == 200
            listing = read_listing(f"/reports/{name}", REPORTS[name].asks, sort="", choices={})
            for table in REPORTS[name].make(listing).tables:
                lines = [table.cells(item) for item in table.items]
                for column, cell in _numbers(table, lines):
                    known = _behind(ctx, cell.link, column)
                    if known is not None:
                        assert abs(cell.value) == abs(known), (asked, column.title, cell)
                        seen[asked] += 1
                answer = client.get(
                    f"/reports/{name}/{table.name}.csv?{urlsplit(asked).query}{span}"
                )
                _is_the_file(table, lines, answer.get_data().decode("utf-8-sig"))
    assert len(seen) == 26, seen


# Which parts are asked for, by number.
NARROWED = {
    "class=A&category=filters": {"P-0", "GLUE"},
    "supplier=Hydraulik+Nord": {"P-1", "P-2", "GLUE"},
    "class=A&category=Nope": set[str](),
    "place=A-01": {"P-0", "P-1", "P-2"},
    "place=A-01&class=A": {"P-0", "P-1"},
}
# Shares on a curve are of what it is drawn for.
_OF_THE_CURVE = {"Share", "Together"}
_MORE = {"slow": "days=20", "expiry": "days=3000"}


def test_of_some_parts_there_are_the_rows_of_the_whole_that_fit(
    app: Flask, shop: Shop, span: str
) -> None:
    of_parts = sorted(name for name, entry in REPORTS.items() if entry.of_parts)
    at_places = {name for name, entry in REPORTS.items() if entry.at_places}
    by_part = set(of_parts) - {"audit"}
    seen = Counter[tuple[str, bool]]()
    with browser(app, shop.cast.supervisor) as client:
        for name in of_parts:
            usual = f"{span}&{_MORE.get(name, '')}"
            whole = _rows_of(client, name, usual)
            for asked, fits in NARROWED.items():
                if "place" in asked and name not in at_places:
                    continue
                some = _rows_of(client, name, f"{usual}&{asked}")
                assert some == [row for row in whole if row[0] in fits], (name, asked)
                seen[name, True] += len(some)
                seen[name, False] += len(whole) - len(some)
    assert (len(of_parts), len(at_places)) == (12, 7)
    assert all(seen[name, fits] for name in by_part for fits in (True, False)), seen


def _sort_out(shop: Shop) -> None:
    """Give the parts classes, categories and suppliers, and every report something to tell."""
    glue = shop.part(part_number="GLUE", tracking="lot", cost="40", supplier="Hydraulik Nord")
    shelf, machine = shop.bin(), shop.asset()
    lot = {"lot": "L1", "expires_on": "2030-01-01"}
    shop.ok("receive", part=glue, location=shelf, quantity=90, **lot)
    shop.ok("install", part=glue, asset=machine, location=shelf, quantity=9, lot="L1")
    service = {"name": "Service", "asset": machine, "basis": "calendar", "every": "1"}
    plan = _made(
        shop, "create_plan", **service, unit="month", starts_on=shop.context().today.isoformat()
    )["plan"]
    with unit_of_work() as session:
        nord = supplier_id(session, "Hydraulik Nord")
        for number, kept in {
            "P-0": {"abc_class": "A", "category": "Filters"},
            "P-1": {"abc_class": "A", "supplier_id": nord},
            "P-2": {"category": "Filters", "supplier_id": nord},
            "GLUE": {"abc_class": "A", "category": "Filters"},
        }.items():
            session.execute(update(Part).where(Part.part_number == number).values(**kept))
        codes = {
            part.part_number: part.code
            for part in session.execute(select(Part.part_number, Part.code))
        }
    for number in ("P-0", "P-1"):
        _edited(shop, "set_plan_part", plan=plan, part=codes[number], quantity="2")
    shop.make("model", name="Old")
    old = shop.asset(model="Old")
    _edited(shop, "set_model_part", model="Old", part=codes["P-2"], quantity="1")
    shop.ok("set_status", asset=old, status="retired", reason="Old")


def _made(shop: Shop, kind: str, **values: str) -> dict[str, Any]:
    shop.wait()
    outcome = operations.create(shop.context(), kind, {"id": new_id(), **values})
    assert outcome.result is not None, outcome
    return outcome.result


def _edited(shop: Shop, kind: str, **values: str) -> None:
    shop.wait()
    assert operations.edit(shop.context(), kind, {"id": new_id(), **values}).done


def _rows_of(client: FlaskClient, name: str, query: str) -> list[tuple[Any, ...]]:
    """Of all tables of a report the rows, each after its part's number; its files have the same."""
    page = client.get(f"/reports/{name}?{query}").get_data(as_text=True)
    assert ("No part fits Class A, Nope." in page) is ("Nope" in query)
    listing = read_listing(f"/reports/{name}", REPORTS[name].asks, sort="", choices={})
    found = []
    for table in REPORTS[name].make(listing).tables:
        lines = [table.cells(item) for item in table.items]
        answer = client.get(f"/reports/{name}/{table.name}.csv?{query}")
        _is_the_file(table, lines, answer.get_data().decode("utf-8-sig"))
        heads = [column.title for column in table.columns]
        if "Part" not in heads:
            continue
        at = heads.index("Part")
        found += [
            (line[at].sub, *(
                cell.value
                for column, cell in zip(table.columns, line, strict=True)
                if column.title not in _OF_THE_CURVE
            ))
            for line in lines
        ]  # fmt: skip
    return found


def _is_the_file(table: Table, lines: list[list[Cell]], text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(lines)
    for line, row in zip(lines, rows, strict=True):
        for column, cell in zip(table.columns, line, strict=True):
            if cell.value is not None and column.holds in _SAID:
                said = row[column.in_files.name]
                assert Decimal(said) * _SAID[column.holds] == cell.value, (column.title, cell)


# What one of a number in a file is in the table.
_SAID = {Holds.E4: E4, Holds.MILLI: MILLI, Holds.WHOLE: 1}


def _numbers(table: Table, lines: list[list[Cell]]) -> Iterator[tuple[Col, Cell]]:
    for line in lines:
        for column, cell in zip(table.columns, line, strict=True):
            if column.is_number and cell.link and cell.value is not None:
                yield column, cell


def _behind(ctx: Context, link: str, column: Col) -> int | None:
    """What the rows that a link leads to come to; None for a page that has no rows of its own."""
    where = urlsplit(link)
    said = dict(parse_qsl(where.query))
    months = said.pop("from", ""), said.pop("to", "")
    if where.path == "/reports/ledger":
        of = OfParts(*(said.pop(name, "") for name in ("class", "category", "supplier")))
        found = ledger.behind(ctx, ledger.Asked(*months, **said, of=of))
        sums = {Holds.E4: found.value_e4, Holds.MILLI: found.quantity_milli}
        return sums.get(column.holds, found.total)
    if where.path == "/reports/costs":
        page = costs.cost_page(ctx, costs.Asked(said.pop("by"), *months, **said))
        return len(page.rows) if column.holds is Holds.WHOLE else _cost(column, page.total)
    if where.path == "/reports/stockouts":
        part, place = said["part"], said.get("place", "")
        [one] = stockouts.stockouts(ctx, *months, part, place=place).parts
        return {"Times out": len(one.run.outs), "Days out": one.run.out_us // (DAY * 1_000_000),
                "Deliveries": one.run.deliveries, "In time": one.run.in_time,
                "Avoided": len(one.run.avoided_us)}[column.title]  # fmt: skip
    if where.path.endswith("/costs"):
        alone = costs.asset_costs(ctx, where.path.split("/")[2], *months)
        rows = costs.Cost(
            sum(row.cost_e4 for row in alone.parts),
            sum(row.labour_e4 for row in alone.jobs),
            sum(row.down_e4 for row in alone.jobs),
            sum(row.down_e4 > 0 for row in alone.jobs),
        )
        return _cost(column, rows)
    return _jobs_behind(ctx, where.path, months, said, column)


def _jobs_behind(
    ctx: Context, path: str, months: tuple[str, str], said: dict[str, str], column: Col
) -> int | None:
    if path == "/reports/downtime":
        jobs = work.downtime(ctx, *months, said["cause"]).jobs
        return len(jobs) if column.title == "Jobs" else sum(job.down_e4 for job in jobs)
    if path == "/reports/technicians":
        jobs = work.technicians(ctx, *months, said["person"]).jobs
        return {"Jobs": len(jobs), "Minutes": sum(job.minutes or 0 for job in jobs),
                "Work": sum(job.labour_e4 for job in jobs)}[column.title]  # fmt: skip
    return None


def _cost(column: Col, cost: costs.Cost) -> int:
    return {"Parts": cost.parts_e4, "Work": cost.labour_e4, "Stood still": cost.down_e4,
            "Cost": cost.total_e4, "Jobs": cost.jobs}[column.title]  # fmt: skip
