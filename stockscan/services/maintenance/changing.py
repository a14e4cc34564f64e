"""Changing a job: held while it is changed, each change kept so that it can be taken back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, anywhere, require, to_take_back
from stockscan.domain.errors import NotFound, RuleBroken
from stockscan.domain.maintenance import OPEN, JobState
from stockscan.domain.maintenance.jobs import job_name
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import custody, limits, locks, operations
from stockscan.store.edits import Edit
from stockscan.store.locks import hold_row
from stockscan.store.maintenance import reservations
from stockscan.store.maintenance.job import JobRow, job_id_of, job_row, open_of_plan
from stockscan.store.maintenance.last import remember
from stockscan.store.maintenance.rows import Job

_DAYS: Final = frozenset({"due_on"})
_WORDS: Final = {"done": "signed off", "cancelled": "cancelled"}


def held(session: Session, actor: Actor, reference: str) -> JobRow:
    """The job as it is now, which nobody else changes meanwhile.

    Raises `NotFound` (field "job"), `NotAllowed` where its asset stands outside the actor's places.
    """
    try:
        job_id = job_id_of(session, reference)
    except NotFound as error:
        raise NotFound(error.message, field="job", code="unknown_job") from error
    hold_row(session, Job, job_id)
    job = job_row(session, job_id)
    limits.refuse_outside(session, actor, (job.location_id,))
    return job


def refuse_closed(job: JobRow) -> None:
    """Raise `RuleBroken` (`job_closed`) for a job that nothing is left to do on."""
    if not job.is_open:
        message = f"{job.name} was {_WORDS[job.state]}. Take that back first."
        raise RuleBroken(message, code="job_closed", field="job")


def add(session: Session, op: Op, actor: Actor, values: Mapping[str, Any]) -> JobRow:
    """Write a new, open job; taken back it is cancelled, as if it had never been wanted."""
    row = {"uid": op.id, "operation_id": op.id, "state": JobState.OPEN, **values}
    job_id = session.scalars(insert(Job).values(**row).returning(Job.id)).one()
    wanted = {"state": (JobState.CANCELLED.value, JobState.OPEN.value)}
    # What never was did not stand still either, unless that was changed since.
    stood = {"down_from_us": (None, row.get("down_from_us")), "down_until_us": (None, None)}
    keep(session, op, actor, job_id, {**wanted, **stood})
    return job_row(session, job_id)


def change(
    session: Session,
    op: Op,
    actor: Actor,
    job: JobRow,
    values: Mapping[str, Any],
    beside: Mapping[str, tuple[Any, Any]] | None = None,
) -> JobRow:
    """Set columns of a held job and keep what they were; the job as it is then.

    `beside` is what changed elsewhere with it: see `store.maintenance.reservations`.
    """
    old = asdict(job)
    new = {name: value for name, value in values.items() if old[name] != value}
    if new:
        session.execute(update(Job).where(Job.id == job.id).values(**new))
    if "state" in new and job.plan_id is not None:
        remember(session, job.plan_id, job.asset_id)
    changed = {name: (_plain(old[name]), _plain(value)) for name, value in new.items()}
    keep(session, op, actor, job.id, {**changed, **(beside or {})})
    return job_row(session, job.id)


def keep(
    session: Session,
    op: Op,
    actor: Actor,
    job_id: int,
    changes: Mapping[str, tuple[Any, Any]],
) -> None:
    """Keep who changed what of a job; nothing for no change."""
    if changes:
        row = Edit(
            kind="job",
            thing_id=job_id,
            at_us=op.timing.received_us,
            person_id=actor.person_id,
            operation_id=op.id,
            changes=json.dumps(changes, ensure_ascii=False),
        )
        session.add(row)
        session.flush()


def answer(job: JobRow) -> dict[str, Any]:
    """What every operation about a job answers."""
    return {
        "job": job.name,
        "code": job.name,
        "number": job.number,
        "title": job.title,
        "state": job.state,
        "asset": job.asset_code,
        "asset_tag": job.asset_tag,
        "asset_name": job.asset_name,
        "url": f"/jobs/{job.number}",
    }


def reverse_job(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take back what an operation changed of a job, and of its asset with it.

    None where it changed nothing. Raises `RuleBroken` when the job was changed again since.
    """
    target = operations.recorded(session, target_id)
    actor = require(ctx.actor, to_take_back(target.kind if target else ""))
    if target is None or "job" not in target.result:
        return None
    actor = anywhere(actor) if target.kind == "report_fault" else actor
    job = held(session, actor, target.result["job"])
    if operations.was_reversed(session, target_id, op.id):
        return None
    changes = _changes_of(session, job.id, target_id)
    if changes is None:
        return None
    own = {name: both for name, both in changes.items() if name in Job.__table__.columns}
    _refuse_changed(job, own)
    if not job.is_open and own.get("state", ("",))[0] in OPEN:
        _refuse_followed(session, job)
    beside = {name: both for name, both in changes.items() if name not in own}
    reservations.reserve_again(session, ctx.today, job, beside.get("reserved", ({},))[0])
    custody.take_back(session, op, target_id, actor, ctx.now_us)
    back = {name: _typed(name, both[0]) for name, both in own.items()}
    turned = {name: (both[1], both[0]) for name, both in beside.items()}
    return {"reversed": target_id, **answer(change(session, op, actor, job, back, turned))}


def _changes_of(session: Session, job_id: int, operation_id: str) -> dict[str, Any] | None:
    kept = session.execute(
        select(Edit.changes).where(
            Edit.kind == "job", Edit.thing_id == job_id, Edit.operation_id == operation_id
        )
    ).scalar()
    return None if kept is None else json.loads(kept)


def _refuse_changed(job: JobRow, changes: Mapping[str, Any]) -> None:
    now = asdict(job)
    if any(_plain(now[name]) != after for name, (_, after) in changes.items()):
        message = f"{job.name} was changed since. Look at it, and change it there."
        raise RuleBroken(message, code="changed_since")


def _refuse_followed(session: Session, job: JobRow) -> None:
    """Raise `RuleBroken` (`job_since`) where the plan of a job has its next one open already."""
    locks.hold_job_numbers(session)  # whoever makes jobs of plans waits
    number = open_of_plan(session, job)
    if number is not None:
        name = job_name(number)
        message = f"{name} of this plan was made since. Cancel that one first, or work on it."
        raise RuleBroken(message, code="job_since")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and value else value
