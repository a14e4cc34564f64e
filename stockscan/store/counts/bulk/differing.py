"""Booking many lines of a count that differ from the books: their values are worked out together.

The result is the same, row by row, as that of `Posting.post` and `Posting.settle`.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from stockscan.domain.counts import LineState
from stockscan.domain.ledger import RANK_COUNT, MovementKind
from stockscan.domain.valuation import Settled, Worth, settle, value_at_average
from stockscan.store.counts.anchors import key_bound
from stockscan.store.counts.bulk.asof import (
    KEY,
    book,
    declared_complete_later,
    has_other_attempt,
    same_key,
)
from stockscan.store.counts.bulk.drawing import draw
from stockscan.store.counts.rows import CountLine, CountQuestion
from stockscan.store.db import on_postgresql
from stockscan.store.ledger import Posting
from stockscan.store.operations import Operation
from stockscan.store.parts import PartWorth
from stockscan.store.stock import Balance, Movement


def post_differing(
    posting: Posting, count_id: str, most: int, *, approve: bool, own: bool = False
) -> int:
    """Book at most `most` plain lines that differ from the books, as of their own instants.

    Those that were accepted; with `approve` those too that wait for a person, though not the
    actor's own unless `own`. Call `locks.hold_ledger` first. Returns how many became anchors. What
    is not plain is left: serials, several attempts, a variance that is another one by now,
    something that stands behind the count, a part whose worth has to be revalued.
    """
    connection = posting.session.connection()
    found = connection.execute(_plain(posting, count_id, approve=approve, own=own).limit(most))
    worths, rows = _settled(found.all())
    if not rows:
        return 0
    lines = [{"line_id": row.id, "cost_e4": worths[row.part_id][0].average_e4} for row, _ in rows]
    approver_id = posting.person_id if approve else None
    connection.execute(_anchor(posting.now_us, approver_id), lines)
    connection.execute(insert(Movement), _adjustments(posting, worths, rows))
    connection.execute(
        _ADD, [{**_key_values(row), "change": row.variance_milli} for row, _ in rows]
    )
    parts = {row.part_id for row, _ in rows}
    connection.execute(
        _SET_WORTH,
        [{"of": part_id, **asdict(worths[part_id][1].worth)} for part_id in sorted(parts)],
    )
    posting.session.expire_all()
    return len(rows)


_ADD = (
    update(Balance)
    .where(*key_bound(Balance))
    .values(quantity_milli=Balance.quantity_milli + bindparam("change"))
)
_SET_WORTH = (
    update(PartWorth)
    .where(PartWorth.part_id == bindparam("of"))
    .values({name: bindparam(name) for name in ("quantity_milli", "value_e4", "average_e4")})
)


def _plain(posting: Posting, count_id: str, *, approve: bool, own: bool) -> Any:
    """The lines in question, with the worth of their parts."""
    states = [LineState.MATCHED] + [LineState.NEEDS_REVIEW] * approve
    plain = (
        select(
            CountLine.id,
            *(getattr(CountLine, name) for name in KEY),
            CountLine.counted_us,
            CountLine.variance_milli,
            PartWorth.quantity_milli,
            PartWorth.value_e4,
            PartWorth.average_e4,
        )
        .join(PartWorth, PartWorth.part_id == CountLine.part_id)
        .join(Balance, and_(*same_key(Balance)))
        .where(
            CountLine.session_id == count_id,
            CountLine.state.in_(states),
            CountLine.serial == "",
            CountLine.measured_us.is_not(None),
            CountLine.counted_milli - CountLine.variance_milli == book(),
            ~declared_complete_later(),
            ~has_other_attempt(),
            *(~exists(unusual.correlate(CountLine)) for unusual in _unusual()),
        )
        .order_by(CountLine.id)
    )
    return plain if own or not approve else plain.where(*_not_by(posting.person_id))


def _unusual() -> tuple[Any, ...]:
    """An anchor behind the count, a question about it."""
    anchor = aliased(CountLine)
    return (
        select(anchor.id).where(
            *same_key(anchor),
            anchor.state == LineState.POSTED,
            anchor.counted_us > CountLine.counted_us,
        ),
        select(CountQuestion.id).where(
            CountQuestion.line_id == CountLine.id, CountQuestion.answer.is_(None)
        ),
    )


def _not_by(person_id: int) -> tuple[Any, Any]:
    """Neither counted by this person, nor typed in."""
    typed = select(Operation.id).where(
        Operation.id == CountLine.operation_id, Operation.actor_id == person_id
    )
    counted = func.coalesce(CountLine.counter_id, 0) == person_id
    return ~counted, ~exists(typed.correlate(CountLine))


def _settled(
    lines: Sequence[Any],
) -> tuple[dict[int, tuple[Worth, Settled]], list[tuple[Any, int]]]:
    """The parts' worth before and after, and the lines with their values; parts that would have to
    be revalued are left out."""
    values: dict[int, list[tuple[Any, int]]] = defaultdict(list)
    before: dict[int, Worth] = {}
    for row in lines:
        worth = Worth(row.quantity_milli, row.value_e4, row.average_e4)
        before[row.part_id] = worth
        values[row.part_id].append((row, value_at_average(worth, row.variance_milli)))
    worths = {
        part_id: (
            before[part_id],
            settle(
                before[part_id],
                quantity_milli=sum(row.variance_milli for row, _ in rows),
                value_e4=sum(value for _, value in rows),
            ),
        )
        for part_id, rows in values.items()
    }
    kept = [
        each
        for part_id, rows in values.items()
        if not worths[part_id][1].revaluation_e4
        for each in rows
    ]
    return worths, sorted(kept, key=lambda each: each[0].id)


def _adjustments(
    posting: Posting, worths: dict[int, tuple[Worth, Settled]], rows: Collection[tuple[Any, int]]
) -> list[dict[str, Any]]:
    leg, numbers = posting.take_legs(len(rows)), {}
    connection = posting.session.connection()
    if on_postgresql(connection):
        first_seq, fence = draw(connection, len(rows))
        numbers = {"seq": first_seq, "fence": fence}
    return [
        {
            **{name: number + (nth if name == "seq" else 0) for name, number in numbers.items()},
            "kind": MovementKind.COUNT_ADJUST.value,
            **{name: getattr(row, name) for name in KEY},
            "quantity_milli": row.variance_milli,
            "unit_cost_e4": worths[row.part_id][0].average_e4,
            "value_e4": value,
            "effective_us": row.counted_us,
            "rank": RANK_COUNT,
            "recorded_us": posting.now_us,
            "person_id": posting.person_id,
            "count_line_id": row.id,
            "reason": "",
            "note": "",
            "removed_serial": "",
            "operation_id": posting.operation_id,
            "origin_id": posting.origin_id,
            "leg": leg + nth,
        }
        for nth, (row, value) in enumerate(rows)
    ]


def _anchor(now_us: int, approver_id: int | None) -> Any:
    return (
        update(CountLine)
        .where(CountLine.id == bindparam("line_id"))
        .values(
            state=LineState.POSTED,
            posted_us=now_us,
            book_milli=CountLine.counted_milli - CountLine.variance_milli,
            cost_e4=bindparam("cost_e4"),
            approver_id=approver_id,
        )
        .execution_options(synchronize_session=False)
    )


def _key_values(row: Any) -> dict[str, Any]:
    return {f"key_{name}": getattr(row, name) for name in KEY}
