"""Who counts which stretch of the way through a count, and changing it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, and_, case, cast, func, select, tuple_, union_all, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import OPEN, LineState
from stockscan.store.counts.rows import CountLine, CountPlace
from stockscan.store.db import Big
from stockscan.store.locations import Location
from stockscan.store.people import Person

_IS_OPEN: Final = CountLine.state.in_(sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places one after the other that the same people count; `left` lines are still to do."""

    first: int
    last: int
    first_name: str
    last_name: str
    counter_id: int | None
    counter: str | None
    second_id: int | None
    second: str | None
    places: int
    lines: int
    left: int


def stretches(connection: Connection | Session, count_id: str, limit: int) -> list[Stretch]:
    """The way through a count by who counts it, from its beginning."""
    runs = _runs(count_id)
    first, last = aliased(CountPlace), aliased(CountPlace)
    first_at, last_at = aliased(Location), aliased(Location)
    counter, second = aliased(Person), aliased(Person)
    rows = connection.execute(
        select(
            runs.c.first,
            runs.c.last,
            first_at.name,
            last_at.name,
            runs.c.counter_id,
            counter.name,
            runs.c.second_id,
            second.name,
            runs.c.places,
            runs.c.lines,
            runs.c.left,
        )
        .join(first, and_(first.session_id == count_id, first.place_order == runs.c.first))
        .join(last, and_(last.session_id == count_id, last.place_order == runs.c.last))
        .join(first_at, first_at.id == first.location_id)
        .join(last_at, last_at.id == last.location_id)
        .outerjoin(counter, counter.id == runs.c.counter_id)
        .outerjoin(second, second.id == runs.c.second_id)
        .order_by(runs.c.first)
        .limit(limit)
    )
    return [Stretch(*row) for row in rows]


def left_by_place(session: Session, count_id: str) -> list[tuple[int, int]]:
    """(order, weight) of the places where something is left to do, along the way.

    A place that is only looked into weighs as much as a line.
    """
    tally = _tally(count_id)
    left = func.coalesce(tally.c.left, 1)
    rows = session.execute(
        select(CountPlace.place_order, left)
        .outerjoin(tally, tally.c.location_id == CountPlace.location_id)
        .where(CountPlace.session_id == count_id, left > 0)
        .order_by(CountPlace.place_order)
    )
    return [(order, weight) for order, weight in rows]


def places_between(session: Session, count_id: str, first: int, last: int) -> list[int]:
    """The ids of the places of a stretch."""
    return list(session.scalars(
        select(CountPlace.location_id).where(*_between(CountPlace, count_id, first, last))
    ))  # fmt: skip


def order_of(connection: Connection, count_id: str, location_id: int) -> int | None:
    """Where a place lies on the way of a count; None where it is not on it."""
    return connection.scalar(
        select(CountPlace.place_order).where(
            CountPlace.session_id == count_id, CountPlace.location_id == location_id
        )
    )


def is_the_other(
    session: Session,
    count_id: str,
    stretch: tuple[int, int],
    person_id: int | None,
    *,
    second: bool,
) -> bool:
    """Whether somebody has the other one of the two roles at a place of the stretch."""
    other = CountPlace.counter_id if second else CountPlace.second_id
    found = select(CountPlace.place_order).where(
        *_between(CountPlace, count_id, *stretch), other == person_id
    )
    return person_id is not None and session.execute(found.limit(1)).first() is not None


def assign(
    session: Session,
    count_id: str,
    stretch: tuple[int, int],
    person_id: int | None,
    *,
    second: bool,
) -> int:
    """Let somebody (None: whoever comes) count what is left on a stretch; how many lines stay.

    `second` says for whom: the first or the independent counter. What was counted stays as it is,
    and so do recounts. Lines stay with whom they are where the person counts the same record
    already. Who has a line in hand loses it, and counts it as an additional count if at all.
    """
    attempt = 2 if second else 1
    lines = (
        *_between(CountLine, count_id, *stretch),
        _IS_OPEN,
        CountLine.attempt == attempt,
        CountLine.recount_of_id.is_(None),
    )
    places = (*_between(CountPlace, count_id, *stretch), _is_unfinished(count_id))
    role = CountPlace.second_id if second else CountPlace.counter_id
    _run(session, update(CountPlace).where(*places).values({role: person_id}))
    hers = CountLine.counter_id.is_not_distinct_from(person_id)
    _run(
        session,
        update(CountLine)
        .where(*lines, ~hers, ~_has_already(count_id, person_id))
        .values(counter_id=person_id, state=LineState.PENDING, window_start_us=None),
    )
    stay = select(func.count()).where(*lines, ~hers)
    return int(session.scalar(stay) or 0)


def _runs(count_id: str) -> Any:
    """Runs of places with the same counters: where the order minus its rank among theirs is one."""
    rank = func.row_number().over(
        partition_by=(CountPlace.counter_id, CountPlace.second_id), order_by=CountPlace.place_order
    )
    tally = _tally(count_id)
    places = (
        select(
            CountPlace.place_order,
            CountPlace.counter_id,
            CountPlace.second_id,
            (CountPlace.place_order - rank).label("run"),
            func.coalesce(tally.c.lines, 0).label("lines"),
            func.coalesce(tally.c.left, 0).label("left"),
        )
        .outerjoin(tally, tally.c.location_id == CountPlace.location_id)
        .where(CountPlace.session_id == count_id)
        .subquery("places")
    )
    return (
        select(
            places.c.counter_id,
            places.c.second_id,
            func.min(places.c.place_order).label("first"),
            func.max(places.c.place_order).label("last"),
            func.count().label("places"),
            cast(func.sum(places.c.lines), Big).label("lines"),
            cast(func.sum(places.c.left), Big).label("left"),
        )
        .group_by(places.c.counter_id, places.c.second_id, places.c.run)
        .subquery("runs")
    )


def _tally(count_id: str) -> Any:
    return (
        select(
            CountLine.location_id,
            func.count().label("lines"),
            func.sum(case((_IS_OPEN, 1), else_=0)).label("left"),
        )
        .where(CountLine.session_id == count_id, CountLine.state != LineState.VOIDED)
        .group_by(CountLine.location_id)
        .subquery("tally")
    )


def _between(table: Any, count_id: str, first: int, last: int) -> tuple[Any, Any]:
    return table.session_id == count_id, table.place_order.between(first, last)


def _is_unfinished(count_id: str) -> Any:
    """Whether something is left at a place, or nothing was expected there."""
    tally = _tally(count_id)
    finished = select(tally.c.location_id).where(tally.c.left == 0)
    return CountPlace.location_id.not_in(finished)


def _has_already(count_id: str, person_id: int | None) -> Any:
    """Whether the person has the record to count on another line, or counted it in this count."""
    other = aliased(CountLine)
    keys = select(other.part_id, other.location_id, other.lot).where(other.counter_id == person_id)
    theirs = union_all(
        keys.where(other.state.in_(sorted(OPEN))), keys.where(other.session_id == count_id)
    )
    return tuple_(CountLine.part_id, CountLine.location_id, CountLine.lot).in_(theirs)


def _run(session: Session, change: Any) -> None:
    session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
