"""ABC: the usage curve, and the parts on it."""

from typing import Final

from stockscan.domain.counts.classes import A_PERCENT, B_PERCENT
from stockscan.domain.figures import divide
from stockscan.domain.reports.months import month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.abc import Curve, Place
from stockscan.services.reports.abc import curve as usage_curve
from stockscan.web.charts import Chart, Cut, curve
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS, along, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, count, percent
from stockscan.web.security import current_context

_NOTE: Final = (
    f"In descending order of what was used, at cost, a part is in the class of the share that the"
    f" dearer ones reach before it: A below {A_PERCENT} %, B below {B_PERCENT} %, else C. So the"
    f" dearest part is A whatever its share. What was not used is C. Parts are classed anew every"
    f" week, from a year's use; those that were classed by hand keep their class."
    f" Of some parts the curve is theirs alone; their classes stay those among all."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Used", Holds.E4),
    Col("Share", Holds.PERCENT, "share_percent", "desk"),
    Col("Together", Holds.PERCENT, "together_percent"), Col("Class"),
    Col("Kept as", where="desk"), Col("Stock", Holds.E4, "stock_value", "desk"),
)  # fmt: skip
_CLASSES: Final = ("A", "B", "C")


@report(
    "abc", "ABC", "Which few parts does most of the money go through?", group="Stock",
    asks=(*TIME, *PARTS), usual=usual,
)  # fmt: skip
def report_of_classes(listing: Listing) -> Report:
    """The usage curve of some months."""
    time = listing.asked["from"], listing.asked["to"]
    page = usage_curve(current_context(), *time, parts_asked(listing))
    tiles = [_tile(page, name) for name in _CLASSES]
    not_used, slow = "in stock, and not used in this time", along("/reports/slow", listing)
    tiles.append(Tile("Not used", f"{page.unused:,}", line=not_used, link=slow))
    return Report(
        finding=_finding(page),
        listing=listing,
        tiles=tiles,
        charts=[_chart(page)] if page.places else [],
        tables=[_table(page)],
        note=_NOTE,
        asks=ASKS,
        ways=[lengths(current_context().today)],
    )


def _of(page: Curve, name: str) -> list[Place]:
    return [place for place in page.places if place.rank.abc_class == name]


def _tile(page: Curve, name: str) -> Tile:
    places = _of(page, name)
    used = sum(place.rank.used_e4 for place in places)
    share = percent(divide(used * 10_000, page.used_e4) if page.used_e4 else None)
    return Tile(f"Class {name}", f"{len(places):,}", "part" if len(places) == 1 else "parts",
                f"{share} of what is used", link="#parts" if places else "")  # fmt: skip


def _finding(page: Curve) -> str:
    if not page.places:
        return "Nothing was used in this time, so there is no curve."
    few = len(_of(page, "A"))
    used = sum(place.rank.used_e4 for place in _of(page, "A"))
    return (
        f"{count(few, 'part')} of {len(page.places):,} make up"
        f" {percent(divide(used * 10_000, page.used_e4))} of the {amount(page.used_e4, whole=True)}"
        f" that was used."
    )


def _chart(page: Curve) -> Chart:
    many = len(page.places)
    points = [(at * 10_000 // many, p.rank.together_bp) for at, p in enumerate(page.places, 1)]
    cuts, told, before = [], [], 0
    for name in _CLASSES:
        if not _of(page, name):
            continue
        before += len(_of(page, name))
        cuts.append(Cut(before * 10_000 // many, name))
        parts, use = divide(before * 10_000, many), page.places[before - 1].rank.together_bp
        told.append(
            f"class {name}, the first {percent(parts)} of the parts, to {percent(use)} of the use"
        )
    label = f"The usage curve: {'; '.join(told)}."
    return curve("The usage curve", points, cuts, label=label, across="parts, % (dearest first)",
                 note="use, % of all")  # fmt: skip


def _table(page: Curve) -> Table:
    months = (month_text(page.months.first), month_text(page.months.last))

    def row(one: Place) -> list[object]:
        part, rank = one.part, one.rank
        differs = part.abc_class != rank.abc_class
        used = ledger(months, kind="use", part=part.code)
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            Cell(rank.used_e4, used), Cell(rank.share_bp, used), rank.together_bp,
            rank.abc_class, part.abc_class if differs else "",
            Cell(part.value_e4, f"/parts/{part.code}"),
        ]  # fmt: skip

    return Table("parts", "Parts", _COLUMNS, page.places, row, "most used first")
