"""What it costs to keep the stock."""

from typing import Final
from urllib.parse import urlencode

from stockscan.domain.reports.months import month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.carrying import CarryingPage, PartCarrying, carrying
from stockscan.web.charts import Bar, bars
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS, narrowed, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, percent
from stockscan.web.reports.wording import to_figures
from stockscan.web.security import current_context

_NOTE: Final = (
    "Storage and insurance are what the settings say for a year, by the days of this time. Lost is"
    " what was scrapped and what counts found missing, less what they found again. Capital is the"
    " average inventory times what money costs. By part, room, insurance and capital are shared"
    " out by what it is worth; what was lost of it is its own."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Average stock", Holds.E4),
    Col("Room", Holds.E4, "storage", "desk"), Col("Insurance", Holds.E4, where="desk"),
    Col("Lost", Holds.E4), Col("Capital", Holds.E4, where="desk"), Col("In all", Holds.E4, "total"),
)  # fmt: skip


@report(
    "carrying", "Carrying cost", "What does it cost to keep the stock?", group="Stock",
    asks=(*TIME, *PARTS), usual=usual,
)  # fmt: skip
def report_of_carrying(listing: Listing) -> Report:
    """What keeping the stock cost in some months."""
    time, of = (listing.asked["from"], listing.asked["to"]), narrowed(listing)
    page = carrying(current_context(), *time, parts_asked(listing))
    cost = page.cost
    pieces = {
        "Room": cost.storage_e4,
        "Insurance": cost.insurance_e4,
        "Lost": cost.shrink_e4,
        "Capital": cost.capital_e4,
    }
    rows = [Bar(name, value, amount(value, whole=True)) for name, value in pieces.items()]
    dearest = [
        Bar(one.part.name, one.cost.total_e4, amount(one.cost.total_e4, whole=True))
        for one in page.parts[:8]
        if one.cost.total_e4 > 0
    ]
    months = (month_text(page.months.first), month_text(page.months.last))
    return Report(
        finding=_finding(page),
        listing=listing,
        tiles=[
            Tile("Carrying cost", amount(cost.total_e4, whole=True)),
            Tile("Of the stock's worth", percent(cost.share_bp), line="in this time"),
            Tile("Average stock", amount(cost.average_e4, whole=True), line="at cost",
                 link=f"/reports/turnover?{urlencode({'from': months[0], 'to': months[1], **of})}"),
            Tile("Lost", amount(cost.shrink_e4, whole=True), line="scrapped or miscounted",
                 link=ledger(months, kind="shrink", **of)),
        ],
        charts=[
            bars("What it is made of", rows),
            bars("Dearest to keep", dearest) if dearest else None,
        ],
        tables=[_table(page, months)],
        note=_NOTE,
        asks=ASKS,
        ways=[lengths(current_context().today)],
        more=to_figures("What storage and capital cost"),
    )  # fmt: skip


def _finding(page: CarryingPage) -> str:
    if not page.cost.average_e4:
        return "Nothing was in stock in this time. Receive parts, or choose another time."
    text = (
        f"Keeping the stock cost {amount(page.cost.total_e4, whole=True)},"
        f" {percent(page.cost.share_bp)} of what it is worth."
    )
    return text if page.is_set else f"{text} Nobody has said yet what room and insurance cost."


def _table(page: CarryingPage, months: tuple[str, str]) -> Table:
    def row(one: PartCarrying) -> list[object]:
        part, cost = one.part, one.cost
        lost = Cell(cost.shrink_e4, ledger(months, kind="shrink", part=part.code))
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            cost.average_e4, cost.storage_e4, cost.insurance_e4, lost, cost.capital_e4,
            cost.total_e4,
        ]  # fmt: skip

    return Table("parts", "By part", _COLUMNS, page.parts, row, "dearest first")
