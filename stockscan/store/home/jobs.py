"""Jobs as the first page needs them: what is due soon and how ready it is, faults, what is late."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from stockscan.domain.maintenance import OPEN, JobKind, Readiness
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.store.counts.blindness import Blindness
from stockscan.store.maintenance.jobs import Filters, JobLine, Page, jobs
from stockscan.store.maintenance.kits import wants
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.rows import Job, JobPart

# So many jobs are looked at closely, however many are due.
_LOOKED_AT: Final = 60


@dataclass(frozen=True, slots=True)
class Soon:
    """The open jobs that are due by some day, and how ready they are.

    `ready` leaves those out that hold a part which the reader counts blind. `to_pick` says of how
    many parts something is still to be brought into a kit.
    """

    jobs: list[JobLine]
    ready: dict[int, JobReadiness]
    to_pick: dict[int, int]

    @property
    def pickable(self) -> list[JobLine]:
        """Those whose parts are all there and not all in the kit yet."""
        return [job for job in self.jobs if job.id in self.to_pick and self.is_ready(job)]

    @property
    def short(self) -> list[JobLine]:
        """Those that lack a part, whether it is on its way or not."""
        return [job for job in self.jobs if job.id in self.ready and not self.is_ready(job)]

    def is_ready(self, job: JobLine) -> bool:
        """Whether all of a job's parts are there, as far as the reader may know."""
        found = self.ready.get(job.id)
        return found is not None and found.state == Readiness.READY


def soon(connection: Connection, today: date, until: date, blind: Blindness) -> Soon:
    """What is due by `until`, the first due on top."""
    due = _open().where(Job.due_on <= until).order_by(Job.due_on, Job.id)
    ids = set(connection.execute(due.limit(_LOOKED_AT)).scalars())
    if not ids:
        return Soon([], {}, {})
    ready = readiness(connection, today, ids, blind)
    parts = select(JobPart.part_id).distinct().where(JobPart.job_id.in_(ids))
    needed = wants(connection, set(connection.execute(parts).scalars()))
    to_pick = Counter(want.job_id for want in needed if want.certain and want.amounts.to_pick_milli)
    listed = jobs(connection, Filters(ids=ids), Page(limit=_LOOKED_AT))
    return Soon(listed, ready, {job_id: to_pick[job_id] for job_id in ids if to_pick[job_id]})


def nobodys(connection: Connection, until: date, limit: int) -> list[JobLine]:
    """Planned work that is due by `until` and that nobody has been given."""
    free = _open().where(Job.assigned_id.is_(None), Job.kind != JobKind.FAULT, Job.due_on <= until)
    return _listed(connection, free.order_by(Job.due_on, Job.id), limit)


def faults(connection: Connection, limit: int, *, free: bool) -> list[JobLine]:
    """Faults that are not put right; `free` ones, that nobody has been given, alone if asked."""
    reported = _open().where(Job.kind == JobKind.FAULT)
    if free:
        reported = reported.where(Job.assigned_id.is_(None))
    return _listed(connection, reported.order_by(Job.urgent.desc(), Job.id.desc()), limit)


def overdue(connection: Connection, today: date) -> int:
    """How many open jobs should have been done before today."""
    late = select(func.count()).where(Job.state.in_(OPEN), Job.due_on < today)
    return connection.execute(late).scalar_one()


def _open() -> Select[Any]:
    return select(Job.id).where(Job.state.in_(OPEN))


def _listed(connection: Connection, chosen: Select[Any], limit: int) -> list[JobLine]:
    ids = list(connection.execute(chosen.limit(limit)).scalars())
    if not ids:
        return []
    by_id = {job.id: job for job in jobs(connection, Filters(ids=ids), Page(limit=limit))}
    return [by_id[job_id] for job_id in ids if job_id in by_id]
