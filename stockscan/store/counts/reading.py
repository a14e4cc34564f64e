"""Counts as programs read them: a page of counts, a page of the lines of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.orm import aliased

from stockscan.domain.counts import LineState
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.counts.sessions import only_in_books
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person
from stockscan.store.stock import Balance


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A count itself; one that nobody planned has no number."""

    id: str
    number: int | None
    code: str | None
    name: str
    state: str
    things: str
    method: str
    blind: bool
    counters: int
    max_attempts: int
    posts_itself: bool
    due_on: date | None
    made_by: str
    opened_us: int
    submitted_us: int | None
    ended_us: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a count with names; `on_hand_milli` is the balance now, 0 for none."""

    id: int
    state: str
    attempt: int
    part_id: int
    location_id: int
    part: str
    part_name: str
    part_number: str
    unit: str
    location: str
    location_name: str
    lot: str
    serial: str
    counter_id: int | None
    counter: str | None
    counted_us: int | None
    counted_milli: int | None
    book_milli: int | None
    variance_milli: int | None
    cost_e4: int
    on_hand_milli: int
    reason: str
    cause: str
    approver: str | None


def head(connection: Connection, count_id: str) -> HeadRow | None:
    """One count."""
    row = connection.execute(_heads().where(CountSession.id == count_id)).first()
    return HeadRow(*tuple(row)) if row else None


def heads(
    connection: Connection, *, after: int | None, limit: int, states: Collection[str] = ()
) -> list[HeadRow]:
    """Planned counts, the newest first: those with a number below `after`."""
    wanted = _heads().where(CountSession.number.is_not(None))
    if after is not None:
        wanted = wanted.where(CountSession.number < after)
    if states:
        wanted = wanted.where(CountSession.state.in_(states))
    rows = connection.execute(wanted.order_by(CountSession.number.desc()).limit(limit))
    return [HeadRow(*tuple(row)) for row in rows]


def sums(connection: Connection, count_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Of each of these counts: how many lines are in each state that any is in."""
    rows: Any = connection.execute(
        select(CountLine.session_id, CountLine.state, func.count())
        .where(CountLine.session_id.in_(count_ids), ~only_in_books())
        .group_by(CountLine.session_id, CountLine.state)
        .order_by(CountLine.state)
    )
    found: dict[str, dict[str, int]] = {count_id: {} for count_id in count_ids}
    for count_id, state, number in rows:
        found[count_id][state] = number
    return found


def lines(connection: Connection, count_id: str, *, after: int, limit: int) -> list[LineRow]:
    """Lines of a count behind the line `after`, oldest first; those taken back are left out."""
    values = {"count_id": count_id, "after": after, "most": limit}
    rows: list[Row[Any]] = list(connection.execute(_lines(), values))
    return [LineRow(*tuple(row)) for row in rows]


@cache
def _heads() -> Any:
    return select(
        CountSession.id,
        CountSession.number,
        CountSession.code,
        CountSession.name,
        CountSession.state,
        CountSession.things,
        CountSession.method,
        CountSession.blind,
        CountSession.counters,
        CountSession.max_attempts,
        CountSession.posts_itself,
        CountSession.due_on,
        Person.name,
        CountSession.opened_us,
        CountSession.submitted_us,
        CountSession.ended_us,
    ).join(Person, Person.id == CountSession.created_by)


@cache
def _lines() -> Any:
    counter, approver = aliased(Person), aliased(Person)
    return (
        select(
            CountLine.id,
            CountLine.state,
            CountLine.attempt,
            CountLine.part_id,
            CountLine.location_id,
            Part.code,
            Part.name,
            Part.part_number,
            Part.unit,
            Location.code,
            Location.name,
            CountLine.lot,
            CountLine.serial,
            CountLine.counter_id,
            counter.name,
            CountLine.counted_us,
            CountLine.counted_milli,
            CountLine.book_milli,
            CountLine.variance_milli,
            func.coalesce(CountLine.cost_e4, PartWorth.average_e4, Part.list_cost_e4),
            _on_hand(),
            CountLine.reason,
            CountLine.cause,
            approver.name,
        )
        .join(Part, Part.id == CountLine.part_id)
        .join(Location, Location.id == CountLine.location_id)
        .outerjoin(counter, counter.id == CountLine.counter_id)
        .outerjoin(approver, approver.id == CountLine.approver_id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(
            CountLine.session_id == bindparam("count_id"),
            CountLine.id > bindparam("after"),
            CountLine.state != LineState.VOIDED,
            ~only_in_books(),
        )
        .order_by(CountLine.id)
        .limit(bindparam("most"))
    )


def _on_hand() -> Any:
    """Of the line's lot: over all serials, as its record is counted."""
    total = (
        select(func.sum(Balance.quantity_milli))
        .where(
            Balance.part_id == CountLine.part_id,
            Balance.location_id == CountLine.location_id,
            Balance.lot == CountLine.lot,
        )
        .correlate(CountLine)
        .scalar_subquery()
    )
    return func.coalesce(total, 0)
