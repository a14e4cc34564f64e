"""What one asset cost, against what it is worth and the others of its model, row by row."""

from typing import Any, Final
from urllib.parse import quote

from flask import Response

from stockscan.domain.tables import Holds
from stockscan.services.reports import costs
from stockscan.services.reports.costs import AssetCosts
from stockscan.store.reports.behind import JobRow, PartRow
from stockscan.web import htmx
from stockscan.web.drawing import gauge
from stockscan.web.listing import read_listing
from stockscan.web.reports import index, wording
from stockscan.web.reports.door import blueprint
from stockscan.web.reports.months import ASKS, TIME
from stockscan.web.reports.shape import Cell, Col, Report, Table, amount
from stockscan.web.security import current_context

_KINDS: Final = {
    "install": "installed",
    "return_from_asset": "returned",
    "reversal": "taken back",
}


@blueprint.get("/assets/<ref>/costs")
def of_asset(ref: str) -> Response:
    """What one asset cost, and the rows behind it."""
    page, report = _made(ref)
    worth, peers = page.book_value_e4, page.peers
    return htmx.render(
        "reports/report.html", "main", lead="reports/costs/_asset.html", report=report,
        title=f"Cost of {page.asset.name} {page.asset.tag}",
        listing=report.listing, back=f"/assets/{page.asset.code}", page=page,
        gauge=None if worth is None else gauge(page.asset.parts_e4, worth),
        ratio=wording.times(peers.ratio_bp if peers else None),
    )  # fmt: skip


@blueprint.get("/assets/<ref>/costs/<table>.<ending>")
def file_of_asset(ref: str, table: str, ending: str) -> Response:
    """The rows behind what one asset cost, as a file."""
    page, report = _made(ref)
    return index.file_of(f"costs-{page.asset.code}-{table}", report, table, ending)


def _made(ref: str) -> tuple[AssetCosts, Report]:
    path = f"/assets/{quote(ref, safe='')}/costs"
    listing = read_listing(path, TIME, sort="", choices={})
    page = costs.asset_costs(current_context(), ref, *wording.span(listing))
    return page, Report(
        finding=f"{amount(page.cost.total_e4)} went into it, {wording.period(page.months)}.",
        listing=listing,
        tiles=wording.tiles_of(page.cost, ["", "#parts", "#jobs", "#jobs"]),
        charts=[wording.by_month("By month", page.by_month, page.months)],
        tables=_tables(page),
        asks=ASKS,
        ways=[wording.lengths_now()],
    )


def _tables(page: AssetCosts) -> list[Table]:
    parts = Table(
        "parts", "Parts", _PART_COLUMNS, page.parts, _part_row,
        note=amount(page.cost.parts_e4), empty="No part was charged in these months.",
    )  # fmt: skip
    jobs = Table(
        "jobs", "Jobs", _JOB_COLUMNS, page.jobs, _job_row,
        note=amount(page.cost.labour_e4 + page.cost.down_e4),
        empty="No job was finished in these months.",
    )  # fmt: skip
    return [parts, jobs]


_PART_COLUMNS: Final = (
    Col("Part"), Col("When", Holds.TIME), Col("What", where="desk"), Col("By", where="desk"),
    Col("Job", where="desk"), Col("Quantity", Holds.MILLI), Col("Cost", Holds.E4),
)  # fmt: skip
_JOB_COLUMNS: Final = (
    Col("Job"), Col("When", Holds.TIME), Col("By", where="desk"),
    Col("Minutes", Holds.WHOLE, where="desk"), Col("Work", Holds.E4),
    Col("Stood still", Holds.E4), Col("Cost", Holds.E4, where="desk"),
)  # fmt: skip


def _part_row(row: PartRow) -> list[Any]:
    job = f"J-{row.job_number}" if row.job_number else None
    return [
        Cell(row.part, f"/parts/{row.part_code}"), row.at_us, _KINDS.get(row.kind, row.kind),
        row.person, Cell(job, f"/jobs/{row.job_number}"), Cell(row.quantity_milli, sub=row.unit),
        row.cost_e4,
    ]  # fmt: skip


def _job_row(row: JobRow) -> list[Any]:
    stood = wording.hours(row.down_us) if row.down_us else ""
    return [
        Cell(f"J-{row.number}", f"/jobs/{row.number}", sub=row.title), row.at_us, row.person,
        row.minutes, row.labour_e4, Cell(row.down_e4, sub=stood), row.cost_e4,
    ]  # fmt: skip
