"""The end of a job: signed off, with what it cost frozen, or called off."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.figures import MINOR_E4, format_money, format_quantity
from stockscan.domain.maintenance import JobState
from stockscan.domain.maintenance.jobs import labour_minor
from stockscan.domain.operations import Op
from stockscan.services.maintenance.changing import answer, change, held, refuse_closed
from stockscan.services.maintenance.working import counted, noted, run_again, worked_minutes
from stockscan.services.work import Context
from stockscan.store.maintenance import reservations, standstill
from stockscan.store.maintenance.job import JobRow
from stockscan.store.maintenance.kits import kit_lines
from stockscan.store.meters import meters_of
from stockscan.store.settings import load


def finish_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Sign a job off: its minutes and its standstill are priced once and for all.

    Without `minutes` what the clock ran counts. An asset that stands still because of the job runs
    again, unless `runs` is false: then the next job of it may count on from here. What was
    reserved for the job is free again; `left_over` names what was picked and not used.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    values = {**_priced(session, job, op), **_read(session, job)}
    values |= _standstill_over(ctx, session, op, actor, job)
    done_us = op.timing.effective_us
    values |= {"state": JobState.DONE.value, "done_us": done_us, "done_by": actor.person_id}
    after = change(session, op, actor, job, values, reservations.release(session, job.id))
    return {**answer(after), **_costs(after), "left_over": left_over(session, job.id)}


def cancel_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Call a job off: nothing is reserved for it any more, and its asset stands still no longer."""
    actor = require(ctx.actor, Permission.JOB_PLAN)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    values: dict[str, Any] = {"state": JobState.CANCELLED.value, "started_us": None}
    if job.started_us is not None:
        values["minutes"] = worked_minutes(job, op.timing.effective_us)
    reason = op["reason"] or ""
    if reason:
        values["notes"] = "\n".join(text for text in (job.notes, reason) if text)
    note = f"cancelled, {reason or job.title}"
    if job.stands_us is not None:
        values |= run_again(ctx, session, op, actor, job, note)
    after = change(session, op, actor, job, values, reservations.release(session, job.id))
    return {**answer(after), "left_over": left_over(session, job.id)}


def left_over(session: Session, job_id: int) -> list[dict[str, str]]:
    """What lies in the kit of a job: picked and not used."""
    return [
        {
            "part": line.code,
            "part_name": line.name,
            "quantity": format_quantity(line.amounts.lying_milli),
        }
        for line in kit_lines(session, job_id)
        if line.amounts.lying_milli > 0
    ]


def _standstill_over(
    ctx: Context, session: Session, op: Op, actor: Actor, job: JobRow
) -> dict[str, Any]:
    """The columns of a job that counts no standstill any more; its asset's history says why."""
    note = f"signed off, {job.title}"
    if job.stands_us is not None and op["runs"] is not False:
        return run_again(ctx, session, op, actor, job, note)
    values = counted(session, op, job) if job.stands_us is not None else {}
    status = standstill.RUNS if op["runs"] else None
    text = f"{job.name}: {note}"
    standstill.mark(session, op, actor, ctx.now_us, job.asset_id, status, text)
    return values


def _priced(session: Session, job: JobRow, op: Op) -> dict[str, Any]:
    """Minutes, notes and what the work cost by the hour of today."""
    said = noted(job, op)
    minutes = said.get("minutes", worked_minutes(job, op.timing.effective_us)) or 0
    cost = labour_minor(minutes, load(session).labour_hour_minor)
    return {**said, "started_us": None, "minutes": minutes, "labour_minor": cost}


def _read(session: Session, job: JobRow) -> dict[str, Any]:
    """What the meter shows that the plan goes by, or the only one of the asset."""
    meters = meters_of(session, job.asset_id)
    wanted = [each for each in meters if each.name.lower() == (job.plan_meter or "").lower()]
    chosen = wanted or (meters if len(meters) == 1 else [])
    return {"meter_milli": chosen[0].value_milli} if chosen else {}


def _costs(job: JobRow) -> dict[str, Any]:
    return {
        "minutes": job.minutes,
        "labour": format_money((job.labour_minor or 0) * MINOR_E4),
        "downtime": None if job.down_minor is None else format_money(job.down_minor * MINOR_E4),
    }
