"""Booking the lines of a count that match: no goods and no money move, so SQL alone does it.

The result is the same, row by row, as that of `Posting.post`.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    String,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import LineState
from stockscan.domain.ledger import RANK_COUNT, MovementKind
from stockscan.store.counts.bulk.asof import (
    KEY,
    book,
    cost,
    declared_complete_later,
    has_other_attempt,
)
from stockscan.store.counts.bulk.drawing import draw
from stockscan.store.counts.rows import CountLine
from stockscan.store.db import insert_into, on_postgresql
from stockscan.store.ledger import Posting
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement


def post_matching(posting: Posting, count_id: str, most: int) -> int:
    """Book at most `most` MATCHED lines whose variance is still zero, as of their own instants.

    Call `locks.hold_ledger` first. Returns how many became anchors; lines whose books changed, and
    those in bins that were declared complete later or counted twice, are left for `Posting.post`.
    """
    connection = posting.session.connection()
    of = {"count_id": count_id, "now_us": posting.now_us, "most": most}
    made = connection.execute(_anchors(), of).scalars().all()
    if not made:
        return 0
    connection.execute(_worth_rows(connection), {"made": made})
    connection.execute(_balance_rows(connection), {"made": made})
    values = {
        "made": made,
        "now_us": posting.now_us,
        "person_id": posting.person_id,
        "operation_id": posting.operation_id,
        "leg": posting.take_legs(len(made)),
    }
    if on_postgresql(connection):
        first_seq, fence = draw(connection, len(made))
        values |= {"first_seq": first_seq, "fence": fence}
    connection.execute(_adjustments(numbered=on_postgresql(connection)), values)
    posting.session.expire_all()
    return len(made)


# By their ids, so that each call looks at its own lines only.
_MADE: Final = CountLine.id.in_(bindparam("made", expanding=True))


@cache
def _anchors() -> Any:
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
            ~has_other_attempt(),
        )
        .values(
            state=LineState.POSTED,
            posted_us=bindparam("now_us"),
            book_milli=CountLine.counted_milli,
            variance_milli=0,
            cost_e4=cost(),
        )
        .returning(CountLine.id)
        .execution_options(synchronize_session=False)
    )


def _worth_rows(connection: Connection) -> Any:
    """A part that is counted before it ever had an average stands at its list cost."""
    parts = select(Part.id, literal(0), literal(0), Part.list_cost_e4).where(
        Part.id.in_(select(CountLine.part_id).where(_MADE))
    )
    columns = ["part_id", "quantity_milli", "value_e4", "average_e4"]
    return insert_into(connection, PartWorth).from_select(columns, parts).on_conflict_do_nothing()


def _balance_rows(connection: Connection) -> Any:
    keys = select(*(getattr(CountLine, name) for name in KEY), literal(0)).where(_MADE)
    rows = insert_into(connection, Balance).from_select([*KEY, "quantity_milli"], keys)
    return rows.on_conflict_do_nothing()


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
    rows = select(*row.values()).where(_MADE).order_by(CountLine.id)
    return insert(Movement).from_select(list(row), rows)
