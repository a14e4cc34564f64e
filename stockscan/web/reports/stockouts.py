"""Stock-outs suffered and avoided, and the service level that the stock gave."""

from typing import Final

from stockscan.domain.figures import MICRO
from stockscan.domain.reports.months import month_name
from stockscan.domain.tables import Holds
from stockscan.services.reports.stockouts import PartRun, Stockouts, stockouts
from stockscan.web.charts import Bar, Chart, Look, Series, bars, columns
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, lengths, usual
from stockscan.web.reports.narrowing import PARTS_THERE, parts_asked
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, Tile, count, percent
from stockscan.web.security import current_context

_DAY_US: Final = 86_400 * MICRO
_NOTE: Final = (
    "A part has run out when none of it is left anywhere; parts that were not used in this time"
    " are left out. A delivery is in time when some were left when it came: the share of these is"
    " the service level that safety stock is reckoned for. A stock-out was avoided when an order"
    " came in time and some of what it brought was used before the next one."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Times out", Holds.WHOLE),
    Col("Days out", Holds.WHOLE), Col("In stock", Holds.PERCENT, "in_stock_percent"),
    Col("Deliveries", Holds.WHOLE, where="desk"), Col("In time", Holds.WHOLE, where="desk"),
    Col("Avoided", Holds.WHOLE, where="desk"),
)  # fmt: skip


@report(
    "stockouts", "Stock-outs and service level",
    "What ran out, and what did an order come in time for?",
    group="Stock", asks=(*TIME, "part", *PARTS_THERE), usual=usual,
)  # fmt: skip
def report_of_stockouts(listing: Listing) -> Report:
    """What ran out in some months."""
    asked = listing.asked
    page = stockouts(
        current_context(), asked["from"], asked["to"], asked["part"], parts_asked(listing),
        asked["place"],
    )  # fmt: skip
    level, outs = page.level_bp, sum(page.suffered.values())
    is_low = level is not None and level < page.target_bp
    came = sum(each.run.deliveries for each in page.parts)
    deliveries = count(came, "delivery", "deliveries")
    return Report(
        finding=finding(page),
        listing=listing,
        tiles=[
            Tile("Service level", percent(level), line=f"target {percent(page.target_bp)}",
                 kind="warn" if is_low else "", link="#parts"),
            Tile("Stock-outs", f"{outs:,}", line=f"of {count(len(page.parts), 'part')} in use",
                 link="#parts"),
            Tile("Avoided", f"{sum(page.avoided.values()):,}", line="by an order in time",
                 link="#parts"),
            Tile("In stock", percent(page.in_stock_bp), line=f"of the days; {deliveries}",
                 link="#parts"),
        ],
        charts=_charts(page),
        tables=[*([_times(page)] if asked["part"] else []), _table(page, listing)],
        note=_NOTE,
        asks=(*ASKS, Ask("part", "Part", "Number or code")),
        ways=[lengths(current_context().today)],
        more=[("/reorder", "What to order now")],
        narrowed=page.narrowed,
    )  # fmt: skip


def finding(page: Stockouts) -> str:
    """What it comes to, in a sentence or two."""
    if not page.parts:
        return "Nothing was used in this time, so nothing could run out."
    out = [each for each in page.parts if each.run.outs]
    if not out:
        return f"None of the {count(len(page.parts), 'part')} in use ran out."
    text = f"{count(len(out), 'part')} of {len(page.parts):,} in use ran out"
    level = page.level_bp
    if level is None:
        return f"{text}."
    side = "below" if level < page.target_bp else "at or above"
    return f"{text}; {percent(level)} of deliveries came in time, {side} the target."


def _charts(page: Stockouts) -> list[Chart | None]:
    months = range(page.months.first, page.months.last + 1)
    series = [
        Series("avoided", [page.avoided.get(month, 0) for month in months]),
        Series("suffered", [page.suffered.get(month, 0) for month in months], "warn"),
    ]
    drawn = [one for one in series if any(one.values)]
    names = [month_name(month) for month in months]
    longest = [
        Bar(each.part.name, each.run.out_us, f"{each.run.out_us // _DAY_US:,} d")
        for each in page.parts[:8]
        if each.run.out_us >= _DAY_US
    ]
    return [
        columns("Stock-outs by month", names, drawn, Look(note="times")) if drawn else None,
        bars("Longest out", longest, Look(note="days")) if longest else None,
    ]


def _times(page: Stockouts) -> Table:
    """Each time that the part ran out, and each delivery; what `avoided` counts says so."""
    times: list[tuple[int, int | None, str]] = [
        (out.at_us, out.until_us, "ran out") for each in page.parts for out in each.run.outs
    ]
    for found in (each.run for each in page.parts):
        needed = set(found.avoided_us)
        for came in found.came:
            late = "delivered late" if not came.in_time else "delivered in time"
            said = "ordered, in time and needed" if came.at_us in needed else late
            times.append((came.at_us, None, said))

    def row(one: tuple[int, int | None, str]) -> list[object]:
        at_us, until_us, what = one
        return [what, at_us, until_us, None if until_us is None else (until_us - at_us) // _DAY_US]

    columns_ = (Col("What"), Col("When", Holds.TIME), Col("In stock again", Holds.TIME),
                Col("Days", Holds.WHOLE, where="desk"))  # fmt: skip
    newest = sorted(times, key=lambda one: -one[0])
    nothing = "It did not run out in this time, and none came."
    return Table("times", "When", columns_, newest, row, "newest first", nothing)


def _table(page: Stockouts, listing: Listing) -> Table:
    def row(one: PartRun) -> list[object]:
        part, found = one.part, one.run
        times = listing.link(part=part.code)
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            Cell(len(found.outs), times), Cell(found.out_us // _DAY_US, times),
            Cell(one.in_stock_bp, times),
            Cell(found.deliveries, times), Cell(found.in_time, times),
            Cell(len(found.avoided_us), times),
        ]  # fmt: skip

    return Table("parts", "By part", _COLUMNS, page.parts, row, "longest out first")
