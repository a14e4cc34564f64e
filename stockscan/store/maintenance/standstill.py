"""How long an asset stands still for a job: as its history says, and no hour for two jobs.

Of the jobs of an asset one counts at a time. Where a job is told late, what another one counted
already is left out, so that the stretches of two jobs never overlap.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor
from stockscan.domain.maintenance import OPEN
from stockscan.domain.operations import Op
from stockscan.store import custody
from stockscan.store.assets import AssetEvent
from stockscan.store.maintenance.job import JobRow
from stockscan.store.maintenance.rows import Job
from stockscan.store.standing import TAKEN_BACK

DOWN, RUNS = "down", "in_service"


def mark(
    session: Session,
    op: Op,
    actor: Actor,
    now_us: int,
    asset_id: int,
    status: str | None,
    note: str,
) -> None:
    """Write into an asset's history what a job did: the status that it gave it, else a remark.

    None for `status` leaves it as it is; what was retired stays so. Raises `NotAllowed` where the
    asset stands outside the actor's places.
    """
    now = custody.lock(session, asset_id)
    if status is None or status == now or now not in {DOWN, RUNS}:
        custody.append(session, op, "note", asset_id, actor, now_us, note=note)
    else:
        custody.append(session, op, "status", asset_id, actor, now_us, to_status=status, note=note)


def began_us(session: Session, asset_id: int, at_us: int) -> int | None:
    """From when a job counts a standstill that is told at an instant; None while another one does.

    An asset that is down already stands still since it stopped. It stays locked.
    """
    is_down = custody.lock(session, asset_id) == DOWN
    if _is_counted(session, asset_id):
        return None
    stopped_us = _stopped_us(session, asset_id) if is_down else None
    start_us = at_us if stopped_us is None else min(at_us, stopped_us)
    counted = select(func.max(Job.down_until_us)).where(
        Job.asset_id == asset_id, Job.down_from_us <= at_us, Job.down_until_us > start_us
    )
    return max(start_us, session.scalar(counted) or 0)


def ended_us(session: Session, job: JobRow, at_us: int) -> int:
    """Until when a job counts the standstill that began for it, told at an instant to be over.

    Where somebody put the asset back in service before, or another job counts from then, it ended
    then. The asset stays locked.
    """
    custody.lock(session, job.asset_id)
    from_us = job.down_from_us or 0
    others = select(func.min(Job.down_from_us)).where(
        Job.asset_id == job.asset_id, Job.id != job.id, Job.down_from_us >= from_us
    )
    ends = (at_us, _ran_again_us(session, job.asset_id, from_us), session.scalar(others))
    return max(from_us, min(end for end in ends if end is not None))


def _is_counted(session: Session, asset_id: int) -> bool:
    """Whether an open job counts a standstill that is not over by the asset's history."""
    ran = _held(asset_id).where(
        AssetEvent.effective_us >= Job.down_from_us, AssetEvent.to_status != DOWN
    )
    counts = select(Job.id).where(
        Job.asset_id == asset_id,
        Job.state.in_(OPEN),
        Job.down_from_us.is_not(None),
        Job.down_until_us.is_(None),
        ~ran.correlate(Job).exists(),
    )
    return session.execute(counts.limit(1)).first() is not None


def _stopped_us(session: Session, asset_id: int) -> int | None:
    """Since when an asset that is down is so; None where its history does not say."""
    newest = AssetEvent.effective_us.desc(), AssetEvent.seq.desc()
    row = session.execute(_held(asset_id).order_by(*newest).limit(1)).first()
    return row.effective_us if row is not None and row.to_status == DOWN else None


def _ran_again_us(session: Session, asset_id: int, from_us: int) -> int | None:
    """When the asset was first said to run again after an instant; None for not yet."""
    runs = AssetEvent.effective_us >= from_us, AssetEvent.to_status != DOWN
    first = _held(asset_id).where(*runs).order_by(AssetEvent.effective_us, AssetEvent.seq).limit(1)
    row = session.execute(first).first()
    return None if row is None else int(row.effective_us)


def _held(asset_id: int) -> Any:
    """The statuses of an asset that were not taken back."""
    return select(AssetEvent.effective_us, AssetEvent.to_status).where(
        AssetEvent.asset_id == asset_id, AssetEvent.kind == "status", ~TAKEN_BACK
    )
