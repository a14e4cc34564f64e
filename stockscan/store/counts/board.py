"""The counts that run, that wait for someone, that are drafts, and that ended last."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from stockscan.domain.counts import OPEN, LineState, SessionState
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

RUNNING: Final = (SessionState.OPEN, SessionState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class CountRow:
    """A planned count with how far it is; lines that were taken back are not among them."""

    id: str
    number: int
    name: str
    things: str
    state: str
    due_on: date | None
    opened_us: int
    ended_us: int | None
    lines: int
    left: int
    to_decide: int
    matched: int

    @property
    def done(self) -> int:
        """How many lines were counted."""
        return self.lines - self.left


@dataclass(frozen=True, slots=True)
class AdHocRow:
    """A record that somebody counted without a plan and that waits to be decided."""

    id: str
    part: str
    location: str
    counter: str
    counted_us: int | None


@dataclass(frozen=True, slots=True)
class RecountRow:
    """A count in which somebody is to count records again."""

    id: str
    number: int
    name: str
    lines: int


def running(connection: Connection, limit: int) -> list[CountRow]:
    """The planned counts that are open or wait to be decided, what is due first."""
    first = (CountSession.due_on.is_(None), CountSession.due_on, CountSession.number)
    return _rows(connection, CountSession.state.in_(RUNNING), order=first, limit=limit)


def drafts(connection: Connection, limit: int) -> list[CountRow]:
    """The planned counts that have not begun, newest first."""
    newest = (CountSession.number.desc(),)
    return _rows(connection, CountSession.state == SessionState.DRAFT, order=newest, limit=limit)


def ended(connection: Connection, limit: int) -> list[CountRow]:
    """The planned counts that are over, newest first."""
    over = CountSession.state.in_((SessionState.POSTED, SessionState.CANCELLED))
    return _rows(connection, over, order=(CountSession.number.desc(),), limit=limit)


def people_of(connection: Connection, count_ids: Collection[str]) -> dict[str, list[str]]:
    """Who counts in each of these counts, by name."""
    rows = connection.execute(
        select(CountPlace.session_id, Person.name)
        .join(Person, or_(Person.id == CountPlace.counter_id, Person.id == CountPlace.second_id))
        .where(CountPlace.session_id.in_(count_ids))
        .distinct()
        .order_by(CountPlace.session_id, Person.name)
    )
    found: dict[str, list[str]] = {}
    for count_id, name in rows:
        found.setdefault(count_id, []).append(name)
    return found


def ad_hoc_to_decide(connection: Connection, limit: int) -> list[AdHocRow]:
    """Records counted without a plan that wait to be decided, newest first."""
    rows = connection.execute(
        select(CountSession.id, Part.name, Location.name, Person.name, CountLine.counted_us)
        .join(CountLine, CountLine.session_id == CountSession.id)
        .join(Part, Part.id == CountLine.part_id)
        .join(Location, Location.id == CountLine.location_id)
        .join(Person, Person.id == CountLine.counter_id)
        .where(*_waits_ad_hoc())
        .order_by(CountLine.counted_us.desc())
        .limit(limit)
    )
    return [AdHocRow(*row) for row in rows]


def number_of_ad_hoc(connection: Connection) -> int:
    """How many records that were counted without a plan wait to be decided."""
    found = select(func.count()).join(CountLine, CountLine.session_id == CountSession.id)
    return connection.execute(found.select_from(CountSession).where(*_waits_ad_hoc())).scalar_one()


def recounts_of(connection: Connection, person_id: int) -> list[RecountRow]:
    """The counts in which a person is to count something again."""
    rows = connection.execute(
        select(CountSession.id, CountSession.number, CountSession.name, func.count())
        .join(CountLine, CountLine.session_id == CountSession.id)
        .where(
            CountLine.counter_id == person_id,
            CountLine.state.in_(sorted(OPEN)),
            CountLine.recount_of_id.is_not(None),
            CountSession.state.in_(RUNNING),
            CountSession.number.is_not(None),
        )
        .group_by(CountSession.id, CountSession.number, CountSession.name)
        .order_by(CountSession.number)
    )
    return [RecountRow(of, number or 0, name, lines) for of, number, name, lines in rows]


def waits() -> ColumnElement[bool]:
    """The condition that a line waits for a person: its record's newest count, or one that moved.

    What matched waits only for its booking.
    """
    return or_(
        CountLine.state == LineState.MOVED_DURING_COUNT,
        and_(CountLine.state == LineState.NEEDS_REVIEW, _is_newest()),
    )


def _is_newest() -> ColumnElement[bool]:
    """The condition that nobody counted the record again since, in the same count."""
    newer = aliased(CountLine)
    return ~exists().where(
        newer.part_id == CountLine.part_id,
        newer.location_id == CountLine.location_id,
        newer.lot == CountLine.lot,
        newer.session_id == CountLine.session_id,
        newer.attempt > CountLine.attempt,
        newer.counted_us.is_not(None),
        newer.state.not_in((LineState.VOIDED, LineState.REJECTED, LineState.NOT_COUNTED)),
    )


def _waits_ad_hoc() -> tuple[ColumnElement[bool], ...]:
    return (
        CountSession.number.is_(None),
        CountSession.state.in_(RUNNING),
        waits(),
    )


def _rows(
    connection: Connection, *conditions: Any, order: tuple[Any, ...], limit: int
) -> list[CountRow]:
    ids = (
        select(CountSession.id)
        .where(CountSession.number.is_not(None), *conditions)
        .order_by(*order)
        .limit(limit)
    )
    lines = _tally(ids)
    numbers = (lines.c.lines, lines.c.left, lines.c.to_decide, lines.c.matched)
    rows = connection.execute(
        select(
            CountSession.id,
            CountSession.number,
            CountSession.name,
            CountSession.things,
            CountSession.state,
            CountSession.due_on,
            CountSession.opened_us,
            CountSession.ended_us,
            *(func.coalesce(number, 0) for number in numbers),
        )
        .outerjoin(lines, lines.c.session_id == CountSession.id)
        .where(CountSession.id.in_(ids))
        .order_by(*order)
    )
    return [CountRow(*row) for row in rows]


def _tally(ids: Any) -> Any:
    """The lines of these counts by what is to do with them."""

    def number(*states: LineState) -> Any:
        return func.sum(case((CountLine.state.in_(states), 1), else_=0))

    matched = and_(CountLine.state == LineState.MATCHED, _is_newest())
    return (
        select(
            CountLine.session_id,
            func.count().label("lines"),
            number(*OPEN).label("left"),
            func.sum(case((waits(), 1), else_=0)).label("to_decide"),
            func.sum(case((matched, 1), else_=0)).label("matched"),
        )
        .where(CountLine.session_id.in_(ids), CountLine.state != LineState.VOIDED)
        .group_by(CountLine.session_id)
        .subquery("lines")
    )
