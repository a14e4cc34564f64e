"""Slow movers: stock that nobody has used for long."""

from collections import Counter
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from stockscan.domain.figures import E4
from stockscan.domain.reports.months import month_at, month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.slow import Slow, SlowPage, slow_movers
from stockscan.web.charts import Bar, Chart, Look, Series, bars, columns
from stockscan.web.filters import day
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ledger, whole
from stockscan.web.reports.narrowing import PARTS_THERE, along, narrowed, parts_asked, there
from stockscan.web.reports.shape import (
    Cell,
    Col,
    Report,
    Table,
    Tile,
    Way,
    amount,
    count,
    percent,
)
from stockscan.web.security import current_context

_AGES: Final = ((12, "to 1 year"), (24, "to 2 years"), (36, "to 3 years"), (1200, "longer"))
_NEVER: Final = "never"
_WAYS: Final = {"As set": "", "90 days": "90", "1 year": "365", "2 years": "730"}
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Class", where="desk"),
    Col("In stock", Holds.MILLI, "quantity"), Col("Unit", where="file"),
    Col("Value", Holds.E4), Col("Last used"),
)  # fmt: skip


@report(
    "slow",
    "Slow movers",
    "What in stock has nobody used for long?",
    group="Stock",
    asks=("days", *PARTS_THERE),
)
def report_of_slow_movers(listing: Listing) -> Report:
    """What lies in stock without being used."""
    title, empty = "Slow movers", "Nothing lies still for so long."
    days, place = whole(listing.asked["days"], "days"), listing.asked["place"]
    page = slow_movers(current_context(), days, parts_asked(listing), place)
    share = page.value_e4 * 10_000 // page.stock_e4 if page.stock_e4 > 0 else None
    never = sum(each.used_month is None for each in page.parts)
    return Report(
        finding=_finding(page, share),
        listing=listing,
        tiles=[
            Tile("Slow parts", f"{len(page.parts):,}", line=f"not used since {day(page.since)}",
                 link="#parts"),
            Tile("Money in them", amount(page.value_e4, whole=True), link="#parts"),
            Tile("Of the stock", percent(share), line=f"of {amount(page.stock_e4, whole=True)}",
                 link=f"{_worth(listing)}#parts"),
            Tile("Never used", f"{never:,}", line="since they are kept", link="#parts"),
        ],
        charts=_charts(page),
        tables=[
            Table("parts", title, _COLUMNS, page.parts, _row(listing), "most money first", empty)
        ],
        note="Used means issued or installed and not taken back. Months are UTC's. What is on a"
        " parts list of machines in service may be slow and still needed: look where it is used"
        " before you sell it.",
        ways=[[Way(name, {"days": days}) for name, days in _WAYS.items()]],
        more=[(along("/reports/obsolete", listing), "Parts that no machine needs any more")],
    )  # fmt: skip


def _finding(page: SlowPage, share: int | None) -> str:
    if not page.parts:
        return f"Everything in stock was used in the last {page.days} days."
    return (
        f"{count(len(page.parts), 'part')} in stock {'was' if len(page.parts) == 1 else 'were'}"
        f" not used for {page.days} days: {amount(page.value_e4, whole=True)},"
        f" {percent(share)} of what the stock is worth."
    )


def _charts(page: SlowPage) -> list[Chart | None]:
    if not page.parts:
        return []
    now, worth = month_at(current_context().today), Counter[str]()
    for each in page.parts:
        worth[_age(each, now)] += each.part.value_e4
    names = [name for name in (*dict(_AGES).values(), _NEVER) if worth[name]]
    ages = [Series("Value", [worth[name] for name in names])]
    most = [
        Bar(one.part.name, one.part.value_e4, amount(one.part.value_e4, whole=True))
        for one in page.parts[:8]
        if one.part.value_e4 > 0
    ]
    return [
        columns("Since it was last used", names, ages, Look(E4, amount, note="value")),
        bars("Most money", most, Look(note=f"the first {len(most)}")) if most else None,
    ]


def _age(each: Slow, now: int) -> str:
    if each.used_month is None:
        return _NEVER
    months = now - each.used_month
    return next(name for most, name in _AGES if months <= most)


def _worth(listing: Listing, **more: str) -> str:
    """What the stock is worth now, part by part."""
    month = month_text(month_at(current_context().today))
    said = {"from": month, "to": month, **narrowed(listing), **more}
    return f"/reports/turnover?{urlencode(said)}"


def _row(listing: Listing) -> Callable[[Slow], list[object]]:
    place = there(listing)

    def row(one: Slow) -> list[object]:
        part = one.part
        here, lies, used = f"/parts/{part.code}", _worth(listing, part=part.code), Cell(_NEVER)
        if one.used_month is not None:
            month = month_text(one.used_month)
            rows = ledger((month, month), kind="use", part=part.code, **place)
            used = Cell(month_name(one.used_month), rows)
        return [
            Cell(part.name, here, part.part_number), part.part_number, part.abc_class,
            Cell(part.quantity_milli, f"{lies}#months", part.unit), part.unit,
            Cell(part.value_e4, f"{lies}#months"), used,
        ]  # fmt: skip

    return row
