"""What the movements say of kits: what jobs used, and what was picked for them and lies there.

A movement names its job. Those on an asset are what was used, returns included; of those between
places only the leg at the kit's place names it, so that the sum of a key is what lies there.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, select
from sqlalchemy.orm import Session

from stockscan.domain.ledger import Key
from stockscan.domain.maintenance import OPEN
from stockscan.store.counts import same_key
from stockscan.store.maintenance.rows import Job
from stockscan.store.stock import Movement

# No index is meant: jobs have few rows, but a part may have moved a million times.
_PART: Final = Movement.part_id + 0


class Moved(NamedTuple):
    """What a job used of a part, and what of it lies in the kit, in thousandths."""

    used_milli: int = 0
    lying_milli: int = 0


class Held(NamedTuple):
    """So much of a key lies in the kit of a job."""

    job_id: int
    key: Key
    quantity_milli: int


def moved_of(connection: Connection | Session, job_id: int) -> dict[int, Moved]:
    """Part to what a job, open or not, used and has in its kit."""
    rows = connection.execute(_of_job(), {"job": job_id})
    return {part_id: moved for (_, part_id), moved in _added_up(rows).items()}


def moved_of_open(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Moved]:
    """(job, part) to what open jobs used and have in their kits; of these parts alone if given."""
    wanted = _of_open()
    if part_ids is not None:
        wanted = wanted.where(_PART.in_(part_ids))
    return _added_up(connection.execute(wanted))


@cache
def used_by_open() -> Any:
    """What open jobs used of a part so far: a row for each job and part that moved."""
    rows = _of_open().subquery().c
    used = func.sum(rows.used)
    return (
        select(rows.work_id, rows.part_id, case((used > 0, used), else_=0).label("used"))
        .group_by(rows.work_id, rows.part_id)
        .subquery("used")
    )


def lying(
    connection: Connection | Session, job_id: int, part_ids: Collection[int]
) -> dict[Key, int]:
    """What of these parts lies in the kit of a job, open or not: key to thousandths."""
    wanted = _of_job().where(_PART.in_(part_ids))
    rows = connection.execute(wanted, {"job": job_id})
    return {held.key: held.quantity_milli for held in _held(rows)}


def total_at(connection: Connection | Session, job_id: int, key: Key) -> int:
    """What the rows of a job at a key come to; below 0 only if more was put back than picked."""
    total = select(func.coalesce(func.sum(Movement.quantity_milli), 0)).where(
        Movement.work_id == job_id, *same_key(Movement, key)
    )
    return int(connection.execute(total).scalar() or 0)


def held(connection: Connection | Session, part_ids: Collection[int]) -> list[Held]:
    """What of these parts lies in the kits of open jobs, and where."""
    return _held(connection.execute(_of_open().where(_PART.in_(part_ids))))


def kit_bin(
    connection: Connection | Session, job_id: int, part_id: int, lot: str = "", serial: str = ""
) -> int | None:
    """Where most of a part (of one lot or serial, if named) lies in the kit of a job, or None."""
    there = {
        key: milli
        for key, milli in lying(connection, job_id, (part_id,)).items()
        if lot in ("", key.lot) and serial in ("", key.serial)
    }
    return max(there, key=lambda key: (there[key], key)).location_id if there else None


def _added_up(rows: Any) -> dict[tuple[int, int], Moved]:
    found: dict[tuple[int, int], Moved] = {}
    for row in rows:
        so_far = found.get((row.work_id, row.part_id), Moved())
        found[row.work_id, row.part_id] = Moved(
            so_far.used_milli + int(row.used), so_far.lying_milli + _lies(row)
        )
    return {key: Moved(max(0, used), there) for key, (used, there) in found.items()}


def _held(rows: Any) -> list[Held]:
    return [
        Held(row.work_id, Key(row.part_id, row.location_id, row.lot, row.serial), _lies(row))
        for row in rows
        if _lies(row)
    ]


def _lies(row: Any) -> int:
    """Only where it was brought on purpose; what was used from elsewhere never lay in the kit."""
    return max(0, int(row.total)) if row.brought else 0


@cache
def _of_job() -> Any:
    return _keys().where(Movement.work_id == bindparam("job"))


@cache
def _of_open() -> Any:
    return _keys().join(Job, Job.id == Movement.work_id).where(Job.state.in_(OPEN))


def _keys() -> Any:
    """The rows of jobs by key: what was used, what is left of all, whether it was brought there."""
    on_asset = Movement.asset_id.is_not(None)
    key = (
        Movement.work_id,
        Movement.part_id,
        Movement.location_id,
        Movement.lot,
        Movement.serial,
    )
    return select(
        *key,
        (-func.sum(case((on_asset, Movement.quantity_milli), else_=0))).label("used"),
        func.sum(Movement.quantity_milli).label("total"),
        func.max(case((on_asset, 0), else_=1)).label("brought"),
    ).group_by(*key)
