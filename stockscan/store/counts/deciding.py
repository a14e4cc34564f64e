"""The lines of a count that somebody decides about, found without reading the whole count."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import ENDED, OPEN, LineState
from stockscan.domain.errors import NotFound
from stockscan.store.counts.rows import CompleteBin, CountLine
from stockscan.store.counts.sessions import Record
from stockscan.store.operations import Operation

_TO_BOOK = (
    LineState.COUNTED,
    LineState.MATCHED,
    LineState.NEEDS_RECOUNT,
    LineState.NEEDS_REVIEW,
)


def named(session: Session, count_id: str, line_ids: Collection[int]) -> list[CountLine]:
    """These lines of a count, oldest first. Raises `NotFound` when one is not of it."""
    lines = session.scalars(
        select(CountLine)
        .where(CountLine.session_id == count_id, CountLine.id.in_(line_ids))
        .order_by(CountLine.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(lines) != len(set(line_ids)):
        raise NotFound("A line is not of this count.", field="lines")
    return list(lines)


def undecided(
    session: Session,
    count_id: str,
    states: Collection[LineState] = _TO_BOOK,
    most: int | None = None,
    after_id: int = 0,
) -> list[CountLine]:
    """Lines in these states (all that nobody decided yet), oldest first.

    Of each record only the newest attempt that was counted.
    """
    newer = aliased(CountLine)
    superseded = (
        select(newer.id)
        .where(
            newer.session_id == CountLine.session_id,
            newer.part_id == CountLine.part_id,
            newer.location_id == CountLine.location_id,
            newer.lot == CountLine.lot,
            newer.attempt > CountLine.attempt,
            newer.state.in_(_TO_BOOK),
        )
        .exists()
    )
    return list(
        session.scalars(
            select(CountLine)
            .where(
                CountLine.session_id == count_id,
                CountLine.id > after_id,
                CountLine.state.in_(sorted(states)),
                ~superseded,
            )
            .order_by(CountLine.id)
            .limit(most)
            .execution_options(populate_existing=True)
        )
    )


def counted_records(session: Session, count_id: str, counter_id: int | None = None) -> list[Record]:
    """The records with a counted line that nobody judged: of one counter, or of all."""
    of_whom = () if counter_id is None else (CountLine.counter_id == counter_id,)
    rows = session.execute(
        select(CountLine.part_id, CountLine.location_id, CountLine.lot)
        .where(
            CountLine.session_id == count_id,
            CountLine.state == LineState.COUNTED,
            *of_whom,
        )
        .distinct()
    )
    return [Record(*row) for row in rows]


def own_lines(session: Session, lines: Collection[CountLine], person_id: int) -> set[int]:
    """Those lines that the person counted, or typed in for somebody."""
    typed = {line.operation_id for line in lines if line.operation_id}
    theirs = set(
        session.scalars(
            select(Operation.id).where(Operation.id.in_(typed), Operation.actor_id == person_id)
        )
    )
    return {
        line.id for line in lines if line.counter_id == person_id or line.operation_id in theirs
    }


def review_recounts(session: Session, count_id: str) -> None:
    """What was to be counted again and will not be waits for somebody to decide."""
    session.execute(
        update(CountLine)
        .where(CountLine.session_id == count_id, CountLine.state == LineState.NEEDS_RECOUNT)
        .values(state=LineState.NEEDS_REVIEW)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def end_all(session: Session, count_id: str, reason: str, now_us: int) -> None:
    """Nothing more of a count is booked: what is open is not counted, the rest is rejected.

    A bin that was said to be complete is said so no more.
    """
    live = frozenset(LineState) - ENDED - OPEN
    for states, ended in (
        (OPEN, {"state": LineState.NOT_COUNTED}),
        (live, {"state": LineState.REJECTED, "reason": reason}),
    ):
        session.execute(
            update(CountLine)
            .where(CountLine.session_id == count_id, CountLine.state.in_(sorted(states)))
            .values(**ended)
            .execution_options(synchronize_session=False)
        )
    session.execute(
        update(CompleteBin)
        .where(CompleteBin.session_id == count_id, CompleteBin.voided_us.is_(None))
        .values(voided_us=now_us)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
