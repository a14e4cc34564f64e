"""Judging many lines by a few statements: those that are their record's only attempt."""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Update,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import LineState, Tolerance
from stockscan.store.counts.bulk.asof import KEY, book, cost, same_key
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession
from stockscan.store.counts.sessions import DEAD, people_of
from stockscan.store.parts import Part


def judge_many(
    session: Session,
    head: CountSession,
    now_us: int,
    *,
    counter_id: int | None = None,
    recounts: bool = True,
) -> int:
    """Judge the counted lines that are their record's first and only attempt, without serials.

    Of one counter, or of all; for a count where each record is counted once. The same as
    `domain.counts.judge` says of a single attempt, with the line for the next one where it is to
    be counted again. Returns how many there were; the others are judged one by one.
    """
    connection = session.connection()
    values = {"count_id": head.id, "now_us": now_us, "of_whom": counter_id}
    judged: Any = connection.execute(_measured(), values)
    tolerance, again = Tolerance.from_json(head.tolerance), recounts and head.max_attempts > 1
    connection.execute(_judged(tolerance, again=again), values)
    if again:
        connection.execute(_recounts(head), values)
    session.expire_all()
    return int(judged.rowcount)


@cache
def _measured() -> Update:
    """How right the books were, as of each count."""
    other = aliased(CountLine)
    not_the_first = exists(
        select(other.id)
        .where(
            other.session_id == CountLine.session_id,
            other.part_id == CountLine.part_id,
            other.location_id == CountLine.location_id,
            other.lot == CountLine.lot,
            other.id != CountLine.id,
            or_(other.state.not_in(DEAD), other.measured_us.is_not(None)),
        )
        .correlate(CountLine)
    )
    abc = select(Part.abc_class).where(Part.id == CountLine.part_id).correlate(CountLine)
    of_whom = cast(bindparam("of_whom"), BigInteger)
    return (
        update(CountLine)
        .where(
            CountLine.session_id == bindparam("count_id"),
            CountLine.state == LineState.COUNTED,
            CountLine.serial == "",
            CountLine.measured_us.is_(None),
            or_(of_whom.is_(None), CountLine.counter_id == of_whom),
            ~not_the_first,
        )
        .values(
            book_milli=book(),
            measured_us=bindparam("now_us"),
            measured_cost_e4=cost(),
            measured_class=abc.scalar_subquery(),
        )
        .execution_options(synchronize_session=False)
    )


def _judged(tolerance: Tolerance, *, again: bool) -> Update:
    variance = CountLine.counted_milli - CountLine.book_milli
    otherwise = LineState.NEEDS_RECOUNT if again else LineState.NEEDS_REVIEW
    return (
        update(CountLine)
        .where(*_just_measured(LineState.COUNTED))
        .values(
            variance_milli=variance,
            measured_book_milli=CountLine.book_milli,
            measured_variance_milli=variance,
            reason="",
            state=case((_acceptable(tolerance), LineState.MATCHED), else_=otherwise),
        )
        .execution_options(synchronize_session=False)
    )


def _just_measured(state: LineState) -> tuple[ColumnElement[bool], ...]:
    return (
        CountLine.session_id == bindparam("count_id"),
        CountLine.state == state,
        CountLine.measured_us == bindparam("now_us"),
    )


def _acceptable(tolerance: Tolerance) -> ColumnElement[bool]:
    """As `Tolerance.allows`, in numbers of any size."""
    off = cast(func.abs(CountLine.counted_milli - CountLine.book_milli), Numeric)
    points = dict(tolerance.basis_points)
    usual = points.get("C", 0)
    share = case(
        *((CountLine.measured_class == name, each) for name, each in points.items()), else_=usual
    )
    within = or_(
        off <= tolerance.absolute_milli,
        off * 10_000 <= share * cast(func.abs(CountLine.book_milli), Numeric),
    )
    if tolerance.value_e4 is not None:
        # Half a unit more is rounded up, and is too much.
        worth = 2 * off * CountLine.measured_cost_e4
        within = and_(within, worth < 2000 * tolerance.value_e4 + 1000)
    return or_(CountLine.counted_milli == CountLine.book_milli, within)


def _recounts(head: CountSession) -> Any:
    """A line for the next attempt, for the first of the count's people who did not count it."""
    first, second, *_ = (*people_of(head), None, None)
    another = cast(case((CountLine.counter_id == first, second), else_=first), BigInteger)
    taken = aliased(CountLine)
    has_it_elsewhere = exists(
        select(taken.id)
        .where(
            *same_key(taken),
            taken.counter_id == another,
            taken.state.in_((LineState.PENDING, LineState.COUNTING)),
        )
        .correlate(CountLine)
    )
    planned = select(CountPlace.place_order).where(
        CountPlace.session_id == CountLine.session_id,
        CountPlace.location_id == CountLine.location_id,
    )
    row: dict[str, Any] = {
        **{name: getattr(CountLine, name) for name in ("session_id", *KEY)},
        "state": literal(LineState.PENDING.value),
        "place_order": func.coalesce(planned.correlate(CountLine).scalar_subquery(), 0),
        "attempt": CountLine.attempt + 1,
        "counter_id": case((has_it_elsewhere, None), else_=another),
        "recount_of_id": CountLine.id,
        **{name: literal("") for name in ("device", "reason", "cause")},
    }
    rows = select(*row.values()).where(*_just_measured(LineState.NEEDS_RECOUNT))
    return insert(CountLine).from_select(list(row), rows.order_by(CountLine.id))
