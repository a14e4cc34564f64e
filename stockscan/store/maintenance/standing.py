"""The rows behind where plans stand: each with its assets, what was done, made and installed."""

from functools import cache
from typing import Any, Final

from sqlalchemy import Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from stockscan.domain.ledger import MovementKind
from stockscan.domain.maintenance import OPEN, Basis
from stockscan.store.assets import Asset
from stockscan.store.days import local_day
from stockscan.store.maintenance.rows import Job, MaintenancePlan, PlanAsset
from stockscan.store.stock import Movement

# An asset that stands still for now needs its maintenance all the more.
AT_WORK: Final = ("in_service", "down")

Query = Select[*tuple[Any, ...]]


@cache
def one_by_one() -> Query:
    """Each plan in use on each of its assets."""
    return _standing(pairs_in_use().c.asset_id)


@cache
def alike() -> Query:
    """The same, with assets alike as one; meters run differently on each.

    Left out is what no due day follows from: most assets are alike then.
    """
    pairs = pairs_in_use()
    alone = case((pairs.c.basis == Basis.METER, pairs.c.asset_id), else_=0)
    each = _standing(alone).subquery()
    by_meter, free = each.c.basis == Basis.METER, each.c.pending.is_(None)
    unsettled = or_(each.c.done_on.is_(None), each.c.was_due_on > each.c.done_on)
    matters = {
        "bought_on": and_(free, each.c.installed.is_(None)),
        "installed": free,
        "done_on": or_(by_meter, free),
        "done_milli": by_meter,
        "was_due_on": or_(by_meter, and_(free, unsettled)),
        "was_due_milli": by_meter,
    }
    columns = [
        case((matters[column.name], column)).label(column.name)
        if column.name in matters
        else column
        for column in each.c
    ]
    told = select(*columns).subquery()
    return select(*told.c, func.count().label("assets")).group_by(*told.c)


def _standing(asset_id: Any) -> Query:
    pairs, made, newest = pairs_in_use(), _made(), installed()
    same = and_(PlanAsset.plan_id == pairs.c.plan_id, PlanAsset.asset_id == pairs.c.asset_id)
    open_job = and_(made.c.plan_id == pairs.c.plan_id, made.c.asset_id == pairs.c.asset_id)
    on_it = and_(newest.c.part_id == pairs.c.part_id, newest.c.asset_id == pairs.c.asset_id)
    return (
        select(
            pairs.c.plan_id,
            asset_id.label("asset_id"),
            pairs.c.basis,
            pairs.c.meter,
            pairs.c.bought_on,
            PlanAsset.done_on,
            PlanAsset.done_milli,
            PlanAsset.was_due_on,
            PlanAsset.was_due_milli,
            made.c.pending,
            made.c.pending_on,
            made.c.pending_milli,
            newest.c.installed,
        )
        .select_from(pairs)
        .outerjoin(PlanAsset, same)
        .outerjoin(made, open_job)
        .outerjoin(newest, on_it)
    )


@cache
def pairs_in_use() -> Subquery:
    """Each plan in use with each of its assets that is at work."""
    plan = MaintenancePlan
    is_age = plan.basis == Basis.AGE
    columns = (
        plan.id.label("plan_id"),
        plan.basis.label("basis"),
        func.lower(plan.meter).label("meter"),
        case((is_age, plan.part_id)).label("part_id"),
        Asset.id.label("asset_id"),
        case((is_age, Asset.purchase_date)).label("bought_on"),
    )
    at_work = (plan.active.is_(True), Asset.status.in_(AT_WORK))
    return union_all(
        select(*columns).join(Asset, Asset.model_id == plan.model_id).where(*at_work),
        select(*columns).join(Asset, Asset.id == plan.asset_id).where(*at_work),
    ).subquery("pair")


@cache
def _made() -> Subquery:
    """The jobs that plans made and that are not done."""
    return (
        select(
            Job.plan_id,
            Job.asset_id,
            literal(1).label("pending"),
            func.max(Job.due_on).label("pending_on"),
            func.max(Job.due_milli).label("pending_milli"),
        )
        .where(Job.plan_id.is_not(None), Job.state.in_(OPEN))
        .group_by(Job.plan_id, Job.asset_id)
        .subquery("made")
    )


@cache
def installed() -> Subquery:
    """On which day a part that a plan goes by was last put on an asset and not returned."""
    undone, back, kept = aliased(Movement), aliased(Movement), aliased(Movement)
    is_undone = select(undone.seq).where(undone.reverses_seq == Movement.seq).exists()
    is_kept = select(kept.seq).where(kept.reverses_seq == back.seq).exists()
    returned = (
        select(func.coalesce(func.sum(back.quantity_milli), 0))
        .where(
            back.asset_id == Movement.asset_id,
            back.returns_seq == Movement.seq,
            back.kind == MovementKind.RETURN_FROM_ASSET,
            ~is_kept,
        )
        .scalar_subquery()
    )
    wanted = select(MaintenancePlan.part_id).where(
        MaintenancePlan.active.is_(True), MaintenancePlan.basis == Basis.AGE
    )
    newest = func.max(Movement.effective_us)
    return (
        select(Movement.part_id, Movement.asset_id, local_day(newest).label("installed"))
        .where(
            Movement.part_id.in_(wanted),
            Movement.kind == MovementKind.INSTALL,
            ~is_undone,
            returned < -Movement.quantity_milli,
        )
        .group_by(Movement.part_id, Movement.asset_id)
        .subquery("installed")
    )
