"""Next quarter's budget for the parts of planned maintenance, by part and by month."""

from typing import Any

from stockscan.domain.reports.months import month_name
from stockscan.domain.tables import Holds
from stockscan.services.reports import budget
from stockscan.services.reports.budget import Budget, BudgetRow
from stockscan.web.charts import Chart, Look, Series, columns
from stockscan.web.filters import currency
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.narrowing import PARTS, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, Way, amount, count
from stockscan.web.security import current_context

_NOTE = (
    "Open jobs' kits and what the plans will want, quantity times how often it is really needed, "
    "at today's average cost or the list price. Unplanned is a quarter of what the last twelve "
    "whole months cost in parts outside planned jobs: known of machines, not of some parts alone."
)


@report(
    "budget",
    "Next quarter's budget",
    "What will the parts of planned maintenance cost?",
    group="Costs",
    asks=("quarter", *PARTS),
)
def make(listing: Listing) -> Report:
    """The budget of a quarter, the dearest part first."""
    page = budget.next_budget(current_context(), listing.asked["quarter"], parts_asked(listing))
    return Report(
        finding=finding(page),
        listing=listing,
        tiles=_tiles(page),
        charts=[chart_of(page)],
        tables=[table_of(page)],
        note=_NOTE,
        ways=[[Way(page.quarter.before.name, {"quarter": page.quarter.before.text}),
               Way(page.quarter.name, {"quarter": listing.asked["quarter"]}),
               Way(page.quarter.after.name, {"quarter": page.quarter.after.text})]],
        more=[("/danger", "What runs short")],
    )  # fmt: skip


def finding(page: Budget) -> str:
    """The finding in a sentence."""
    if not page.rows:
        return (
            f"No plan wants parts in {page.quarter.name}. Make a maintenance plan with a kit, and "
            "its parts show here."
        )
    dearest = page.rows[0]
    return (
        f"{page.quarter.name} needs {amount(page.total_e4, whole=True)} of parts for planned work, "
        f"{amount(dearest.budget.total_e4, whole=True)} of it {dearest.part.name}."
    )


def _tiles(page: Budget) -> list[Tile]:
    tiles = [
        Tile(
            "Planned",
            amount(page.total_e4, whole=True),
            line=count(len(page.rows), "part"),
            link="#parts",
        ),
        Tile("Until then", amount(page.until_then_e4, whole=True), line="planned work from today"),
    ]
    if page.unplanned_e4 is not None:
        both = amount(page.total_e4 + page.unplanned_e4, whole=True)
        tiles[1:1] = [
            Tile("Unplanned", amount(page.unplanned_e4, whole=True),
                 line="at the pace of last year"),
            Tile("Together", both, line=page.quarter.name),
        ]  # fmt: skip
    return tiles


def chart_of(page: Budget) -> Chart | None:
    """What each month takes; None where nothing is wanted."""
    if not page.total_e4:
        return None
    names = [month_name(month) for month in page.quarter.months]
    values = [page.by_month.get(month, 0) for month in page.quarter.months]
    look = Look(unit=10_000, note=currency(), wide=True)
    return columns("By month", names, [Series("planned", values)], look)


def table_of(page: Budget) -> Table:
    """The budget by part, a column for each month."""
    months = page.quarter.months
    heads = [Col(month_name(month), Holds.E4, where="desk") for month in months]
    columns = [
        Col("Part"), Col("Quantity", Holds.MILLI), Col("One", Holds.E4, where="desk"), *heads,
        Col("Cost", Holds.E4),
    ]  # fmt: skip

    def row(each: BudgetRow) -> list[Any]:
        part, share = each.part, each.budget
        ahead = f"/parts/{part.code}/ahead"
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number),
            Cell(share.total_milli, ahead, part.unit), Cell(part.cost_e4, f"/parts/{part.code}"),
            *(wording.number(share.value_e4.get(month, 0), ahead) for month in months),
            Cell(share.total_e4, ahead),
        ]  # fmt: skip

    return Table("parts", "By part", columns, page.rows, row, note="dearest first",
                 empty="No planned work needs parts in this quarter.")  # fmt: skip
