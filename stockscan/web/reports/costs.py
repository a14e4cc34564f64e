"""What assets cost: by asset, model, site and month."""

from typing import Any, Final

from stockscan.domain.figures import divide
from stockscan.domain.reports.months import month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports import costs
from stockscan.services.reports.asking import NONE
from stockscan.services.reports.costs import Asked, CostPage
from stockscan.store.reports.costs import CostRow
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, Way, amount
from stockscan.web.security import current_context

_WAYS: Final = {"asset": "Asset", "model": "Model", "site": "Site", "month": "Month"}
_REST: Final = "All others"
_WITHOUT: Final = {"model": "no model", "site": "no place"}
_NOTE: Final = (
    "Parts are what the ledger charged: installs less returns, at the cost they left stock at. "
    "Work and standing still are those of jobs done in these months. An asset counts where it "
    "stands today, also if it is retired by now. Months are those of UTC."
)


@report(
    "costs",
    "Costs",
    "What did each asset, model, site and month cost?",
    group="Costs",
    asks=("by", "model", "site", *TIME),
)
def make(listing: Listing) -> Report:
    """Costs as they were asked for, the dearest first."""
    listing.asked["by"] = listing.asked["by"] or "asset"
    by, model, site = wording.said(listing, "by", "model", "site")
    page = costs.cost_page(current_context(), Asked(by, *wording.span(listing), model, site))
    return Report(
        finding=_finding(page, by),
        listing=listing,
        tiles=wording.tiles_of(page.total, ["#costs" if page.rows else ""] * 4),
        charts=[wording.by_month("By month", wording.months_of(page.by_month), page.months)],
        tables=[_table(page, by, listing)],
        note=_NOTE,
        asks=[*ASKS, Ask("model", "Model", "Name"),
              Ask("site", "Site", options={"": "All", **page.sites, NONE: "No place"})],
        ways=[[Way(name, {"by": key}) for key, name in _WAYS.items()], wording.lengths_now()],
        narrowed=_narrowed(page, model, site),
    )  # fmt: skip


def _finding(page: CostPage, by: str) -> str:
    if not page.total.total_e4:
        return (
            f"Nothing was charged to an asset, {wording.period(page.months)}. Install parts by "
            "scan and finish jobs: their cost shows here."
        )
    whole = amount(page.total.total_e4, whole=True)
    dearest = max(page.rows, key=lambda row: row.cost.total_e4)
    share = divide(dearest.cost.total_e4 * 100, page.total.total_e4)
    told = f"{whole} went into assets, {wording.period(page.months)}."
    if len(page.rows) < 2:
        return told
    return f"{told} The dearest {by} is {_called(dearest, by)}: {share} % of it."


def _table(page: CostPage, by: str, listing: Listing) -> Table:
    items = [*page.rows, CostRow("", _REST, "", 0, page.rest)] if page.rest else page.rows
    middle = [] if by == "asset" else [Col("Assets", Holds.WHOLE, where="desk")]

    def row(each: CostRow) -> list[Any]:
        link = _behind(each, by, listing, page)
        many = [] if by == "asset" else [Cell(each.assets, link)]
        name = Cell(_called(each, by), link, sub=each.more)
        return [name, *many, *wording.cells_of(each.cost, link)]

    columns = [Col(_WAYS[by]), *middle, *wording.COST_COLUMNS]
    note = "in their order" if by == "month" else "dearest first"
    return Table("costs", f"By {by}", columns, items, row, note=note)


def _called(row: CostRow, by: str) -> str:
    if by == "month":
        return month_name(int(row.key))
    return row.name or _WITHOUT.get(by, "")


def _behind(row: CostRow, by: str, listing: Listing, page: CostPage) -> str:
    """Where the rows behind a line are: one asset's own, or the assets that it sums."""
    if not row.key and row.name == _REST:
        return ""
    if by == "asset":
        return wording.costs_of(row.key, page.months)
    if by == "month":
        month = month_text(int(row.key))
        return listing.link(by="asset", **{"from": month, "to": month})
    return listing.link(by="asset", **{by: row.key or NONE})


def _narrowed(page: CostPage, model: str, site: str) -> dict[str, str]:
    said = {"model": model, "site": page.sites.get(site, site)}
    said |= {name: _WITHOUT[name] for name, key in said.items() if key == NONE}
    return {name: text for name, text in said.items() if text}
