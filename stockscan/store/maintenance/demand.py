"""Which parts maintenance will need, of which asset's work and on which day."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.expected import expected_milli
from stockscan.store.assets import Asset
from stockscan.store.maintenance.kit_moves import Moved, moved_of_open
from stockscan.store.maintenance.rows import Job, JobPart, MaintenancePlan, PlanPart
from stockscan.store.maintenance.standing import AT_WORK
from stockscan.store.maintenance.states import Outlook, rules, states

Kits = dict[int, list[tuple[int, int]]]


class Demand(NamedTuple):
    """So much of a part that work on an asset needs on a day: an open job's, or a plan's alone."""

    part_id: int
    day: date
    quantity_milli: int
    asset_id: int
    plan_id: int | None
    job_id: int | None


def demand(
    connection: Connection | Session,
    today: date,
    until: date,
    part_ids: Collection[int] | None = None,
) -> list[Demand]:
    """What open jobs and coming maintenance need up to and with `until`, in the order of days.

    What is overdue is needed today. A quantity is the kit's times its probability, rounded half
    to even, less what the job used already. Only assets in service (or down) need anything. Of
    very many assets ask for `part_ids` alone, or for the sums of a `Forecast` (`forecast.py`).
    """
    found = [*_of_jobs(connection, today, until, part_ids)]
    kits = kits_of_plans(connection, part_ids)
    outlook = Outlook(rules(connection), today, until)
    for state in states(connection, today, plan_ids=kits) if kits else ():
        for due in outlook.dues(state):
            day = max(due.day, today)
            found += [
                Demand(part_id, day, milli, state.asset_id, state.plan_id, None)
                for part_id, milli in kits[state.plan_id]
            ]
    return sorted(found, key=lambda each: (each.day, each.part_id, each.asset_id))


def kits_of_plans(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> Kits:
    """What one job of each plan in use is expected to need, plan by plan."""
    chosen = [] if part_ids is None else [PlanPart.part_id.in_(part_ids)]
    kits: Kits = {}
    for plan_id, part_id, quantity_milli, probability_bp in connection.execute(
        _kit_lines().where(*chosen)
    ):
        milli = expected_milli(quantity_milli, probability_bp)
        if milli:
            kits.setdefault(plan_id, []).append((part_id, milli))
    return kits


def _of_jobs(
    connection: Connection | Session,
    today: date,
    until: date,
    part_ids: Collection[int] | None = None,
) -> Iterator[Demand]:
    """What the open jobs still need."""
    chosen = [] if part_ids is None else [JobPart.part_id.in_(part_ids)]
    moved = moved_of_open(connection, part_ids)
    for row in connection.execute(_job_lines().where(*chosen)):
        day = max(row.due_on or today, today)
        used = moved.get((row.id, row.part_id), Moved()).used_milli
        left = expected_milli(row.quantity_milli, row.probability_bp) - used
        if left > 0 and day <= until:
            yield Demand(row.part_id, day, left, row.asset_id, row.plan_id, row.id)


@cache
def _kit_lines() -> Select[*tuple[Any, ...]]:
    return (
        select(PlanPart.plan_id, PlanPart.part_id, PlanPart.quantity_milli, PlanPart.probability_bp)
        .join(MaintenancePlan, MaintenancePlan.id == PlanPart.plan_id)
        .where(MaintenancePlan.active.is_(True))
        .order_by(PlanPart.plan_id, PlanPart.part_id)
    )


@cache
def _job_lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Job.id,
            Job.asset_id,
            Job.plan_id,
            Job.due_on,
            JobPart.part_id,
            JobPart.quantity_milli,
            JobPart.probability_bp,
        )
        .join(JobPart, JobPart.job_id == Job.id)
        .join(Asset, Asset.id == Job.asset_id)
        .where(Job.state.in_(OPEN), Asset.status.in_(AT_WORK))
        .order_by(Job.due_on, Job.id, JobPart.part_id)
    )
