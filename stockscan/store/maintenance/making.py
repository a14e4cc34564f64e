"""Jobs that plans make: which are wanted, and writing each down once."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN, JobKind
from stockscan.domain.maintenance.due import Due, dues
from stockscan.domain.maintenance.jobs import checklist
from stockscan.store.maintenance.job import next_number
from stockscan.store.maintenance.plans import PlanRow, plans_with
from stockscan.store.maintenance.rows import Job, JobPart, MaintenancePlan, PlanPart
from stockscan.store.maintenance.states import rules, states


class Wanted(NamedTuple):
    """A job that a plan wants on an asset."""

    plan_id: int
    asset_id: int
    due: Due


def wanted(connection: Connection | Session, today: date) -> list[Wanted]:
    """What plans want within their horizons and have no job for, in the order of the due days.

    A plan wants one job of an asset at a time: the next when that is done or cancelled.
    """
    known = rules(connection)
    rows = select(MaintenancePlan.id, MaintenancePlan.horizon_days)
    ends = {
        plan_id: today + timedelta(days=days) for plan_id, days in connection.execute(rows).all()
    }
    found = []
    for state in states(connection, today, without_jobs=True):
        due = next(dues(known[state.plan_id], state.last, state.facts, today), None)
        if due is not None and due.day <= ends[state.plan_id]:
            found.append(Wanted(state.plan_id, state.asset_id, due))
    return sorted(found, key=lambda each: (each.due.day, each.plan_id, each.asset_id))


def make(session: Session, jobs: Sequence[Wanted], new_id: Callable[[], str], now_us: int) -> int:
    """Write down those of these jobs that nobody made meanwhile, with their kits; how many."""
    first = next_number(session)  # whoever makes jobs too waits here
    known = _made_already(session, jobs)
    missing = [
        job
        for job in jobs
        if not {(job.plan_id, job.asset_id, None), (job.plan_id, job.asset_id, job.due.day)} & known
    ]
    if not missing:
        return 0
    plans = plans_with(session, {job.plan_id for job in missing})
    rows = [
        _row(plans[job.plan_id], job, number) | {"uid": new_id(), "created_us": now_us}
        for number, job in enumerate(missing, first)
    ]
    session.execute(insert(Job), rows)
    _make_kits(session, first, first + len(missing))
    return len(missing)


def _made_already(
    session: Session, jobs: Sequence[Wanted]
) -> set[tuple[int | None, int, date | None]]:
    """(plan, asset, None) of each open job, and (plan, asset, day) of each for such a day."""
    # Two lists find more than the pairs are; PostgreSQL plans a list of pairs for half a second.
    rows = session.execute(
        select(Job.plan_id, Job.asset_id, Job.due_on, Job.state).where(
            Job.plan_id.in_({job.plan_id for job in jobs}),
            Job.asset_id.in_({job.asset_id for job in jobs}),
            or_(Job.state.in_(OPEN), Job.due_on >= min(job.due.day for job in jobs)),
        )
    )
    return {
        (plan_id, asset_id, None if state in OPEN else due_on)
        for plan_id, asset_id, due_on, state in rows
    }


def _row(plan: PlanRow, job: Wanted, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "asset_id": job.asset_id,
        "plan_id": job.plan_id,
        "kind": JobKind.PLANNED,
        "title": plan.name,
        "due_on": job.due.day,
        "due_milli": job.due.milli,
        "instructions": plan.instructions,
        "checklist": checklist(plan.steps),
    }


def _make_kits(session: Session, first: int, end: int) -> None:
    """Give the jobs with these numbers the kits of their plans."""
    kit = (
        select(Job.id, PlanPart.part_id, PlanPart.quantity_milli, PlanPart.probability_bp)
        .join(PlanPart, PlanPart.plan_id == Job.plan_id)
        .where(Job.number >= first, Job.number < end)
    )
    columns = ["job_id", "part_id", "quantity_milli", "probability_bp"]
    session.execute(insert(JobPart).from_select(columns, kit))
