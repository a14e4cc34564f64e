"""Booking the lines of a count that match: no goods and no money move, so SQL alone does it.

The result is the same, row by row, as that of `Posting.post`.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    Update,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import LineState
from stockscan.domain.ledger import RANK_COUNT, MovementKind
from stockscan.store.counts.bulk.asof import KEY, book, cost, declared_complete_later, same_key
from stockscan.store.counts.bulk.drawing import draw
from stockscan.store.counts.rows import CountLine
from stockscan.store.db import on_postgresql
from stockscan.store.ledger import Posting
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement


def post_matching(posting: Posting, count_id: str, most: int) -> int:
    """Book at most `most` MATCHED lines whose variance is still zero, as of their own instants.

    Call `locks.hold_ledger` first. Returns how many became anchors; lines whose books changed, and
    those in bins that were declared complete later, are left for `Posting.post`.
    """
    connection = posting.session.connection()
    values = {"count_id": count_id, "now_us": posting.now_us}
    made = connection.execute(_anchors(), {**values, "most": most}).rowcount
    if not made:
        return 0
    connection.execute(_worth_rows(), values)
    connection.execute(_balance_rows(), values)
    values |= {
        "person_id": posting.person_id,
        "operation_id": posting.operation_id,
        "leg": posting.take_legs(made),
    }
    if on_postgresql(connection):
        first_seq, fence = draw(connection, made)
        values |= {"first_seq": first_seq, "fence": fence}
    connection.execute(_adjustments(numbered=on_postgresql(connection)), values)
    posting.session.expire_all()
    return made


@cache
def _anchors() -> Update:
    line = aliased(CountLine)
    chosen = (
        select(line.id)
        .where(
            line.session_id == bindparam("count_id"),
            line.state == LineState.MATCHED,
            line.variance_milli == 0,
        )
        .order_by(line.id)
        .limit(bindparam("most"))
    )
    return (
        update(CountLine)
        .where(
            CountLine.id.in_(chosen),
            CountLine.state == LineState.MATCHED,
            CountLine.counted_milli == book(),
            ~declared_complete_later(),
        )
        .values(
            state=LineState.POSTED,
            posted_us=bindparam("now_us"),
            book_milli=CountLine.counted_milli,
            variance_milli=0,
            cost_e4=cost(),
        )
        .execution_options(synchronize_session=False)
    )


def _just_made() -> tuple[ColumnElement[bool], ...]:
    """The lines that this call made anchors: their adjustments are not written yet."""
    adjusted = (
        select(Movement.seq)
        .where(Movement.count_line_id == CountLine.id, Movement.kind == MovementKind.COUNT_ADJUST)
        .correlate(CountLine)
    )
    return (
        CountLine.session_id == bindparam("count_id"),
        CountLine.state == LineState.POSTED,
        CountLine.posted_us == bindparam("now_us"),
        ~exists(adjusted),
    )


@cache
def _worth_rows() -> Any:
    """A part that is counted before it ever had an average stands at its list cost."""
    known = exists(select(PartWorth.part_id).where(PartWorth.part_id == Part.id))
    counted = select(CountLine.part_id).where(*_just_made())
    missing = select(Part.id, literal(0), literal(0), Part.list_cost_e4).where(
        Part.id.in_(counted), ~known
    )
    columns = ["part_id", "quantity_milli", "value_e4", "average_e4"]
    return insert(PartWorth).from_select(columns, missing)


@cache
def _balance_rows() -> Any:
    known = exists(select(Balance.part_id).where(*same_key(Balance)).correlate(CountLine))
    key = (CountLine.part_id, CountLine.location_id, CountLine.lot, CountLine.serial)
    missing = select(*key, literal(0)).where(*_just_made(), ~known).distinct()
    return insert(Balance).from_select([*KEY, "quantity_milli"], missing)


@cache
def _adjustments(*, numbered: bool) -> Any:
    """One row of nothing on each anchor, in the order of the lines."""
    nth = func.row_number().over(order_by=CountLine.id) - 1
    row: dict[str, Any] = {
        "kind": literal(MovementKind.COUNT_ADJUST.value),
        "part_id": CountLine.part_id,
        "location_id": CountLine.location_id,
        "lot": CountLine.lot,
        "serial": CountLine.serial,
        "quantity_milli": literal(0),
        "unit_cost_e4": CountLine.cost_e4,
        "value_e4": literal(0),
        "effective_us": CountLine.counted_us,
        "rank": literal(RANK_COUNT),
        "recorded_us": cast(bindparam("now_us"), BigInteger),
        "person_id": cast(bindparam("person_id"), BigInteger),
        "count_line_id": CountLine.id,
        "reason": literal(""),
        "note": literal(""),
        "removed_serial": literal(""),
        "operation_id": cast(bindparam("operation_id"), String),
        "origin_id": cast(bindparam("operation_id"), String),
        "leg": bindparam("leg", type_=BigInteger) + nth,
    }
    if numbered:
        row["seq"] = bindparam("first_seq", type_=BigInteger) + nth
        row["fence"] = cast(bindparam("fence"), BigInteger)
    rows = select(*row.values()).where(*_just_made()).order_by(CountLine.id)
    return insert(Movement).from_select(list(row), rows)
