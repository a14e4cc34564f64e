"""Counts of very many lines: what needs no arithmetic is judged and booked by a few statements.

Most lines of a count match. A line that matches moves no goods and no money, so nothing of it has
to pass through Python; the result is the same, row by row, as that of `Posting.post`.
"""

from functools import cache
from typing import Any, Final

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
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import LineState
from stockscan.domain.ledger import RANK_COUNT, MovementKind
from stockscan.store.counts.rows import CompleteBin, CountLine
from stockscan.store.db import Base, on_postgresql
from stockscan.store.ledger import Posting
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement

KEY: Final = ("part_id", "location_id", "lot", "serial")
_DEAD: Final = (LineState.VOIDED, LineState.REJECTED, LineState.NOT_COUNTED)
_DRAW = text("SELECT first, fence FROM stockscan_next_movements(:many)")
_TABLES: Final = Base.metadata.tables


def match_many(
    session: Session, count_id: str, now_us: int, *, counter_id: int | None = None
) -> int:
    """Judge the counted lines that agree with the books and are their record's only attempt.

    Of one counter, or of all. They become MATCHED, and how right the books were is kept.
    Returns how many there were; the others are for `judge`.
    """
    of_whom = () if counter_id is None else (CountLine.counter_id == counter_id,)
    statement = _matching().where(CountLine.session_id == count_id, *of_whom)
    done: Any = session.connection().execute(statement, {"now_us": now_us})
    session.expire_all()
    return int(done.rowcount)


def post_many(posting: Posting, count_id: str, most: int) -> int:
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
        first, fence = connection.execute(_DRAW, {"many": made}).one()
        values |= {"first_seq": first, "fence": fence}
    connection.execute(_adjustments(numbered=on_postgresql(connection)), values)
    posting.session.expire_all()
    return made


def _same_key(table: Any, other: Any = CountLine) -> tuple[ColumnElement[bool], ...]:
    return (
        table.part_id == other.part_id,
        table.location_id == other.location_id,
        table.lot == other.lot,
        table.serial == other.serial,
    )


def _book() -> ColumnElement[int]:
    """As `stock.book_at_count`: the balance less all that is ordered behind the count."""
    behind = (
        select(func.coalesce(func.sum(Movement.quantity_milli), 0))
        .where(
            *_same_key(Movement),
            # The first condition is what the index can use.
            Movement.effective_us >= CountLine.counted_us,
            or_(Movement.effective_us > CountLine.counted_us, Movement.rank >= RANK_COUNT),
        )
        .correlate(CountLine)
        .scalar_subquery()
    )
    balance = (
        select(Balance.quantity_milli)
        .where(*_same_key(Balance))
        .correlate(CountLine)
        .scalar_subquery()
    )
    return cast(func.coalesce(balance, 0) - behind, BigInteger)


def _cost() -> Any:
    """The part's average, or its list cost where it never had one."""
    average = select(PartWorth.average_e4).where(PartWorth.part_id == CountLine.part_id)
    listed = select(Part.list_cost_e4).where(Part.id == CountLine.part_id)
    return func.coalesce(
        average.correlate(CountLine).scalar_subquery(),
        listed.correlate(CountLine).scalar_subquery(),
    )


@cache
def _matching() -> Update:
    other = aliased(CountLine)
    alone = ~exists(
        select(other.id)
        .where(
            *_same_key(other),
            other.session_id == CountLine.session_id,
            other.id != CountLine.id,
            other.state.not_in(_DEAD),
        )
        .correlate(CountLine)
    )
    abc = select(Part.abc_class).where(Part.id == CountLine.part_id).correlate(CountLine)
    return (
        update(CountLine)
        .where(CountLine.state == LineState.COUNTED, CountLine.counted_milli == _book(), alone)
        .values(
            state=LineState.MATCHED,
            book_milli=CountLine.counted_milli,
            variance_milli=0,
            reason="",
            measured_us=func.coalesce(CountLine.measured_us, bindparam("now_us")),
            measured_book_milli=func.coalesce(
                CountLine.measured_book_milli, CountLine.counted_milli
            ),
            measured_variance_milli=func.coalesce(CountLine.measured_variance_milli, 0),
            measured_cost_e4=func.coalesce(CountLine.measured_cost_e4, _cost()),
            measured_class=func.coalesce(CountLine.measured_class, abc.scalar_subquery()),
        )
        .execution_options(synchronize_session=False)
    )


@cache
def _anchors() -> Update:
    declared_later = exists(
        select(CompleteBin.id)
        .where(
            CompleteBin.location_id == CountLine.location_id,
            CompleteBin.voided_us.is_(None),
            CompleteBin.effective_us > CountLine.counted_us,
        )
        .correlate(CountLine)
    )
    line = aliased(CountLine)
    chosen = (
        select(line.id)
        .where(line.session_id == bindparam("count_id"), line.state == LineState.MATCHED)
        .order_by(line.id)
        .limit(bindparam("most"))
    )
    return (
        update(CountLine)
        .where(
            CountLine.id.in_(chosen),
            CountLine.state == LineState.MATCHED,
            CountLine.counted_milli == _book(),
            ~declared_later,
        )
        .values(
            state=LineState.POSTED,
            posted_us=bindparam("now_us"),
            book_milli=CountLine.counted_milli,
            variance_milli=0,
            cost_e4=_cost(),
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
    known = exists(select(Balance.part_id).where(*_same_key(Balance)).correlate(CountLine))
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
