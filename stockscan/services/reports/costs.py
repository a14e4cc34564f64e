"""What assets cost: by asset, model, site and month, and one asset down to its rows."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.depreciation import Plan
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MINOR_E4
from stockscan.domain.reports.months import Months
from stockscan.domain.reports.peers import Compared
from stockscan.services.reports.asking import months_asked, narrowed_to
from stockscan.services.reports.peers import compared_one
from stockscan.services.work import Context
from stockscan.store.catalogue import assets as catalogue
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.reports import behind, costs
from stockscan.store.reports.behind import JobRow, PartRow
from stockscan.store.reports.costs import WAYS, Cost, CostRow
from stockscan.store.scanning import asset_called
from stockscan.store.snapshot import snapshot

# More lines than this are left to the export of movements.
MOST_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """How costs are summed, and of which months ("2026-11"), model (name) and site (code)."""

    by: str = "asset"
    from_month: str = ""
    to_month: str = ""
    model: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class CostPage:
    """The costs of some months: in all, by what was asked for, and by month for the chart."""

    months: Months
    total: Cost
    rows: list[CostRow]
    by_month: list[CostRow]
    sites: dict[str, str]

    @property
    def rest(self) -> Cost:
        """What the lines that are not listed cost together; nothing where all are."""
        return self.total - sum((row.cost for row in self.rows), Cost())


@dataclass(frozen=True, slots=True)
class AssetCosts:
    """What one asset cost in some months, with the rows behind it and the others of its model.

    The book value is None where it is unknown.
    """

    asset: AssetRow
    months: Months
    cost: Cost
    by_month: dict[int, Cost]
    parts: list[PartRow]
    jobs: list[JobRow]
    book_value_e4: int | None
    peers: Compared | None
    peer_count: int


def cost_page(ctx: Context, asked: Asked) -> CostPage:
    """The costs that were asked for. Raises `Invalid` and `NotFound` that name the field."""
    require(ctx.actor, Permission.READ)
    if asked.by not in WAYS:
        raise Invalid(f"Choose one of {', '.join(WAYS)}.", field="by")
    months = months_asked(ctx, asked.from_month, asked.to_month)
    with snapshot() as connection:
        narrowed = narrowed_to(connection, asked.model, asked.site)
        by_month = costs.by(connection, "month", months, narrowed, MOST_ROWS)
        return CostPage(
            months=months,
            total=sum((row.cost for row in by_month), Cost()),
            rows=by_month
            if asked.by == "month"
            else costs.by(connection, asked.by, months, narrowed, MOST_ROWS),
            by_month=by_month,
            sites=dict(costs.every_site(connection)),
        )


def asset_costs(
    ctx: Context, reference: str, from_month: str = "", to_month: str = ""
) -> AssetCosts:
    """What one asset cost. Raises `NotFound`, and `Invalid` for what is no month."""
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        row = catalogue.asset(connection, asset_called(connection, reference))
        by_month = costs.months_of_asset(connection, row.id, months)
        peers, others = compared_one(connection, row.id, row.model_id, months)
        return AssetCosts(
            asset=row,
            months=months,
            cost=sum(by_month.values(), Cost()),
            by_month=by_month,
            parts=behind.parts_of(connection, row.id, months, MOST_ROWS),
            jobs=behind.jobs_of(connection, row.id, months, MOST_ROWS),
            book_value_e4=book_value_e4(row, ctx),
            peers=peers,
            peer_count=others,
        )


def book_value_e4(row: AssetRow, ctx: Context) -> int | None:
    """What an asset is worth on paper today; None where unknown or where it was disposed of."""
    if row.purchase_cost_minor is None or row.purchase_date is None or not row.life_months:
        return None
    if row.status == "disposed":
        return None
    plan = Plan(row.purchase_cost_minor, row.salvage_minor, row.life_months, row.purchase_date)
    return plan.value_minor(ctx.today) * MINOR_E4
