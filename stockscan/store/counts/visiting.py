"""Taking the lines of a bin in hand and leaving them: who counts what just now."""

from typing import Any, Final

from sqlalchemy import and_, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import OPEN, LineState, SessionState
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession
from stockscan.store.counts.sessions import DEAD

_IS_OPEN: Final = CountLine.state.in_(sorted(OPEN))


def take(session: Session, count_id: str, location_id: int, person_id: int, now_us: int) -> None:
    """A person begins to count a bin: their lines there, and those for whoever comes, are in hand.

    A line is left to others where the person counts the same record in another count, and the
    second of two for whoever comes where they count the first.
    """
    other, first = aliased(CountLine), aliased(CountLine)
    has_it_elsewhere = exists(
        select(literal(1)).where(
            *_same_record(other),
            other.counter_id == person_id,
            or_(
                other.state.in_(sorted(OPEN)),
                and_(
                    CountLine.recount_of_id.is_(None),
                    other.session_id == count_id,
                    other.state.not_in(sorted(DEAD)),
                ),
            ),
        )
    )
    is_the_second = exists(
        select(literal(1)).where(
            *_same_record(first),
            first.session_id == count_id,
            first.state == LineState.PENDING,
            first.counter_id.is_(None),
            first.id < CountLine.id,
        )
    )
    _set(
        session,
        (
            *_at(count_id, location_id),
            CountLine.state == LineState.PENDING,
            CountLine.counter_id.is_(None),
            ~has_it_elsewhere,
            ~is_the_second,
        ),
        counter_id=person_id,
    )
    _set(
        session,
        (*_at(count_id, location_id), _IS_OPEN, CountLine.counter_id == person_id),
        state=LineState.COUNTING,
        window_start_us=now_us,
    )


def leave(session: Session, person_id: int, *, but: tuple[str, int] | None = None) -> None:
    """A person counts nothing just now, except in the bin `but` of a count: it waits again.

    What was for whoever comes is so again.
    """
    mine: tuple[Any, ...] = (
        CountLine.state == LineState.COUNTING,
        CountLine.counter_id == person_id,
    )
    if but is not None:
        mine = (*mine, ~and_(*_at(*but)))
    by_chance = exists(
        select(literal(1)).where(
            CountPlace.session_id == CountLine.session_id,
            CountPlace.location_id == CountLine.location_id,
            CountPlace.counter_id.is_(None),
            CountPlace.second_id.is_(None),
        )
    )
    first = and_(CountLine.recount_of_id.is_(None), CountLine.attempt == 1)
    waiting = {"state": LineState.PENDING, "window_start_us": None}
    _set(session, (*mine, by_chance, first), counter_id=None, **waiting)
    _set(session, mine, **waiting)


def join(session: Session, count_id: str, location_id: int, person_id: int, now_us: int) -> int:
    """Let a person count too what others count in a bin, as a count of its own; how many lines."""
    mine = aliased(CountLine)
    theirs = session.scalars(
        select(CountLine).where(
            *_at(count_id, location_id),
            _IS_OPEN,
            CountLine.counter_id != person_id,
            ~exists(
                select(literal(1)).where(
                    *_same_record(mine),
                    mine.counter_id == person_id,
                    or_(mine.session_id == count_id, mine.state.in_(sorted(OPEN))),
                )
            ),
        )
    ).all()
    keys = {(line.part_id, line.lot, line.serial): line for line in theirs}
    for line in keys.values():
        session.add(
            CountLine(
                session_id=count_id,
                part_id=line.part_id,
                location_id=location_id,
                lot=line.lot,
                serial=line.serial,
                state=LineState.COUNTING,
                place_order=line.place_order,
                attempt=_attempts(session, line) + 1,
                counter_id=person_id,
                window_start_us=now_us,
            )
        )
    session.flush()
    return len(keys)


def can_be_counted(session: Session, count_id: str) -> bool:
    """Whether a count takes counts."""
    state = session.scalar(select(CountSession.state).where(CountSession.id == count_id))
    return state in {SessionState.OPEN, SessionState.SUBMITTED}


def _attempts(session: Session, line: CountLine) -> int:
    """How many attempts at this record there are in the count so far."""
    newest = select(func.max(CountLine.attempt)).where(
        *_at(line.session_id, line.location_id),
        CountLine.part_id == line.part_id,
        CountLine.lot == line.lot,
        CountLine.serial == line.serial,
    )
    return int(session.scalar(newest) or 0)


def _same_record(other: Any) -> tuple[Any, ...]:
    """The conditions that another line is of the same key as a line."""
    return (
        other.part_id == CountLine.part_id,
        other.location_id == CountLine.location_id,
        other.lot == CountLine.lot,
        other.serial == CountLine.serial,
    )


def _at(count_id: str, location_id: int) -> tuple[Any, Any]:
    return CountLine.session_id == count_id, CountLine.location_id == location_id


def _set(session: Session, conditions: tuple[Any, ...], **values: Any) -> None:
    """Change the lines that meet all conditions; two people who claim one do not both get it."""
    change = update(CountLine).where(*conditions).values(**values)
    session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
