"""Kits: what jobs need of each part, what is reserved for them, was picked and was used."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.kits import CERTAIN_BP, Amounts, Want
from stockscan.store.assets import Asset
from stockscan.store.maintenance.kit_moves import Moved, moved_of, moved_of_open
from stockscan.store.maintenance.rows import Job, JobPart
from stockscan.store.maintenance.standing import AT_WORK
from stockscan.store.parts import Part


@dataclass(frozen=True, slots=True)
class KitLine:
    """A part that a job needs, with its figures; not `on_list`: one that it used besides.

    `home_id` is the part's own bin.
    """

    amounts: Amounts
    probability_bp: int
    on_list: bool
    part_id: int
    code: str
    part_number: str
    name: str
    unit: str
    tracking: str
    stocked: bool
    home_id: int | None

    @property
    def certain(self) -> bool:
        """Whether each such job needs it, and not just some of them."""
        return self.probability_bp >= CERTAIN_BP


class HeldFor(NamedTuple):
    """So much of a part is reserved for an open job, or lies in its kit."""

    number: int
    title: str
    asset: str
    held_milli: int


def kit_lines(connection: Connection | Session, job_id: int) -> list[KitLine]:
    """What a job needs, and what it used or picked besides, by part number."""
    moved = moved_of(connection, job_id)
    lines = []
    for row in connection.execute(_listed(), {"job": job_id}):
        figures = (row.quantity_milli, row.reserved_milli, *moved.pop(row.id, Moved()))
        lines.append(KitLine(Amounts(*figures), row.probability_bp, True, *row[:8]))  # noqa: FBT003
    besides = {part_id: Amounts(0, 0, *each) for part_id, each in moved.items() if any(each)}
    if besides:
        others = connection.execute(_parts().where(Part.id.in_(besides)))
        lines += [KitLine(besides[row.id], CERTAIN_BP, False, *row) for row in others]  # noqa: FBT003
    return sorted(lines, key=lambda line: (line.part_number.lower(), line.part_id))


def line_of(connection: Connection | Session, job_id: int, part_id: int) -> Amounts:
    """The figures of one part of a job's kit; all 0 where it needs none and used none."""
    lines = {line.part_id: line.amounts for line in kit_lines(connection, job_id)}
    return lines.get(part_id, Amounts(0))


def wants(connection: Connection | Session, part_ids: Collection[int] | None = None) -> list[Want]:
    """What all open jobs want of the parts that are kept in stock; of these parts alone if given.

    Those on machines that are retired or disposed of want nothing. What lies in a kit without being
    needed is wanted too, at 0: it is held all the same.
    """
    needed = _needed()
    if part_ids is not None:
        needed = needed.where(JobPart.part_id.in_(part_ids))
    moved = moved_of_open(connection, part_ids)
    found = [
        Want(
            row.id,
            row.part_id,
            row.due_on,
            Amounts(
                row.quantity_milli,
                row.reserved_milli,
                *moved.pop((row.id, row.part_id), Moved()),
            ),
            certain=row.probability_bp >= CERTAIN_BP,
        )
        for row in connection.execute(needed)
    ]
    stray = [(key, each) for key, each in moved.items() if each.lying_milli]
    return found + [Want(*key, None, Amounts(0, 0, *each)) for key, each in stray]


def held_for(connection: Connection | Session, part_id: int) -> list[HeldFor]:
    """The open jobs for which something of a part is reserved or picked, the first due on top."""
    by_job = {want.job_id: want.amounts.held_milli for want in wants(connection, (part_id,))}
    holding = [job_id for job_id, milli in by_job.items() if milli]
    if not holding:
        return []
    rows = connection.execute(_jobs().where(Job.id.in_(holding)))
    return [HeldFor(row.number, row.title, f"{row.name} {row.tag}", by_job[row.id]) for row in rows]


@cache
def _parts() -> Any:
    return select(
        Part.id,
        Part.code,
        Part.part_number,
        Part.name,
        Part.unit,
        Part.tracking,
        Part.stocked,
        Part.default_location_id,
    )


@cache
def _listed() -> Any:
    figures = (JobPart.quantity_milli, JobPart.reserved_milli, JobPart.probability_bp)
    joined = _parts().add_columns(*figures).join(JobPart, JobPart.part_id == Part.id)
    return joined.where(JobPart.job_id == bindparam("job"))


@cache
def _needed() -> Any:
    return (
        select(
            Job.id,
            JobPart.part_id,
            Job.due_on,
            JobPart.quantity_milli,
            JobPart.reserved_milli,
            JobPart.probability_bp,
        )
        .join(JobPart, JobPart.job_id == Job.id)
        .join(Part, Part.id == JobPart.part_id)
        .join(Asset, Asset.id == Job.asset_id)
        .where(Job.state.in_(OPEN), Part.stocked, Asset.status.in_(AT_WORK))
    )


@cache
def _jobs() -> Any:
    return (
        select(Job.id, Job.number, Job.title, Asset.name, Asset.tag)
        .join(Asset, Asset.id == Job.asset_id)
        .order_by(Job.due_on.is_(None), Job.due_on, Job.id)
    )
