"""What the pages about plans show: the list, one with its next days, those of one machine."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.services.maintenance.plans import plan_texts
from stockscan.services.work import Context, reading
from stockscan.store import edits
from stockscan.store.catalogue import assets
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.maintenance import plans as store
from stockscan.store.maintenance.plans import KitPart, PlanLine, PlanRow
from stockscan.store.maintenance.upcoming import OfPlan, Upcoming, upcoming, upcoming_on
from stockscan.store.scanning import asset_called

# As many assets of a plan as its page shows, those first that are due first.
SHOWN: Final = 50
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class PlanList:
    """A page of plans; `after` is where the next page begins, 0 at the end."""

    lines: list[PlanLine]
    after: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything on one plan's page: its kit, and when it is due next on its assets."""

    plan: PlanRow
    kit: list[KitPart]
    upcoming: Upcoming


@dataclass(frozen=True, slots=True)
class AssetPlans:
    """The plans that an asset is under, what is due first on top."""

    asset: AssetRow
    plans: list[OfPlan]


def plan_list(ctx: Context, text: str = "", after: int = 0) -> PlanList:
    """Plans in the order of their making, those alone that the text fits."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        lines = store.plans(connection, text=text, after=after, limit=PAGE + 1)
    more = len(lines) > PAGE
    return PlanList(lines[:PAGE], lines[PAGE - 1].plan.id if more else 0)


def plan_page(ctx: Context, uid: str) -> PlanPage:
    """One plan. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        plan_id = store.plan_id_of(connection, uid)
        return PlanPage(
            plan=store.plan(connection, plan_id),
            kit=store.kit_of(connection, plan_id),
            upcoming=upcoming(connection, plan_id, ctx.today, SHOWN),
        )


def editable_plan(ctx: Context, uid: str) -> tuple[PlanRow, dict[str, str], int]:
    """A plan, what people may change of it as they read it, and the version that this is."""
    require(ctx.actor, Permission.PLAN_EDIT)
    with reading() as connection:
        plan = store.plan(connection, store.plan_id_of(connection, uid))
        return plan, plan_texts(plan), edits.version(connection, edits.Thing("plan", plan.id))


def asset_plans(ctx: Context, reference: str) -> AssetPlans:
    """What comes on one asset, and when. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        asset_id = asset_called(connection, reference)
        coming = upcoming_on(connection, asset_id, ctx.today)
        return AssetPlans(assets.asset(connection, asset_id), coming)
