"""The job that goods are picked for or charged to, as an operation names it."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.errors import NeedsAttention, NotFound, RuleBroken
from stockscan.domain.maintenance import JobState
from stockscan.domain.operations import Op
from stockscan.store.locks import hold_row
from stockscan.store.maintenance.job import JobRow, job_called, job_id_of, job_row
from stockscan.store.maintenance.rows import Job
from stockscan.store.maintenance.standing import AT_WORK


def charged_job(session: Session, op: Op, asset: Row[Any]) -> JobRow | None:
    """The job that the operation names in `work`; None where it names none.

    Raises `NotFound` for one that nobody knows (`NeedsAttention` for what was captured offline:
    the part is in the machine), `RuleBroken` for a job on another asset.
    """
    if not op["work"]:
        return None
    try:
        job = job_called(session, op["work"])
    except NotFound as error:
        if op.queued:
            raise NeedsAttention(error.message, code=error.code, field="work") from error
        raise
    if job.asset_id != asset.id:
        message = f"{job.name} is not on {asset.name} {asset.tag}. Scan its own asset instead."
        raise RuleBroken(message, code="work_elsewhere", field="work")
    return job


def held_open(session: Session, reference: str) -> JobRow:
    """The open job with this name, which nobody else changes or ends meanwhile.

    Raises `NotFound` (field "work"), `RuleBroken` when nothing is left to do on it (`work_closed`)
    and when its machine is gone (`asset_retired`).
    """
    job_id = job_id_of(session, reference)
    hold_row(session, Job, job_id)
    job = job_row(session, job_id)
    if not job.is_open:
        ended = "done" if job.state == JobState.DONE else "cancelled"
        message = f"{job.name} is {ended}, so it needs no parts. Take that back first."
        raise RuleBroken(message, code="work_closed", field="work")
    refuse_gone(job)
    return job


def refuse_gone(job: JobRow) -> None:
    """Raise `RuleBroken` (`asset_retired`) for a job whose machine is not in use any more."""
    if job.asset_status not in AT_WORK:
        message = f"{job.asset_name} {job.asset_tag} is not in use any more. Cancel {job.name}."
        raise RuleBroken(message, code="asset_retired")
