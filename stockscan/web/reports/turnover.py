"""Turnover and days of inventory: how fast the stock is used up."""

from typing import Final

from stockscan.domain.figures import E4, divide
from stockscan.domain.reports.months import month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.turnover import Asked, Pace, PartPace, Turnover, turnovers
from stockscan.web.charts import Bar, Look, Series, bars, lines
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS_THERE, narrowed, parts_asked, there
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, Tile, amount, ratio, shown
from stockscan.web.security import current_context

_NOTE: Final = (
    "Turnover is what was used, at cost, divided by the average inventory; days of inventory are"
    " the days of this time times the average inventory, divided by what was used. The average is"
    " that of the stock's worth at the start and at the end of each month. Of spares, what counts"
    " is what was used, not what was sold."
)
_THERE: Final = (
    " At a place: what was taken from there, and what lay there, at the average that all stock of"
    " the part had at that moment."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Class", where="desk"),
    Col("Used", Holds.E4), Col("Average stock", Holds.E4), Col("Turns", Holds.RATIO),
    Col("Days", Holds.WHOLE, where="desk"), Col("At the end", Holds.E4, where="desk"),
)  # fmt: skip


@report(
    "turnover", "Turnover", "How fast is the stock used up, and how long does it last?",
    group="Stock", asks=(*TIME, "part", *PARTS_THERE), usual=usual,
)  # fmt: skip
def report_of_turnover(listing: Listing) -> Report:
    """How fast the stock was used up in some months."""
    said = listing.asked
    asked = Asked(said["from"], said["to"], said["part"], parts_asked(listing), said["place"])
    page = turnovers(current_context(), asked)
    names = ["start", *(month_name(m) for m in range(page.months.first, page.months.last + 1))]
    months, of = _span(page), narrowed(listing) | _part(listing)
    worth = Series("Worth", page.worth_e4)
    classes = [
        Bar(f"Class {name}", pace.turns or 0, ratio(pace.turns))
        for name, pace in page.classes.items()
    ]
    return Report(
        finding=finding(page.pace),
        listing=listing,
        tiles=[
            Tile("Turnover", ratio(page.pace.turns), "times", _annual(page.pace),
                 link="#months"),
            Tile("Days of inventory", _days(page.pace), "days", "at this pace",
                 link="#months"),
            Tile("Used", amount(page.pace.used_e4, whole=True), line="at cost",
                 link=ledger(months, kind="use", **of)),
            Tile("Average stock", amount(page.pace.average_e4, whole=True), line="at cost",
                 link="#months"),
        ],
        charts=[
            lines("What the stock was worth", names, [worth],
                  Look(E4, _whole, note="at the end of each month"))
            if any(page.worth_e4) else None,
            bars("Turnover by class", classes, Look(note="times")) if classes else None,
        ],
        tables=[_ends(page, listing), *([] if said["part"] else [_table(page, listing)])],
        note=_NOTE + (_THERE if said["place"] else ""),
        asks=(*ASKS, Ask("part", "Part", "Number or code")),
        ways=[lengths(current_context().today)],
        narrowed=page.narrowed,
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


def _span(page: Turnover) -> tuple[str, str]:
    return month_text(page.months.first), month_text(page.months.last)


def _part(listing: Listing) -> dict[str, str]:
    return {"part": listing.asked["part"]} if listing.asked["part"] else {}


def _table(page: Turnover, listing: Listing) -> Table:
    months, place = _span(page), there(listing)

    def row(one: PartPace) -> list[object]:
        part, pace = one.part, one.pace
        alone = f"{listing.link(part=part.code)}#months"
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            part.abc_class, Cell(pace.used_e4, ledger(months, kind="use", part=part.code, **place)),
            Cell(pace.average_e4, alone), Cell(pace.turns, alone), Cell(_whole_days(pace), alone),
            Cell(one.end_e4, alone),
        ]  # fmt: skip

    return Table("parts", "By part", _COLUMNS, page.parts, row, "most money in stock first")


def _ends(page: Turnover, listing: Listing) -> Table:
    """What was used in each month, and what the stock was worth in the end; the start first."""
    of, alone = narrowed(listing) | _part(listing), bool(listing.asked["part"])

    def row(at: int) -> list[object]:
        month = page.months.first - 1 + at
        text = month_text(month)
        used = page.used_e4.get(month, 0) if at else None
        before = f"{month_name(month)}, before" if not at else month_name(month)
        cells: list[object] = [before, Cell(used, ledger((text, text), kind="use", **of))]
        if alone:
            lay = page.held_milli[at] if page.held_milli else 0
            cells.append(Cell(lay, _until(page, month, **of)))
        return [*cells, Cell(page.worth_e4[at], _worth(page, month, listing))]

    columns = [
        Col("Month"), Col("Used", Holds.E4),
        *([Col("In stock", Holds.MILLI, "quantity")] if alone else []),
        Col("Worth at its end", Holds.E4, "worth"),
    ]  # fmt: skip
    note = "the average is that of all these ends"
    return Table("months", "By month", columns, range(len(page.worth_e4)), row, note)


def _worth(page: Turnover, month: int, listing: Listing) -> str:
    """What the stock was worth then: of one part from the ledger, of more part by part.

    At a place a part is worth its share of all there was of it.
    """
    if listing.asked["part"]:
        return _until(page, month, **_part(listing))
    text = month_text(month)
    return f"{listing.link(**{'from': text, 'to': text})}#parts"


def _until(page: Turnover, month: int, **of: str) -> str:
    """The rows of the ledger up to the end of a month."""
    return ledger((month_text(min(page.begun, month)), month_text(month)), **of)
