"""Words and filters that the reports of costs share."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from stockscan.domain.access import Permission
from stockscan.domain.figures import divide
from stockscan.domain.reports.months import Months, month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.store.reports.costs import Cost, CostRow
from stockscan.web.charts import Chart, Look, Series, columns
from stockscan.web.filters import currency, money
from stockscan.web.listing import Listing
from stockscan.web.reports.months import lengths, usual
from stockscan.web.reports.shape import Cell, Col, Tile, Way, amount, count
from stockscan.web.security import current_context, who

HOUR_US: Final = 3_600_000_000
COST_COLUMNS: Final = (
    Col("Parts", Holds.E4, where="desk"),
    Col("Work", Holds.E4, where="desk"),
    Col("Stood still", Holds.E4, where="desk"),
    Col("Cost", Holds.E4),
)


def said(listing: Listing, *names: str) -> tuple[str, ...]:
    """What the address says for these names."""
    return tuple(listing.asked[name] for name in names)


def span(listing: Listing) -> tuple[str, str]:
    """The first and last month that the address asks for; without any the usual ones."""
    if not (listing.asked["from"] or listing.asked["to"]):
        listing.asked.update(usual(current_context().today))
    return listing.asked["from"], listing.asked["to"]


def lengths_now() -> list[Way]:
    """The usual lengths of time as segments."""
    return lengths(current_context().today)


def period(months: Months) -> str:
    """Months in words: "Dec 25 to Nov 26"."""
    first, last = month_name(months.first), month_name(months.last)
    return first if first == last else f"{first} to {last}"


def costs_of(code: str, months: Months) -> str:
    """The address of the rows behind what an asset cost in these months."""
    asked = {"from": month_text(months.first), "to": month_text(months.last)}
    return f"/assets/{quote(code, safe='')}/costs?{urlencode(asked)}"


def times(ratio_bp: int | None) -> str:
    """A ratio in basis points: 40000 -> "4.0 times"."""
    return "–" if ratio_bp is None else f"{ratio_bp / 10_000:,.1f} times"


def hours(span_us: int) -> str:
    """A span in words: "45 min", "6.5 h", "12 days"."""
    if span_us < HOUR_US:
        return f"{span_us // (HOUR_US // 60)} min"
    if span_us < 72 * HOUR_US:
        return f"{span_us / HOUR_US:.3g} h"
    return f"{span_us / HOUR_US / 24:,.0f} days"


def tiles_of(cost: Cost, links: Sequence[str]) -> list[Tile]:
    """A cost and what it is made of, with the ways to the rows of each."""
    whole, (all_of_it, *rows) = cost.total_e4, links
    made_of = zip(("Parts", "Work", "Stood still"), parts_of(cost), rows, strict=True)
    return [
        Tile("In all", amount(whole, whole=True), line=count(cost.jobs, "job done", "jobs done"),
             link=all_of_it),
        *(Tile(name, amount(each, whole=True), line=_share(each, whole), link=link)
          for name, each, link in made_of),
    ]  # fmt: skip


def cells_of(cost: Cost, link: str = "") -> list[Any]:
    """The cells of `COST_COLUMNS`."""
    return [number(each, link) for each in (*parts_of(cost), cost.total_e4)]


def number(value: int, link: str) -> Cell:
    """A number with the way to its rows; nothing leads nowhere."""
    return Cell(value, link if value else "")


def parts_of(cost: Cost) -> tuple[int, int, int]:
    """Parts, work and standing still."""
    return cost.parts_e4, cost.labour_e4, cost.down_e4


def by_month(title: str, costs: dict[int, Cost], months: Months) -> Chart | None:
    """Columns of what each month cost, stacked; None where there is nothing to draw."""
    if not any(cost.total_e4 for cost in costs.values()):
        return None
    span = range(months.first, months.last + 1)
    shown = [parts_of(costs.get(month, Cost())) for month in span]
    names = ("parts", "work", "stood still")
    series = [
        Series(name, values) for name, values in zip(names, zip(*shown, strict=True), strict=True)
    ]
    # What never cost anything needs no colour.
    kept = [each for each in series if any(each.values)]
    look = Look(unit=10_000, note=currency(), wide=True)
    return columns(title, [month_name(month) for month in span], kept, look)


def months_of(rows: Sequence[CostRow]) -> dict[int, Cost]:
    """The costs of a sum by month, by the month's number."""
    return {int(row.key): row.cost for row in rows}


def to_figures(title: str) -> list[tuple[str, str]]:
    """The way to where figures are set, for who may set them."""
    me = who()
    may = me is not None and me.actor.may(Permission.SETTINGS_EDIT)
    return [("/settings/figures", title)] if may else []


def minor(value_minor: int) -> str:
    """An amount in minor units with its sign."""
    return money(value_minor * 100, currency())


def _share(part: int, whole: int) -> str:
    return f"{divide(part * 100, whole)} % of it" if whole > 0 and part > 0 else ""
