"""Turnover and days of inventory: how fast the stock is used up."""

from typing import Final

from stockscan.domain.figures import E4, divide
from stockscan.domain.reports.months import month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.turnover import Pace, PartPace, Turnover, turnovers
from stockscan.web.charts import Bar, Look, Series, bars, lines
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS, narrowed, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, ratio, shown
from stockscan.web.security import current_context

_NOTE: Final = (
    "Turnover is what was used, at cost, divided by the average inventory; days of inventory are"
    " the days of this time times the average inventory, divided by what was used. The average is"
    " that of the stock's worth at the start and at the end of each month. Of spares, what counts"
    " is what was used, not what was sold."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Class", where="desk"),
    Col("Used", Holds.E4), Col("Average stock", Holds.E4), Col("Turns", Holds.RATIO),
    Col("Days", Holds.WHOLE),
)  # fmt: skip


@report(
    "turnover", "Turnover", "How fast is the stock used up, and how long does it last?",
    group="Stock", asks=(*TIME, *PARTS), usual=usual,
)  # fmt: skip
def report_of_turnover(listing: Listing) -> Report:
    """How fast the stock was used up in some months."""
    time = listing.asked["from"], listing.asked["to"]
    page = turnovers(current_context(), *time, parts_asked(listing))
    names = ["start", *(month_name(m) for m in range(page.months.first, page.months.last + 1))]
    months = (month_text(page.months.first), month_text(page.months.last))
    worth = Series("Worth", page.worth_e4)
    classes = [
        Bar(f"Class {name}", pace.turns or 0, ratio(pace.turns))
        for name, pace in page.classes.items()
    ]
    return Report(
        finding=finding(page.pace),
        listing=listing,
        tiles=[
            Tile("Turnover", ratio(page.pace.turns), "times", _annual(page.pace)),
            Tile("Days of inventory", _days(page.pace), "days", "at this pace"),
            Tile("Used", amount(page.pace.used_e4, whole=True), line="at cost",
                 link=ledger(months, kind="use", **narrowed(listing))),
            Tile("Average stock", amount(page.pace.average_e4, whole=True), line="at cost"),
        ],
        charts=[
            lines("What the stock was worth", names, [worth],
                  Look(E4, _whole, note="at the end of each month")),
            bars("Turnover by class", classes, Look(note="times")) if classes else None,
        ],
        tables=[_table(page)],
        note=_NOTE,
        asks=ASKS,
        ways=[lengths(current_context().today)],
    )  # fmt: skip


def _whole(value_e4: int) -> str:
    return amount(value_e4, whole=True)


def finding(pace: Pace) -> str:
    """What it comes to, in a sentence or two."""
    if not pace.average_e4:
        return "Nothing was in stock in this time. Receive parts, or choose another time."
    if pace.days_on_hand is None:
        return "Nothing was used in this time, so there is no turnover."
    return (
        f"The stock was used up {ratio(pace.turns)} times in {pace.days} days:"
        f" what is there lasts {_days(pace)} days."
    )


def _whole_days(pace: Pace) -> int | None:
    return None if pace.days_on_hand is None else divide(pace.days_on_hand, 100)


def _days(pace: Pace) -> str:
    return shown(_whole_days(pace), Holds.WHOLE)


def _annual(pace: Pace) -> str:
    """What the turnover comes to in a year, where the time is none."""
    if pace.turns is None or 360 <= pace.days <= 370:
        return "a year"
    return f"{ratio(pace.turns * 365 // max(pace.days, 1))} a year"


def _table(page: Turnover) -> Table:
    months = (month_text(page.months.first), month_text(page.months.last))

    def row(one: PartPace) -> list[object]:
        part, pace = one.part, one.pace
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            part.abc_class, Cell(pace.used_e4, ledger(months, kind="use", part=part.code)),
            pace.average_e4, pace.turns, _whole_days(pace),
        ]  # fmt: skip

    return Table("parts", "By part", _COLUMNS, page.parts, row, "most money in stock first")
