"""Work on a job: its clock started and stopped, its checklist ticked, what was found noted."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.maintenance import JobState
from stockscan.domain.maintenance.jobs import (
    decoded,
    down_minor,
    encoded,
    minutes_between,
)
from stockscan.domain.operations import Op
from stockscan.services.maintenance.changing import answer, change, held, refuse_closed
from stockscan.services.work import Context
from stockscan.store.maintenance import standstill
from stockscan.store.maintenance.charging import refuse_gone
from stockscan.store.maintenance.job import JobRow


def start_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Start the clock of a job; it is the actor's unless it was somebody's already.

    An asset that its plan stops is down from now on. A clock that runs goes on running.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    refuse_gone(job)
    if job.started_us is not None:
        return answer(job)
    values = {
        "state": JobState.STARTED.value,
        "started_us": op.timing.effective_us,
        "assigned_id": job.assigned_id or actor.person_id,
    }
    if job.stops_asset and job.down_from_us is None:
        values |= _stand_still(ctx, session, op, actor, job, "")
    return answer(change(session, op, actor, job, values))


def pause_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Stop the clock of a job; what it ran is added to its minutes."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    if job.started_us is None:
        return answer(job)
    values = {"started_us": None, "minutes": worked_minutes(job, op.timing.effective_us)}
    return answer(change(session, op, actor, job, values))


def worked_minutes(job: JobRow, at_us: int) -> int | None:
    """The minutes of a job by now: what was noted and what its clock runs; None for no work yet."""
    if job.started_us is None:
        return None if job.minutes is None else int(job.minutes)
    return (job.minutes or 0) + minutes_between(job.started_us, at_us)


def tick_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Tick a line of the checklist, or (`done` false) take the tick away."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    ticks, line = decoded(job.checklist), op["line"]
    if line >= len(ticks):
        raise Invalid(f"{job.name} has {len(ticks)} lines.", field="line")
    done = op["done"] is not False
    if done != ticks[line].is_done:
        by, at_us = (actor.name, op.timing.effective_us) if done else ("", 0)
        ticks[line] = replace(ticks[line], by=by, at_us=at_us)
    after = change(session, op, actor, job, {"checklist": encoded(ticks)})
    return {**answer(after), "ticked": sum(tick.is_done for tick in ticks), "lines": len(ticks)}


def log_work(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Note the minutes worked, why it failed and what was found; only what is given changes.

    Minutes that are noted count from then on, also where the clock runs.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    return answer(change(session, op, actor, job, noted(job, op)))


def noted(job: JobRow, op: Op) -> dict[str, Any]:
    """The columns that the operation's own notes set; "" empties."""
    values = {name: op.fields[name] for name in ("cause", "notes") if name in op.fields}
    if "minutes" in op.fields:
        minutes = op.fields["minutes"]
        values["minutes"] = None if minutes == "" else minutes
        if job.started_us is not None:
            values["started_us"] = op.timing.effective_us
    return values


def set_running(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say that the asset of a job stands still because of it, or that it runs again.

    Its history shows both. Raises `RuleBroken` where the job says so already, and for a second
    standstill of one job.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    note = op["note"] or ""
    if op["runs"]:
        values = run_again(ctx, session, op, actor, job, note)
    else:
        refuse_closed(job)
        _refuse_standing(job)
        values = _stand_still(ctx, session, op, actor, job, note)
        if not values:
            message = f"Another job of {job.asset_name} says already that it stands still."
            raise RuleBroken(message, code="stands_already")
    return {**answer(change(session, op, actor, job, values)), "runs": op["runs"]}


def run_again(
    ctx: Context, session: Session, op: Op, actor: Actor, job: JobRow, note: str
) -> dict[str, Any]:
    """The columns of a job whose asset runs again; its history says so too."""
    values = counted(session, op, job)
    text = f"{job.name}: {note or 'runs again'}"
    standstill.mark(session, op, actor, ctx.now_us, job.asset_id, standstill.RUNS, text)
    return values


def counted(session: Session, op: Op, job: JobRow) -> dict[str, Any]:
    """The columns of a job that counts its standstill no longer, with what that cost."""
    if job.down_from_us is None or job.stands_us is None:
        message = f"{job.asset_name} runs already, as far as {job.name} knows."
        raise RuleBroken(message, code="runs_already")
    until_us = standstill.ended_us(session, job, op.timing.effective_us)
    cost = job.hour_minor
    return {
        "down_until_us": until_us,
        "down_minor": None if cost is None else down_minor(job.down_from_us, until_us, cost),
    }


def _stand_still(
    ctx: Context, session: Session, op: Op, actor: Actor, job: JobRow, note: str
) -> dict[str, Any]:
    """The columns of a job that counts from now on; none while another job of its asset does."""
    since_us = standstill.began_us(session, job.asset_id, op.timing.effective_us)
    if since_us is None:
        return {}
    text = f"{job.name}: {note or 'stands still'}"
    standstill.mark(session, op, actor, ctx.now_us, job.asset_id, standstill.DOWN, text)
    return {"down_from_us": since_us}


def _refuse_standing(job: JobRow) -> None:
    if job.down_from_us is not None:
        word = "stands still" if job.down_until_us is None else "stood still and runs again"
        message = f"{job.name} says that it {word}. Report a fault for the next time."
        raise RuleBroken(message, code="stands_already")
