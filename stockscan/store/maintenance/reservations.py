"""What is reserved for jobs: let go when one ends, reserved again, taken by somebody else."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from stockscan.domain.figures import MILLI, format_quantity
from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.jobs import job_name
from stockscan.domain.maintenance.kits import promise, unmet
from stockscan.store import locks
from stockscan.store.maintenance.at_hand import at_hand
from stockscan.store.maintenance.job import JobRow
from stockscan.store.maintenance.kit_moves import Moved, moved_of
from stockscan.store.maintenance.kits import wants
from stockscan.store.maintenance.rows import Job, JobPart

# The warning that somebody else counts on what was taken.
RESERVED: Final = "reserved"


def hold_parts(session: Session, part_ids: Collection[int]) -> None:
    """Nobody moves these parts, or reserves them for another job, meanwhile."""
    locks.share_ledger(session)
    for part_id in sorted(part_ids):
        locks.hold_part(session, part_id)


def promised(
    session: Session, today: date, job: JobRow, part_ids: Collection[int]
) -> dict[int, int]:
    """How much of each part a job may reserve in all.

    Asked behind `hold_parts`, it stays so until the commit.
    """
    queue, there = wants(session, part_ids), at_hand(session, today, part_ids)
    return promise(queue, there, job.id, job.due_on)


def reserve(session: Session, job_id: int, part_id: int, used_milli: int, milli: int) -> None:
    """Reserve so much of a part for a job and no more; 0 lets go of it.

    What was used already is set aside too, so that using more takes from what is reserved.
    """
    values = {"reserved_milli": used_milli + milli if milli else 0}
    of_it = (JobPart.job_id == job_id, JobPart.part_id == part_id)
    session.execute(update(JobPart).where(*of_it).values(values))


def release(session: Session, job_id: int) -> dict[str, tuple[Any, Any]]:
    """Reserve nothing for the job any more; what it was as a change: part ids to thousandths."""
    held = session.execute(
        select(JobPart.part_id, JobPart.reserved_milli).where(
            JobPart.job_id == job_id, JobPart.reserved_milli > 0
        )
    ).all()
    if not held:
        return {}
    session.execute(update(JobPart).where(JobPart.job_id == job_id).values(reserved_milli=0))
    return {"reserved": ({str(row.part_id): row.reserved_milli for row in held}, {})}


def reserve_again(session: Session, today: date, job: JobRow, held: Mapping[str, int]) -> None:
    """Reserve what `release` let go, as far as nobody else holds it by now."""
    if not held:
        return
    before = {int(part_id): milli for part_id, milli in held.items()}
    hold_parts(session, before)
    free, moved = promised(session, today, job, before), moved_of(session, job.id)
    for part_id, milli in before.items():
        used_milli = moved.get(part_id, Moved()).used_milli
        left_milli = min(milli - used_milli, free.get(part_id, 0))
        reserve(session, job.id, part_id, used_milli, max(0, left_milli))


class Reserved:
    """What other jobs hold of a part, looked at before some of it is taken, and after."""

    def __init__(
        self, session: Session, today: date, part_id: int, besides: int | None = None
    ) -> None:
        self._session, self._today, self._part_id = session, today, part_id
        self._others = _reserving(session, part_id, besides)
        self._before = self._lacking()

    def warnings(self, taken_milli: int) -> list[dict[str, str]]:
        """A warning where some of what was taken meanwhile was reserved for others, and for whom.

        What was picked for them counts like that, where they have some of the part reserved.
        """
        now = self._lacking()
        lost = {each: milli - self._before.get(each, 0) for each, milli in now.items()}
        jobs = sorted(each for each, milli in lost.items() if milli > 0)
        if not jobs:
            return []
        milli = min(taken_milli, sum(lost[each] for each in jobs))
        others = " and others" if len(jobs) > 1 else ""
        name = job_name(self._others[jobs[0]])
        message = f"{format_quantity(milli)} of these {_was(milli)} kept for {name}{others}."
        return [{"code": RESERVED, "message": message}]

    def _lacking(self) -> dict[int, int]:
        """Other job to how much of what it holds is not there."""
        if not self._others:
            return {}
        queue = wants(self._session, (self._part_id,))
        found = unmet(queue, at_hand(self._session, self._today, (self._part_id,)))
        return {job_id: milli for job_id, milli in found.items() if job_id in self._others}


def _reserving(session: Session, part_id: int, besides: int | None) -> dict[int, int]:
    """The other open jobs that have some of a part reserved: id to number."""
    query = (
        select(Job.id, Job.number)
        .join(JobPart, JobPart.job_id == Job.id)
        .where(JobPart.part_id == part_id, JobPart.reserved_milli > 0)
        .where(Job.state.in_(OPEN), Job.id != (besides or 0))
    )
    return {row.id: row.number for row in session.execute(query)}


def _was(milli: int) -> str:
    return "was" if milli <= MILLI else "were"
