"""Which records a count is about, as one select: part, place, lot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from stockscan.domain.counts import ENDED, LineState, SessionState
from stockscan.domain.counts.scope import Scope, Why
from stockscan.domain.figures import E4, MINOR
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.counts.schedule import DAY_US, dated_records, is_there, same_record
from stockscan.store.operations import Operation
from stockscan.store.settings import Settings
from stockscan.store.stock import GOODS_KINDS, Movement

# Of a record that is wrong too often another count is asked for after so many days, not at once.
AGAIN_DAYS: Final = 30
ACCURACY_DAYS: Final = 365

_RUNNING = (SessionState.OPEN.value, SessionState.SUBMITTED.value)
_LIVE = tuple(state.value for state in LineState if state not in ENDED)


def keys_in_scope(scope: Scope, settings: Settings, now_us: int) -> Select[tuple[int, int, str]]:
    """The records of a scope: `part_id`, `location_id` and `lot`, each once, in no order.

    A record is what has stock (also less than none), or what belongs there: a part at its usual
    bin. With `Why.ZERO` also what once lay somewhere. Parts kept by lots have no usual bin: it
    would not say which lot. Serials of one part in one bin are one record.
    """
    records = dated_records(scope, settings)
    asked = _Asked(scope, settings, now_us, records)
    found = select(records.c.part_id, records.c.location_id, records.c.lot)
    found = found.where(*_conditions(asked))
    if scope.leaves_running:
        busy = running()
        found = found.outerjoin(busy, same_record(busy.c, records)).where(busy.c.part_id.is_(None))
    if scope.most is None:
        return found
    first = (records.c.due_us, records.c.part_id, records.c.location_id, records.c.lot)
    chosen = found.order_by(*first).limit(scope.most).subquery("chosen")
    return select(chosen.c.part_id, chosen.c.location_id, chosen.c.lot)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the records, in one value."""

    scope: Scope
    settings: Settings
    now_us: int
    records: FromClause

    @property
    def counted_us(self) -> Any:
        """When a record was counted last, 0 for never."""
        return func.coalesce(self.records.c.counted_us, 0)


def _conditions(asked: _Asked) -> list[ColumnElement[bool]]:
    scope = asked.scope
    found = [
        or_(*(_REASONS[why](asked) for why in scope.why)) if scope.why else is_there(asked.records)
    ]
    if scope.counted_before_us is not None:
        found.append(asked.counted_us < scope.counted_before_us)
    return found


def running() -> FromClause:
    """The records that some count has under way: to be counted, or to be decided; each once."""
    return (
        select(CountLine.part_id, CountLine.location_id, CountLine.lot)
        .join(CountSession, CountSession.id == CountLine.session_id)
        .where(CountSession.state.in_(_RUNNING), CountLine.state.in_(_LIVE))
        .distinct()
        .subquery("running")
    )


def _is_zero(asked: _Asked) -> ColumnElement[bool]:
    return asked.records.c.book_milli == 0


def _is_negative(asked: _Asked) -> ColumnElement[bool]:
    return asked.records.c.book_milli < 0


def _is_due(asked: _Asked) -> ColumnElement[bool]:
    return and_(is_there(asked.records), asked.records.c.due_us <= asked.now_us)


def _is_emptied(asked: _Asked) -> ColumnElement[bool]:
    went_out = select(literal(1)).where(*_goods_since(asked), Movement.quantity_milli < 0)
    return and_(asked.records.c.book_milli <= 0, went_out.exists())


def _turned_over(asked: _Asked) -> ColumnElement[bool]:
    most_minor = asked.settings.count_turnover_minor
    if most_minor is None:
        return false()
    went_e4 = select(func.coalesce(func.sum(func.abs(Movement.value_e4)), 0))
    through_e4 = went_e4.where(*_goods_since(asked)).scalar_subquery()
    return through_e4 >= most_minor * (E4 // MINOR)


def _goods_since(asked: _Asked) -> list[ColumnElement[bool]]:
    return [
        same_record(Movement, asked.records),
        Movement.kind.in_(GOODS_KINDS),
        Movement.effective_us > asked.counted_us,
    ]


def _is_inaccurate(asked: _Asked) -> ColumnElement[bool]:
    right = case((CountLine.measured_variance_milli == 0, 10_000), else_=0)
    lately = CountLine.measured_us >= asked.now_us - ACCURACY_DAYS * DAY_US
    share_bp = select(func.avg(right)).where(same_record(CountLine, asked.records), lately)
    return and_(
        is_there(asked.records),
        asked.counted_us <= asked.now_us - AGAIN_DAYS * DAY_US,
        share_bp.scalar_subquery() < asked.settings.count_low_bp,
    )


def _was_touched(asked: _Asked) -> ColumnElement[bool]:
    touched = (
        select(Movement.part_id, Movement.location_id, Movement.lot)
        .join(Operation, Operation.id == Movement.operation_id)
        .where(
            Operation.actor_id == asked.scope.touched_by,
            Operation.received_us >= (asked.scope.touched_since_us or 0),
        )
    )
    record = asked.records.c
    return tuple_(record.part_id, record.location_id, record.lot).in_(touched)


_REASONS: Final[dict[Why, Callable[[_Asked], ColumnElement[bool]]]] = {
    Why.DUE: _is_due,
    Why.ZERO: _is_zero,
    Why.NEGATIVE: _is_negative,
    Why.EMPTIED: _is_emptied,
    Why.TURNOVER: _turned_over,
    Why.INACCURATE: _is_inaccurate,
    Why.TOUCHED: _was_touched,
}
