"""Jobs as lists show them: the open ones of an asset, a page of all, how many there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN, JobState
from stockscan.domain.maintenance.jobs import number_in
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import matches, rows_as
from stockscan.store.locations import Location
from stockscan.store.maintenance.job import AnyJob
from stockscan.store.maintenance.rows import Job
from stockscan.store.people import Person

_LAST_DAY = date(9999, 12, 31)

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class JobLine(AnyJob):
    """One job as lists show it; `down` tells that its asset stands still because of it."""

    id: int
    number: int
    title: str
    kind: str
    state: str
    due_on: date | None
    due_milli: int | None
    urgent: bool
    down: bool
    created_us: int
    done_us: int | None
    asset_id: int
    asset_code: str
    asset_tag: str
    asset_name: str
    place: str | None
    assigned_id: int | None
    assigned: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which jobs a list shows: `show` is open, mine, done or all; `ids` limits it to these."""

    show: str = "open"
    person_id: int | None = None
    asset_id: int | None = None
    text: str = ""
    ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Behind which job a page begins ("" for the first), and how many it holds."""

    after: str = ""
    limit: int = 50


class Worker(NamedTuple):
    """Somebody who may be given a job."""

    code: str
    name: str


def open_jobs_of(connection: Connection | Session, asset_id: int) -> list[JobLine]:
    """What is left to do on an asset: what is urgent first, then by the day it is due."""
    return _open_jobs(connection, Job.asset_id == asset_id)


def open_jobs_at(connection: Connection | Session, asset_code: str) -> list[JobLine]:
    """The same for the asset with this label."""
    return _open_jobs(connection, Asset.code == asset_code)


def jobs(connection: Connection | Session, filters: Filters, page: Page) -> list[JobLine]:
    """A page of jobs: open ones by the day they are due, done ones newest first."""
    query = _chosen(filters)
    if filters.show in {"done", "all"}:
        behind = number_in(page.after)
        if behind is not None:
            query = query.where(Job.number < behind)
        query = query.order_by(Job.number.desc())
    else:
        query = _behind(connection, query, page.after).order_by(_DUE, Job.id)
    if filters.ids is not None:
        query = query.where(Job.id.in_(_first_of(connection, query, filters.ids, page.limit)))
    return rows_as(JobLine, connection.execute(query.limit(page.limit)))


def open_sums(connection: Connection | Session, person_id: int) -> dict[str, int]:
    """How many jobs are open in all, and how many of them are this person's ("mine")."""
    mine = func.sum(case((Job.assigned_id == person_id, 1), else_=0))
    row = connection.execute(select(func.count(), mine).where(Job.state.in_(OPEN))).one()
    return {"open": row[0], "mine": row[1] or 0}


def stands_still() -> ColumnElement[bool]:
    """Whether the asset of a job stands still because of it, of `Job` joined with its `Asset`."""
    counted = Job.down_from_us.is_not(None), Job.down_until_us.is_(None)
    return and_(*counted, Asset.status == "down")


def workers(connection: Connection | Session, roles: Collection[str]) -> list[Worker]:
    """The people of these roles who work here, by name."""
    rows = connection.execute(
        select(Person.code, Person.name)
        .where(Person.active, Person.role.in_(roles))
        .order_by(func.lower(Person.name), Person.id)
    )
    return rows_as(Worker, rows)


def _open_jobs(connection: Connection | Session, on_it: ColumnElement[bool]) -> list[JobLine]:
    rows = connection.execute(
        _lines().where(on_it, Job.state.in_(OPEN)).order_by(Job.urgent.desc(), _DUE, Job.id)
    )
    return rows_as(JobLine, rows)


_DUE = func.coalesce(Job.due_on, _LAST_DAY)


def _chosen(filters: Filters) -> Query:
    query = _lines()
    if filters.show == "done":
        query = query.where(Job.state == JobState.DONE)
    elif filters.show != "all":
        query = query.where(Job.state.in_(OPEN))
    if filters.person_id is not None:
        query = query.where(Job.assigned_id == filters.person_id)
    if filters.asset_id is not None:
        query = query.where(Job.asset_id == filters.asset_id)
    if filters.text:
        number = number_in(filters.text)
        found = matches(filters.text, Job.title, Asset.name, Asset.tag)
        query = query.where(found if number is None else or_(found, Job.number == number))
    return query


def _behind(connection: Connection | Session, query: Query, after: str) -> Query:
    """Only the jobs behind the one with the number `after`, in the order (due day, id)."""
    number = number_in(after)
    if number is None:
        return query
    last = connection.execute(select(_DUE, Job.id).where(Job.number == number)).first()
    if last is None:
        return query
    return query.where(tuple_(_DUE, Job.id) > tuple_(*last))


def _first_of(
    connection: Connection | Session, query: Query, ids: Collection[int], limit: int
) -> list[int]:
    """The first of these jobs in the order of a query: very many can't be named in it."""
    if len(ids) <= limit:
        return list(ids)
    in_order = connection.execute(query.with_only_columns(Job.id, maintain_column_froms=True))
    return list(islice((each for each in in_order.scalars() if each in ids), limit))


@cache  # put together once: that costs more than running it
def _lines() -> Query:
    return (
        select(
            Job.id,
            Job.number,
            Job.title,
            Job.kind,
            Job.state,
            Job.due_on,
            Job.due_milli,
            Job.urgent,
            stands_still(),
            Job.created_us,
            Job.done_us,
            Job.asset_id,
            Asset.code,
            Asset.tag,
            Asset.name,
            Location.name,
            Job.assigned_id,
            Person.name,
        )
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .outerjoin(Person, Person.id == Job.assigned_id)
    )
