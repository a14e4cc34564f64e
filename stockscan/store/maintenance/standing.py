"""The rows behind where plans stand: each with its assets, what was done, made and installed."""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from stockscan.domain.ledger import MovementKind
from stockscan.domain.maintenance import OPEN, Basis
from stockscan.domain.maintenance.cycles import Unit
from stockscan.store.assets import Asset
from stockscan.store.days import day_number, local_day
from stockscan.store.db import Big
from stockscan.store.maintenance.rows import Job, MaintenancePlan, PlanAsset
from stockscan.store.stock import Movement

# An asset that stands still for now needs its maintenance all the more.
AT_WORK: Final = ("in_service", "down")

# A cycle's unit has at least so many days.
_DAYS: Final = case(
    {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28, Unit.YEAR: 365},
    value=MaintenancePlan.unit,
    else_=1,
)

Query = Select[*tuple[Any, ...]]


@cache
def one_by_one() -> Query:
    """Each plan in use on each of its assets."""
    pairs, made, newest = pairs_in_use(), made_jobs(), installed()
    same = and_(PlanAsset.plan_id == pairs.c.plan_id, PlanAsset.asset_id == pairs.c.asset_id)
    open_job = and_(made.c.plan_id == pairs.c.plan_id, made.c.asset_id == pairs.c.asset_id)
    on_it = and_(newest.c.part_id == pairs.c.part_id, newest.c.asset_id == pairs.c.asset_id)
    return (
        select(
            pairs.c.plan_id,
            pairs.c.asset_id,
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
def alike() -> Query:
    """Each plan in use, but by meter, on its assets without an open job: what may be due up to
    the day `until`, with assets on which it stands alike as one row.

    Days count from 1970. What no due day follows from is left out: most assets are alike then.
    """
    plan, last, newest = MaintenancePlan, PlanAsset, installed()
    done, was_due = day_number(last.done_on), day_number(last.was_due_on)
    had = func.coalesce(newest.c.installed, day_number(Asset.purchase_date))
    is_age = plan.basis == Basis.AGE
    begun = case((is_age, _later(had, done)), (plan.counts_from == "done", done))
    each = (
        _on_assets(
            plan.id.label("plan_id"),
            Asset.id.label("asset_id"),
            Asset.model_id,
            Asset.category,
            begun.label("begun"),
            case((begun.is_(None), _later(was_due, done)), else_=was_due).label("settled"),
            (cast(plan.every, Big) * _DAYS).label("cycle"),
        )
        .outerjoin(
            newest,
            and_(is_age, newest.c.part_id == plan.part_id, newest.c.asset_id == Asset.id),
        )
        # By a column that is joined on, PostgreSQL sees an anti join and how much it leaves.
        .where(plan.basis != Basis.METER, made_jobs().c.plan_id.is_(None))
        .subquery("each")
    ).c
    unsettled = or_(each.begun.is_(None), each.settled > each.begun)
    keys = (
        each.plan_id,
        each.model_id,
        each.category,
        each.begun,
        case((unsettled, each.settled)).label("unsettled"),
    )
    until = bindparam("until", type_=Big)
    may_be_due = or_(each.begun.is_(None), each.begun + each.cycle <= until)
    return select(*keys, func.min(each.asset_id), func.count()).where(may_be_due).group_by(*keys)


@cache
def by_meter() -> Query:
    """Each plan in use by a meter on each of its assets, with an open job or without."""
    plan, last, made = MaintenancePlan, PlanAsset, made_jobs().c
    return _on_assets(
        plan.id,
        Asset.id,
        Asset.model_id,
        Asset.category,
        func.lower(plan.meter),
        last.done_on,
        last.done_milli,
        last.was_due_on,
        last.was_due_milli,
        made.pending,
        made.pending_on,
        made.pending_milli,
    ).where(plan.basis == Basis.METER)


@cache
def alike_with_jobs() -> Query:
    """Each plan in use, but by meter, on its assets with an open job: as many of each day."""
    plan, made = MaintenancePlan, made_jobs()
    keys = (plan.id, Asset.model_id, Asset.category, made.c.pending_on)
    return (
        select(*keys, func.min(Asset.id), func.count())
        .select_from(made)
        .join(plan, plan.id == made.c.plan_id)
        .join(Asset, Asset.id == made.c.asset_id)
        .where(*_at_work(), plan.basis != Basis.METER)
        .where(or_(Asset.model_id == plan.model_id, Asset.id == plan.asset_id))
        .group_by(*keys)
    )


def _on_assets(*columns: Any) -> Query:
    """These columns of each plan in use, its assets at work, what was done and made on them."""
    plan, last, made = MaintenancePlan, PlanAsset, made_jobs()
    return (
        select(*columns)
        .select_from(plan)
        .join(Asset, or_(Asset.model_id == plan.model_id, Asset.id == plan.asset_id))
        .outerjoin(last, and_(last.plan_id == plan.id, last.asset_id == Asset.id))
        .outerjoin(made, and_(made.c.plan_id == plan.id, made.c.asset_id == Asset.id))
        .where(*_at_work())
    )


def _later(one: Any, other: Any) -> Any:
    """The later of two days, of which each may be unknown."""
    return case((or_(other.is_(None), one > other), one), else_=other)


def _at_work() -> tuple[ColumnElement[bool], ...]:
    return MaintenancePlan.active.is_(True), Asset.status.in_(AT_WORK)


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
    return union_all(
        select(*columns).join(Asset, Asset.model_id == plan.model_id).where(*_at_work()),
        select(*columns).join(Asset, Asset.id == plan.asset_id).where(*_at_work()),
    ).subquery("pair")


@cache
def made_jobs() -> Subquery:
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
