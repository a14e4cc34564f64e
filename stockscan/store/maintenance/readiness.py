"""Whether the parts of open jobs are there: from the stock, the other jobs and what is ordered."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN, Readiness
from stockscan.domain.maintenance.kits import Arrival, JobReadiness, Missing, judge
from stockscan.domain.purchasing import RequisitionState
from stockscan.store.counts.blindness import SEEING, Blindness, hidden_parts
from stockscan.store.maintenance.at_hand import at_hand
from stockscan.store.maintenance.kits import wants
from stockscan.store.maintenance.rows import Job, JobPart
from stockscan.store.purchasing.coming import coming

__all__ = ["JobReadiness", "Missing", "readiness"]


def readiness(
    connection: Connection | Session,
    today: date,
    job_ids: Collection[int] | None = None,
    blind: Blindness = SEEING,
) -> dict[int, JobReadiness]:
    """How ready each open job is, of these alone if given; a job that needs no part is ready.

    Jobs that are not open are left out, and those with a part of which something is hidden. What
    is held for a job counts for it first, the rest goes by the day it is due, and what expires
    before that day is no use; what is ordered is on its way, what is only asked for is not.
    """
    jobs = _open_jobs(connection, job_ids)
    parts = None if job_ids is None else _parts_of(connection, jobs)
    found: Mapping[int, JobReadiness] = {}
    if parts is None or parts:
        queue = wants(connection, parts)
        found = judge(queue, at_hand(connection, today, parts), arrivals(connection, parts))
        hidden = hidden_parts(connection, blind, {want.part_id for want in queue})
        jobs -= {want.job_id for want in queue if want.part_id in hidden}
    return {job_id: found.get(job_id, JobReadiness(Readiness.READY)) for job_id in sorted(jobs)}


def arrivals(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> list[Arrival]:
    """What is ordered and has not come yet; of these parts alone if given."""
    return [
        Arrival(line.part_id, line.left_milli, line.expected_on)
        for line in coming(connection)
        if line.state == RequisitionState.ORDERED and (part_ids is None or line.part_id in part_ids)
    ]


def _open_jobs(connection: Connection | Session, job_ids: Collection[int] | None) -> set[int]:
    query = select(Job.id).where(Job.state.in_(OPEN))
    if job_ids is not None:
        query = query.where(Job.id.in_(job_ids))
    return set(connection.execute(query).scalars())


def _parts_of(connection: Connection | Session, job_ids: Collection[int]) -> set[int]:
    query = select(JobPart.part_id).distinct().where(JobPart.job_id.in_(job_ids))
    return set(connection.execute(query).scalars())
