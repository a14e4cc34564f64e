"""Counts as a whole: held while they change, how far they are, and the attempts at one record."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from stockscan.domain.counts import ENDED, OPEN, LineState
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession

# Attempts at a record that say nothing about it any more.
DEAD: Final = frozenset({LineState.VOIDED, LineState.REJECTED, LineState.NOT_COUNTED})


class Record(NamedTuple):
    """What is counted as one: a part in a bin, and its lot; its serials are counted together."""

    part_id: int
    location_id: int
    lot: str = ""


def held(session: Session, count_id: str) -> CountSession | None:
    """The count, which nobody else changes or counts in until the commit.

    Rows that refer to it may still be written: who does so never waits for it.
    """
    how = {"key_share": True}
    return session.get(CountSession, count_id, with_for_update=how, populate_existing=True)


def joined(session: Session, count_id: str) -> CountSession | None:
    """The count, which others count in as well, but nobody submits, books or ends meanwhile."""
    return session.get(
        CountSession, count_id, with_for_update={"read": True}, populate_existing=True
    )


def state_of(session: Session, count_id: str) -> str | None:
    """The state of a count just now, which may be another one as soon as it is held."""
    return session.scalar(select(CountSession.state).where(CountSession.id == count_id))


def size(connection: Connection | Session, count_id: str) -> tuple[int, int]:
    """How many lines a count has, taken back ones aside, and how many places."""
    lines = select(func.count()).where(
        CountLine.session_id == count_id, CountLine.state != LineState.VOIDED
    )
    places = select(func.count()).where(CountPlace.session_id == count_id)
    row = connection.execute(select(lines.scalar_subquery(), places.scalar_subquery())).one()
    return row[0], row[1]


def sums(connection: Connection | Session, count_id: str) -> dict[str, int]:
    """How many lines of the count are in each state that any is in."""
    rows = connection.execute(
        select(CountLine.state, func.count())
        .where(CountLine.session_id == count_id, ~only_in_books())
        .group_by(CountLine.state)
        .order_by(CountLine.state)
    )
    return {row[0]: row[1] for row in rows}


def only_in_books() -> ColumnElement[bool]:
    """The condition that a line is of a serial that nobody saw, in a count that is not judged.

    The record's first line stands for it: how many serials the books have besides is theirs alone.
    """
    unjudged = (LineState.COUNTED, LineState.MOVED_DURING_COUNT)
    return and_(
        CountLine.serial != "",
        CountLine.counted_milli == 0,
        CountLine.place_order == 0,
        CountLine.state.in_(unjudged),
    )


def is_being_counted(session: Session, count_id: str) -> bool:
    """Whether a line of the count is still to be counted, or counted and not submitted."""
    return _any(session, count_id, OPEN | {LineState.COUNTED})


def has_live_lines(session: Session, count_id: str) -> bool:
    """Whether something can still happen to a line of the count."""
    return _any(session, count_id, frozenset(LineState) - ENDED)


def has(session: Session, count_id: str, *states: LineState) -> bool:
    """Whether a line of the count is in one of these states."""
    return _any(session, count_id, frozenset(states))


def attempts_at(session: Session, count_id: str, record: Record) -> Sequence[CountLine]:
    """The live attempts at a record in a count, oldest first; the posted ones too."""
    values = {"count_id": count_id, **record._asdict()}
    return session.scalars(_attempts(), values).all()


def was_measured(session: Session, count_id: str, record: Record) -> bool:
    """Whether it is kept how far off the books were when the count met this record first."""
    found = select(literal(1)).where(
        CountLine.session_id == count_id,
        CountLine.part_id == record.part_id,
        CountLine.location_id == record.location_id,
        CountLine.lot == record.lot,
        CountLine.measured_us.is_not(None),
    )
    return session.scalar(found.limit(1)) is not None


def records_to_count(session: Session, count_id: str, location_id: int) -> set[Record]:
    """The records of a place that somebody still has to count."""
    rows = session.execute(
        select(CountLine.part_id, CountLine.location_id, CountLine.lot).where(
            CountLine.session_id == count_id,
            CountLine.location_id == location_id,
            CountLine.state.in_(sorted(OPEN)),
        )
    )
    return {Record(*row) for row in rows}


def end_open_lines(session: Session, count_id: str, *conditions: Any) -> None:
    """What is still to be counted will not be: it is not counted, which is not zero."""
    session.execute(
        update(CountLine)
        .where(CountLine.session_id == count_id, CountLine.state.in_(sorted(OPEN)), *conditions)
        .values(state=LineState.NOT_COUNTED)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def has_open_elsewhere(session: Session, line: CountLine, person_id: int) -> bool:
    """Whether the person has the key of a line to count on another line."""
    found = select(literal(1)).where(
        CountLine.part_id == line.part_id,
        CountLine.location_id == line.location_id,
        CountLine.lot == line.lot,
        CountLine.serial == "",
        CountLine.counter_id == person_id,
        CountLine.id != line.id,
        CountLine.state.in_(sorted(OPEN)),
    )
    return session.scalar(found) is not None


def place_of(session: Session, count_id: str, location_id: int) -> CountPlace | None:
    """The place of a count, where it has this one."""
    return session.get(CountPlace, (count_id, location_id))


def people_of(head: CountSession) -> tuple[int, ...]:
    """Who counts, by id, as it was planned; nobody where whoever comes counts."""
    return tuple(json.loads(head.scope).get("counters", ()))


def lines_named(
    session: Session, count_id: str, line_ids: Collection[int] | None, most: int
) -> Sequence[CountLine]:
    """These lines of a count, or its first ones, taken back ones aside."""
    of_count = select(CountLine).where(
        CountLine.session_id == count_id, CountLine.state != LineState.VOIDED, ~only_in_books()
    )
    if line_ids is not None:
        of_count = of_count.where(CountLine.id.in_(line_ids))
    return session.scalars(of_count.order_by(CountLine.id).limit(most)).all()


def record_of(line: CountLine) -> Record:
    """The record that a line is an attempt at."""
    return Record(line.part_id, line.location_id, line.lot)


def _any(session: Session, count_id: str, states: Collection[LineState]) -> bool:
    found = select(literal(1)).where(
        CountLine.session_id == count_id, CountLine.state.in_(sorted(states))
    )
    return session.scalar(found.limit(1)) is not None


@cache  # asked by every count of a session
def _attempts() -> Select[Any]:
    return (
        select(CountLine)
        .where(
            CountLine.session_id == bindparam("count_id"),
            CountLine.part_id == bindparam("part_id"),
            CountLine.location_id == bindparam("location_id"),
            CountLine.lot == bindparam("lot"),
            CountLine.state.not_in(sorted(DEAD)),
        )
        .order_by(CountLine.attempt, CountLine.id)
    )
