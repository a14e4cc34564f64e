"""The list of reports, each report's page, and its tables as files."""

from dataclasses import replace

from flask import Response, request, stream_with_context

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services import exporting
from stockscan.web import htmx
from stockscan.web.listing import Listing, read_listing
from stockscan.web.reports.door import GROUPS, REPORTS, Entry, blueprint
from stockscan.web.reports.narrowing import PARTS_THERE, with_parts
from stockscan.web.reports.shape import Report
from stockscan.web.security import current_context
from stockscan.web.urls import row_number


@blueprint.get("/reports")
def list_reports() -> Response:
    """Every report with the question that it answers."""
    actor = require(current_context().actor, Permission.READ)
    by_title = sorted(REPORTS.values(), key=lambda entry: entry.title)
    theirs = [entry for entry in by_title if actor.may(entry.needs)]
    groups = {group: [e for e in theirs if e.group == group] for group in GROUPS}
    return htmx.render("reports/index.html", "main", groups=groups)


@blueprint.get("/reports/<name>")
def show_report(name: str) -> Response:
    """One report, as its address asks for it."""
    entry = _entry(name)
    listing = _listing(entry)
    try:
        report = _turned(entry.make(listing), listing.after)
        if entry.of_parts:
            report = with_parts(report)
    except (Invalid, NotFound) as error:
        if error.field is None:
            raise
        anew = [(listing.path, "Start without filters")]
        return answer(entry.title, Report(error.message, listing, "warn", more=anew), 422)
    return answer(entry.title, report)


@blueprint.get("/reports/<name>/<table>.<ending>")
def download_table(name: str, table: str, ending: str) -> Response:
    """A table of a report with all its lines, as a file."""
    entry = _entry(name)
    return file_of(f"{name}-{table}", entry.make(_listing(entry)), table, ending)


def file_of(what: str, report: Report, table: str, ending: str) -> Response:
    """A table of any report as a file. Raises `NotFound` for a table that it does not have."""
    found = report.table(table)
    if found is None:
        raise NotFound("This report has no such table. Open it and choose one.")
    places = range(len(found.columns))
    rows = ([cells[at].value for at in places] for cells in map(found.cells, found.items))
    columns = tuple(column.in_files for column in found.columns)
    made = exporting.one_table(current_context(), what, ending, exporting.Table(columns, rows))
    response = Response(stream_with_context(made.chunks), content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def answer(title: str, report: Report, status: int = 200, back: str = "/reports") -> Response:
    """A report's page; also for reports that hang elsewhere, such as below an asset."""
    return htmx.render(
        "reports/report.html", "main", status, title=title, report=report, back=back,
        listing=report.listing,
    )  # fmt: skip


def _entry(name: str) -> Entry:
    found = REPORTS.get(name)
    if found is None:
        raise NotFound("There is no such report. Choose one from the list of reports.")
    return found


def _listing(entry: Entry) -> Listing:
    listing = read_listing(f"/reports/{entry.name}", entry.asks, sort="", choices={})
    if not request.args.keys() & (set(entry.asks) - set(PARTS_THERE)):
        listing.asked.update(entry.usual(current_context().today))
    return listing


def _turned(report: Report, after: str) -> Report:
    """The report with one of its tables on a later page: `after` is its name and first line."""
    name, _, start = after.rpartition("-")
    if not name:
        return report
    try:
        first = row_number(start)
    except ValueError:
        raise NotFound("That page is gone. Start at the first one.") from None
    tables = [replace(t, start=first) if t.name == name else t for t in report.tables]
    return replace(report, tables=tables)
