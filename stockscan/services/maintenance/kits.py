"""What a job needs: parts on its kit and off it, and stock that is reserved for it."""

from typing import Any

from sqlalchemy import Row, case, delete, insert, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_quantity
from stockscan.domain.maintenance.kits import CERTAIN_BP
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods, limits, locks, picking
from stockscan.store.maintenance import reservations
from stockscan.store.maintenance.charging import held_open
from stockscan.store.maintenance.job import JobRow
from stockscan.store.maintenance.kits import KitLine, kit_lines
from stockscan.store.maintenance.rows import JobPart


def reserve_kit(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Reserve for a job what there is of its kit, or of one part of it, up to what is left to use.

    Never what another job holds, nor what expires before the job is due. What was reserved before
    is not more in the end than that. Raises `RuleBroken` (`not_in_kit`) for a part that the job
    does not need.
    """
    actor = require(ctx.actor, Permission.JOB_PLAN)
    job, lines = _lines(session, op, actor)
    parts = {line.part_id for line in lines}
    reservations.hold_parts(session, parts)
    # Behind the locks: somebody may have used some, or reserved some, meanwhile.
    lines = [line for line in kit_lines(session, job.id) if line.on_list and line.part_id in parts]
    free = reservations.promised(session, ctx.today, job, parts)
    for line in lines:
        left = line.amounts.left_milli
        wanted = min(left, left if op["quantity"] is None else op["quantity"])
        _reserve(session, job, line, min(wanted, free.get(line.part_id, 0)))
    return {"job": job.name}


def release_kit(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Reserve nothing for a job any more, or nothing of one part. What lies in its kit stays."""
    actor = require(ctx.actor, Permission.JOB_PLAN)
    job, lines = _lines(session, op, actor)
    for line in lines:
        _reserve(session, job, line, 0)
    return {"job": job.name}


def set_job_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part on a job's kit, or change how much of it the job needs; in which share of such
    jobs, in percent, stays as it was unless it is said. What it needs no longer is not reserved."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    job, part = _job(session, op, actor), goods.part_row(session, op)
    values: dict[str, Any] = {"quantity_milli": picking.quantity(op, part)}
    if op["probability"] is not None:
        values["probability_bp"] = op["probability"] * (CERTAIN_BP // 100)
    locks.share_ledger(session)
    locks.hold_part(session, part.id)
    needed = values["quantity_milli"]
    set_aside = case((JobPart.reserved_milli > needed, needed), else_=JobPart.reserved_milli)
    changed = update(JobPart).where(*_of(job, part.id)).values(**values, reserved_milli=set_aside)
    done: Any = session.execute(changed)
    if done.rowcount == 0:
        session.execute(insert(JobPart).values(job_id=job.id, part_id=part.id, **values))
    return _answer(job, part, needed)


def remove_job_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a part off a job's kit; what was used of it stays on the job."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    job, part = _job(session, op, actor), goods.part_row(session, op)
    session.execute(delete(JobPart).where(*_of(job, part.id)))
    return _answer(job, part, 0)


def _job(session: Session, op: Op, actor: Actor) -> JobRow:
    """The open job that the operation names, held, where the actor may change things."""
    job = held_open(session, op["job"])
    limits.refuse_outside(session, actor, (job.location_id,))
    return job


def _lines(session: Session, op: Op, actor: Actor) -> tuple[JobRow, list[KitLine]]:
    """The job, and the lines of its kit that the operation is about."""
    job = _job(session, op, actor)
    lines = [line for line in kit_lines(session, job.id) if line.on_list and line.stocked]
    if not op["part"]:
        return job, lines
    part = goods.part_row(session, op)
    lines = [line for line in lines if line.part_id == part.id]
    if not lines:
        message = f"{job.name} does not need {part.name} from stock. Add it to its kit first."
        raise RuleBroken(message, code="not_in_kit", field="part")
    return job, lines


def _reserve(session: Session, job: JobRow, line: KitLine, milli: int) -> None:
    reservations.reserve(session, job.id, line.part_id, line.amounts.used_milli, milli)


def _of(job: JobRow, part_id: int) -> tuple[Any, Any]:
    return JobPart.job_id == job.id, JobPart.part_id == part_id


def _answer(job: JobRow, part: Row[Any], quantity_milli: int) -> dict[str, Any]:
    return {
        "job": job.name,
        "part": part.code,
        "part_name": part.name,
        "unit": part.unit,
        "needed": format_quantity(quantity_milli),
    }
