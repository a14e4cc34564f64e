"""Jobs by the day they are due and by how far they are: what the calendar and the board show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN, JobState
from stockscan.domain.maintenance.jobs import job_name
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.maintenance.jobs import stands_still
from stockscan.store.maintenance.rows import Job
from stockscan.store.people import Person


class SameJobs(NamedTuple):
    """Jobs with the same title on the same day; `number` and `tag` are those of one of them."""

    day: date
    title: str
    is_done: bool
    jobs: int
    number: int
    tag: str


@dataclass(frozen=True, slots=True)
class BoardJob:
    """A job on the board; `down` tells that its asset stands still because of it."""

    id: int
    number: int
    title: str
    due_on: date | None
    urgent: bool
    down: bool
    done_us: int | None
    tag: str
    asset: str
    assigned: str | None

    @property
    def name(self) -> str:
        """What people call it."""
        return job_name(self.number)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: the first of its jobs, and how many there are."""

    jobs: list[BoardJob]
    number: int


@dataclass(frozen=True, slots=True)
class Lanes:
    """The board: what is overdue, what comes until a day, what is worked on, what was done."""

    overdue: Lane
    soon: Lane
    in_work: Lane
    done: Lane


def jobs_by_day(connection: Connection | Session, first: date, last: date) -> list[SameJobs]:
    """What is due from one day to another, done or not, in the order of days and titles."""
    within = Job.due_on.between(first, last)
    return rows_as(SameJobs, connection.execute(_by_day().where(within)))


def lanes(
    connection: Connection | Session, today: date, until: date, done_from_us: int, limit: int
) -> Lanes:
    """The jobs of the board, so many of each column: what is urgent and what is due first."""
    open_ones, undated = Job.state == JobState.OPEN, Job.due_on.is_(None)
    fits = (
        and_(open_ones, Job.due_on < today),
        and_(open_ones, or_(undated, Job.due_on.between(today, until))),
        Job.state == JobState.STARTED,
        and_(Job.state == JobState.DONE, Job.done_us >= done_from_us),
    )
    due = (Job.urgent.desc(), func.coalesce(Job.due_on, today), Job.id)
    orders = (due, due, due, (Job.done_us.desc(), Job.id))
    found = [
        Lane(_some(connection, fit, order, limit), _number(connection, fit))
        for fit, order in zip(fits, orders, strict=True)
    ]
    return Lanes(*found)


def _some(
    connection: Connection | Session, fits: ColumnElement[bool], order: Sequence[Any], limit: int
) -> list[BoardJob]:
    query = _board().where(fits).order_by(*order).limit(limit)
    return rows_as(BoardJob, connection.execute(query))


def _number(connection: Connection | Session, fits: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Job).where(fits)
    return int(connection.execute(query).scalar() or 0)


@cache
def _by_day() -> Select[*tuple[Any, ...]]:
    is_done = case((Job.state == JobState.DONE, True), else_=False).label("is_done")
    return (
        select(
            Job.due_on,
            Job.title,
            is_done,
            func.count(),
            func.min(Job.number),
            func.min(Asset.tag),
        )
        .join(Asset, Asset.id == Job.asset_id)
        .where(Job.state.in_((*OPEN, JobState.DONE)))
        .group_by(Job.due_on, Job.title, is_done)
        .order_by(Job.due_on, is_done, Job.title)
    )


@cache
def _board() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Job.id,
            Job.number,
            Job.title,
            Job.due_on,
            Job.urgent,
            stands_still(),
            Job.done_us,
            Asset.tag,
            Asset.name,
            Person.name,
        )
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(Person, Person.id == Job.assigned_id)
    )
