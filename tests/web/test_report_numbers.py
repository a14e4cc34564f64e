"""Each number of every report that leads to rows is the sum of these rows, and so is its file."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from stockscan.domain.figures import E4, MILLI
from stockscan.domain.reports.months import month_of, month_text
from stockscan.domain.tables import Holds
from stockscan.services import operations, settings
from stockscan.services.work import unit_of_work
from stockscan.store.parts import Part
from stockscan.store.reports.usage import roll_up
from stockscan.store.suppliers import supplier_id
from stockscan.web.listing import read_listing
from stockscan.web.reports.door import REPORTS
from stockscan.web.reports.shape import Cell, Col, Table
from stockscan.web.security import current_context
from tests.cast import browser, context, new_id
from tests.shop import Shop
from tests.web.numbers import DAY, Behind
from tests.workshop import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
    settings.change(shop.context(), storage_year_minor=1_200_00, insurance_year_minor=365_00)
    _sort_out(shop)
    return f"from={month_text(first)}&to={month_text(month_of(context().now_us))}"


ASKED = [
    *(f"consumption?by={by}&" for by in ("part", "model", "month")),
    *(f"consumption?by={by}&model=Truck&" for by in ("part", "month")),
    *(f"consumption?by={by}&place=A-01&class=A&" for by in ("part", "model")),
    *(f"audit?{of}&" for of in ("supplier=Hydraulik+Nord", "place=A-01&class=A")),
    *(f"{name}?place=A-01&category=Filters&" for name in ("turnover", "stockouts")),
    *(f"costs?by={by}&" for by in ("asset", "model", "site", "month")),
    *(f"{name}?part=P-0&" for name in ("turnover", "carrying", "stockouts")),
    *("turnover?part=P-1&place=A-01&", "consumption?by=month&part=P-0&", "expiry?days=3000&"),
    *("abc?", "turnover?", "carrying?", "audit?", "downtime?", "technicians?", "peers?"),
    *("anomalies?", "stockouts?", "slow?days=20&", "obsolete?", "budget?", "ledger?"),
]


def test_every_number_is_the_sum_of_its_rows_and_stands_in_its_file(
    app: Flask, shop: Shop, span: str
) -> None:
    seen, known = Counter[str](), dict[str, Any]()
    for asked in ASKED:
        name = asked.partition("?")[0]
        with browser(app, shop.cast.supervisor) as client:
            assert client.get(f"/reports/{asked}{span}").status_code == 200
            listing = read_listing(f"/reports/{name}", REPORTS[name].asks, sort="", choices={})
            behind, report = Behind(current_context(), client, known), REPORTS[name].make(listing)
            tables = {f"#{table.name}" for table in report.tables}
            for tile in report.tiles:
                is_nothing = tile.text == "0" or not report.tables[0].items
                assert tile.link or is_nothing or name in _TILES, (asked, tile)
                assert tile.link in tables or not tile.link.startswith("#"), (asked, tile)
            for table in report.tables:
                lines = [table.cells(item) for item in table.items]
                for column, cell, line in _numbers(name, table, lines):
                    rows = behind(column, cell, line)
                    if rows is not None:
                        assert abs(cell.value) == abs(rows), (asked, column.title, cell, rows)
                        seen[asked] += 1
                answer = client.get(
                    f"/reports/{name}/{table.name}.csv?{urlsplit(asked).query}{span}"
                )
                _is_the_file(table, lines, answer.get_data().decode("utf-8-sig"))
    assert len(seen) > 28, seen  # some months of the year leave a report or two without a number


# Which parts are asked for, by number.
NARROWED = {
    "class=A&category=filters": {"P-0", "GLUE"},
    "supplier=Hydraulik+Nord": {"P-1", "P-2", "GLUE"},
    "class=A&category=Nope": set[str](),
    "place=A-01": {"P-0", "P-1", "P-2"},
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


def _numbers(name: str, table: Table, lines: list[list[Cell]]) -> Iterator[tuple[Col, Cell, Any]]:
    """The numbers that have rows behind them: all but zeros, and those that are rows themselves."""
    if (name, table.name) in _ROWS:
        return
    for line in lines:
        for column, cell in zip(table.columns, line, strict=True):
            if column.is_number and cell.value and (name, column.title) not in _ITSELF:
                assert cell.link or line[0].value in _NAMELESS, (name, column.title, cell)
                if cell.link:
                    yield column, cell, line


# Tables that are the rows behind a number.
_ROWS = {("ledger", "rows"), ("stockouts", "times"), ("downtime", "jobs"), ("technicians", "jobs")}
# What is reckoned from the lines above, and what no list shows.
_ITSELF = {("abc", "Together")}
# What is left of more lines than a page lists.
_NAMELESS = {"All others"}
_TILES = {"ledger", "budget", "peers"}
