"""The quarterly review: one page that walks through a quarter, each step with its finding."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Response, request

from stockscan.domain.reports.months import month_text
from stockscan.domain.reports.obsolete import Surplus
from stockscan.domain.tables import Holds
from stockscan.services.reports import quarter
from stockscan.services.reports.quarter import Review
from stockscan.store.reports.overspent import Overspent
from stockscan.store.reports.worn import Newcomers, Worn
from stockscan.web import htmx
from stockscan.web.charts import Chart
from stockscan.web.listing import Listing
from stockscan.web.reports import (
    anomalies,
    budget,
    obsolete,
    peers,
    stockouts,
    turnover,
    wording,
    work,
)
from stockscan.web.reports.door import blueprint, report
from stockscan.web.reports.shape import Cell, Col, Report, Table, amount, count, percent
from stockscan.web.security import current_context

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk: its finding, a picture or a few lines of it, and where all of it is."""

    title: str
    finding: str
    link: str
    more: str
    kind: str = ""
    chart: Chart | None = None
    table: Table | None = None


@blueprint.get("/reports/quarter")
def review() -> Response:
    """The review of the quarter that was asked for, or of the last whole one."""
    page = quarter.review(current_context(), request.args.get("quarter", "")[:10])
    return htmx.render("reports/costs/quarter.html", "main", page=page, steps=_steps(page))


@report(
    "quarter",
    "Quarterly review",
    "What did the quarter cost, and what follows from it?",
    group="Costs",
    asks=("quarter",),
)
def make(listing: Listing) -> Report:
    """The tables of the review, as files."""
    page = quarter.review(current_context(), *wording.said(listing, "quarter"))
    return Report("", listing, tables=[step.table for step in _steps(page) if step.table])


def _steps(page: Review) -> list[Step]:
    walk = (
        _cost,
        _peers,
        _worn,
        _overspent,
        _stood,
        _work,
        _budget,
        _turned,
        _ran_out,
        _obsolete,
        _new,
        _odd,
    )
    return [made for step in walk if (made := step(page)) is not None]


def _cost(page: Review) -> Step:
    name = f"{page.quarter.name} so far" if page.is_running else page.quarter.name
    said = f"{name} cost {amount(page.total_e4, whole=True)}"
    before = amount(page.before_e4, whole=True)
    dearest = page.models[0] if page.models else None
    most = f" Most of it went into {dearest.name or 'machines without a model'}." if dearest else ""
    return Step(
        "What it cost",
        f"{said}, the quarter before {before}.{most}",
        f"/reports/costs?{urlencode({'by': 'model', **_span(page)})}",
        "Costs by model, asset and site",
        chart=wording.by_month("The year to its end", wording.months_of(page.by_month), page.year),
    )


def _peers(page: Review) -> Step:
    made = peers.table_of(page.peers)
    return Step(
        "Who stands out",
        peers.finding(page.peers),
        f"/reports/peers?{urlencode(_span(page))}",
        "Every machine against the others",
        kind="warn" if page.peers.flagged else "",
        table=_few(made, page.peers.flagged),
    )


def _worn(page: Review) -> Step:
    if page.worn:
        first = page.worn[0]
        said = (
            f"{count(len(page.worn), 'machine')} cost 30 % of a new one or more in a year. "
            f"{first.tag}: {percent(first.share_bp)}."
        )
    else:
        said = "No machine cost 30 % of a new one in a year."
    columns = (
        Col("Machine"), Col("A year", Holds.E4), Col("A new one", Holds.E4),
        Col("Share", Holds.PERCENT), Col("Next"),
    )  # fmt: skip

    def row(each: Worn) -> list[Any]:
        machine = f"/assets/{each.code}"
        return [
            Cell(each.tag, machine, each.name),
            Cell(each.cost_e4, wording.costs_of(each.code, page.year)), each.price_e4,
            each.share_bp, Cell("Repair or replace?", f"{machine}/replace"),
        ]  # fmt: skip

    return Step(
        "Repair or replace", said, f"/reports/costs?{urlencode({'by': 'asset'})}",
        "Costs by machine", kind="warn" if page.worn else "",
        table=Table("worn", "", columns, page.worn[:_SHOWN], row),
    )  # fmt: skip


def _overspent(page: Review) -> Step:
    first = page.overspent[0] if page.overspent else None
    said = "No machine took parts for more than it is worth on paper."
    if first is not None:
        many = len(page.overspent)
        are = "it is" if many == 1 else "they are"
        said = (
            f"{count(many, 'machine')} took parts for more than {are} worth on paper. Into "
            f"{first.tag} went {amount(first.parts_e4, whole=True)}; it is worth "
            f"{amount(first.worth_e4, whole=True)}."
        )
    columns = (Col("Machine"), Col("Parts so far", Holds.E4), Col("Worth", Holds.E4), Col("Next"))

    def row(each: Overspent) -> list[Any]:
        machine = f"/assets/{each.code}"
        return [
            Cell(each.tag, machine, each.name), each.parts_e4, Cell(each.worth_e4, machine),
            Cell("Repair or replace?", f"{machine}/replace"),
        ]  # fmt: skip

    return Step(
        "Parts against worth", said, f"/reports/costs?{urlencode({'by': 'asset', **_span(page)})}",
        "Costs by machine", kind="warn" if first else "",
        table=Table("overspent", "", columns, page.overspent[:_SHOWN], row),
    )  # fmt: skip


def _stood(page: Review) -> Step:
    found = page.downtime
    return Step(
        "Standing still",
        work.down_finding(found),
        f"/reports/downtime?{urlencode(_span(page))}",
        "By machine and by cause",
        kind="warn" if found.now else "",
        table=_few(work.machines_of(found), found.machines),
    )


def _work(page: Review) -> Step | None:
    """How the work was shared; for those alone who may compare people."""
    if page.workers is None:
        return None
    return Step(
        "Work by technician",
        work.work_finding(page.workers, page.months),
        f"/reports/technicians?{urlencode(_span(page))}",
        "Jobs, hours and parts by person",
    )


def _turned(page: Review) -> Step:
    return Step(
        "How fast the stock turned",
        turnover.finding(page.turnover.pace),
        f"/reports/turnover?{urlencode(_span(page))}",
        "By class and by part",
    )


def _ran_out(page: Review) -> Step:
    found = page.stockouts
    level = found.level_bp
    return Step(
        "What ran out",
        stockouts.finding(found),
        f"/reports/stockouts?{urlencode(_span(page))}",
        "Service level, and when each part was out",
        kind="warn" if level is not None and level < found.target_bp else "",
    )


def _budget(page: Review) -> Step:
    made = budget.table_of(page.budget)
    return Step(
        f"Budget for {page.budget.quarter.name}",
        budget.finding(page.budget),
        f"/reports/budget?quarter={page.budget.quarter.text}",
        "By part and by month",
        chart=budget.chart_of(page.budget),
        table=_few(made, page.budget.rows),
    )


def _obsolete(page: Review) -> Step:
    dead = page.obsolete.of(Surplus.OBSOLETE)
    kind = Surplus.OBSOLETE if dead else Surplus.PARTIAL
    made = obsolete.table_of(page.obsolete, kind, "obsolete", "")
    return Step(
        "Obsolete stock",
        obsolete.finding(page.obsolete),
        f"/reports/obsolete?{urlencode(_span(page))}",
        "All of it, and what was done",
        kind="warn" if dead else "",
        table=_few(made, made.items),
    )


def _new(page: Review) -> Step:
    came = sum(each.machines for each in page.newcomers)
    none = sum(not each.machines for each in page.newcomers)
    many = count(came, "machine") if came else "No machine"
    said = f"{many} with a parts list came in {page.quarter.name}"
    ahead = f"; of {count(none, 'model')} none has come yet" if none else ""
    columns = (Col("Model"), Col("Came", Holds.WHOLE), Col("Parts", Holds.WHOLE), Col("Next"))

    def row(each: Newcomers) -> list[Any]:
        asked = urlencode({"model": each.model, "machines": max(each.machines, 1)})
        return [
            Cell(each.model, f"/models/{quote(each.model, safe='')}"), each.machines, each.parts,
            Cell("Is there enough?", f"/reports/equip?{asked}"),
        ]  # fmt: skip

    return Step(
        "New equipment", f"{said}{ahead}.", "/reports/equip", "Parts lists against the stock",
        table=Table("new", "", columns, page.newcomers[:_SHOWN], row),
    )  # fmt: skip


def _odd(page: Review) -> Step:
    made = anomalies.table_of(page.anomalies)
    return Step(
        "Unusual use",
        anomalies.finding(page.anomalies),
        f"/reports/anomalies?month={month_text(page.months.last)}",
        "Month by month",
        kind="warn" if page.anomalies.rows else "",
        table=_few(made, page.anomalies.rows),
    )


def _few(table: Table, items: Any) -> Table | None:
    return replace(table, items=list(items)[:_SHOWN]) if items else None


def _span(page: Review) -> dict[str, str]:
    return {"from": month_text(page.months.first), "to": month_text(page.months.last)}
