"""The report of consumption: what was used, of what, on what, when."""

from typing import Final

from stockscan.domain.figures import E4, divide
from stockscan.domain.reports.months import month_name, month_text, read_month
from stockscan.domain.tables import Holds
from stockscan.services.reports.consumption import (
    NO_MACHINE,
    WAYS,
    Asked,
    Consumption,
    Used,
    consumption,
)
from stockscan.web.charts import Bar, Chart, Look, Series, bars, columns
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS_THERE, narrowed, parts_asked
from stockscan.web.reports.shape import (
    Ask,
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
from stockscan.web.urls import model_path

_NOTE: Final = (
    "Used is what was issued or installed, less what came back, at the cost frozen when it left"
    " the stock. What was taken back or corrected counts as it stands now, in the month (UTC) in"
    " which the goods moved. Scrap and differences of counts are not use."
)
_HEADS: Final = {"part": "Part", "model": "Model", "month": "Month"}
_SHOWN: Final = 8
# Above this a percentage says less than the amount before.
_MOST_CHANGE_BP: Final = 20_000


@report(
    "consumption",
    "Consumption",
    "What was used, on what, and when?",
    group="Use",
    asks=("by", *TIME, "part", "model", *PARTS_THERE),
    usual=usual,
)
def report_of_consumption(listing: Listing) -> Report:
    """What was used in some months, by part, model or month."""
    asked = listing.asked
    by = asked["by"] or WAYS[0]
    page = consumption(
        current_context(),
        Asked(
            by, asked["from"], asked["to"], asked["part"], asked["model"],
            of=parts_asked(listing), place=asked["place"],
        ),
    )  # fmt: skip
    return Report(
        finding=_finding(page, by),
        listing=listing,
        tiles=_tiles(page, by, listing),
        charts=_charts(page, by),
        tables=[_table(page, by, listing)],
        note=_NOTE,
        asks=(*ASKS, Ask("part", "Part", "Number or code"), Ask("model", "Model", "Name")),
        ways=[[Way(f"By {way}", {"by": way if way != WAYS[0] else ""}) for way in WAYS],
              lengths(current_context().today)],
        narrowed=page.narrowed,
    )  # fmt: skip


def behind(listing: Listing, months: tuple[str, str], **more: str) -> str:
    """The rows of the ledger that a number of these months is made of."""
    said = {name: listing.asked[name] for name in ("part", "model") if listing.asked[name]}
    return ledger(months, kind="use", **{**said, **narrowed(listing), **more})


def _finding(page: Consumption, by: str) -> str:
    if not page.used_e4:
        return "Nothing was used in this time. Choose a longer one, or take a filter off."
    text = f"{amount(page.used_e4, whole=True)} of parts were used"
    if page.before_e4 > 0:
        change = (page.used_e4 - page.before_e4) * 10_000 // page.before_e4
        word = "more" if change >= 0 else "less"
        before = f"the {count(_many(page), 'month')} before"
        if change <= _MOST_CHANGE_BP:
            text += f", {percent(abs(change))} {word} than in {before}"
        else:
            text += f", against {amount(page.before_e4, whole=True)} in {before}"
    first = page.rows[0]
    if by == "month" or first.used_e4 <= 0:
        return f"{text}."
    return (
        f"{text}. {first.name} leads with {percent(divide(first.used_e4 * 10_000, page.used_e4))}."
    )


def _many(page: Consumption) -> int:
    return page.months.last - page.months.first + 1


def _tiles(page: Consumption, by: str, listing: Listing) -> list[Tile]:
    months = _many(page)
    link = behind(listing, (month_text(page.months.first), month_text(page.months.last)))
    machines = sum(page.on_machines.values())
    share = percent(divide(machines * 10_000, page.used_e4)) if page.used_e4 > 0 else "–"
    tiles = [
        Tile(
            "Used", amount(page.used_e4, whole=True), "", f"in {count(months, 'month')}", link=link
        ),
        Tile(
            "A month",
            amount(page.used_e4 // months, whole=True),
            "",
            "on average",
            link=f"{listing.link(by='month')}#used",
        ),
        Tile(
            "On machines",
            share,
            "",
            f"{amount(machines, whole=True)} charged to assets",
            link=f"{listing.link(by='model')}#used",
        ),
    ]
    if by != "month":
        rows = sum(row.used_e4 != 0 for row in page.rows)
        tiles.append(
            Tile("Parts" if by == "part" else "Models", f"{rows:,}", "", "in use", link="#used")
        )
    return tiles


def _charts(page: Consumption, by: str) -> list[Chart | None]:
    months = range(page.months.first, page.months.last + 1)
    series = [
        Series("on machines", [page.on_machines.get(month, 0) for month in months]),
        Series("otherwise", [page.otherwise.get(month, 0) for month in months]),
    ]
    used = [one for one in series if any(one.values)] or series[:1]
    names = [month_name(month) for month in months]
    alone = by == "month"
    look = Look(E4, amount, note="at cost", wide=alone)
    drawn: list[Chart | None] = [columns("By month", names, used, look)]
    most = [row for row in page.rows[:_SHOWN] if row.used_e4 > 0]
    if not alone and most:
        rows = [Bar(row.name, row.used_e4, amount(row.used_e4, whole=True)) for row in most]
        drawn.append(bars(f"Most used, by {by}", rows, Look(note=f"the first {len(most)}")))
    return drawn


def _table(page: Consumption, by: str, listing: Listing) -> Table:
    # Quantities of several parts are not added up.
    of_one = by == "part" or (by == "month" and "part" in page.narrowed)
    columns_ = [
        Col(_HEADS[by]),
        Col("Number", where="file") if by == "part" else None,
        Col("Used", Holds.MILLI, "quantity") if of_one else None,
        Col("Unit", where="file") if of_one else None,
        Col("Value", Holds.E4),
        Col("Share", Holds.PERCENT, "share_percent", "desk"),
        Col("Before", Holds.E4, "before", "desk"),
    ]

    def row(one: Used) -> list[object]:
        share = divide(one.used_e4 * 10_000, page.used_e4) if page.used_e4 > 0 else None
        rows, before = (_rows(one, by, listing, page, back) for back in (0, _many(page)))
        return [
            Cell(one.name, _page(one, by), one.number),
            *([one.number] if by == "part" else []),
            *([Cell(one.quantity_milli, rows, one.unit), one.unit] if of_one else []),
            Cell(one.used_e4, rows), Cell(share, rows), Cell(one.before_e4, before),
        ]  # fmt: skip

    note = f"before: the {count(_many(page), 'month')} before these"
    kept = [column for column in columns_ if column]
    return Table("used", f"By {by}", kept, page.rows, row, note)


def _page(one: Used, by: str) -> str:
    """The page of a part or model; months have none."""
    if not one.key or by == "month":
        return ""
    return f"/parts/{one.key}" if by == "part" else model_path(one.key)


def _rows(one: Used, by: str, listing: Listing, page: Consumption, back: int) -> str:
    """The rows of the ledger behind a line, or behind so many months before."""
    if by == "month":
        month = month_text(read_month(one.key, field="from") - back)
        return behind(listing, (month, month))
    months = (month_text(page.months.first - back), month_text(page.months.last - back))
    if one.key:
        return behind(listing, months, **{by: one.key})
    return behind(listing, months, on="none" if one.name == NO_MACHINE else "unknown")
