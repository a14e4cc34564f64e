"""The books as many counts met them, as expressions that a statement about lines can use."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from stockscan.domain.ledger import RANK_COUNT
from stockscan.store.counts.rows import CompleteBin, CountLine
from stockscan.store.counts.sessions import DEAD
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement

KEY: Final = ("part_id", "location_id", "lot", "serial")


def same_key(table: Any, other: Any = CountLine) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a row of a table is of the same key as a line."""
    return (
        table.part_id == other.part_id,
        table.location_id == other.location_id,
        table.lot == other.lot,
        table.serial == other.serial,
    )


def book() -> ColumnElement[int]:
    """As `stock.book_at_count`: the balance less all that is ordered behind the count."""
    behind = (
        select(func.coalesce(func.sum(Movement.quantity_milli), 0))
        .where(
            *same_key(Movement),
            # The first condition is what the index can use.
            Movement.effective_us >= CountLine.counted_us,
            or_(Movement.effective_us > CountLine.counted_us, Movement.rank >= RANK_COUNT),
        )
        .correlate(CountLine)
        .scalar_subquery()
    )
    balance = (
        select(Balance.quantity_milli)
        .where(*same_key(Balance))
        .correlate(CountLine)
        .scalar_subquery()
    )
    return cast(func.coalesce(balance, 0) - behind, BigInteger)


def cost() -> Any:
    """The part's average, or its list cost where it never had one."""
    average = select(PartWorth.average_e4).where(PartWorth.part_id == CountLine.part_id)
    listed = select(Part.list_cost_e4).where(Part.id == CountLine.part_id)
    return func.coalesce(
        average.correlate(CountLine).scalar_subquery(),
        listed.correlate(CountLine).scalar_subquery(),
    )


def declared_complete_later() -> ColumnElement[bool]:
    """Whether the whole bin of a line was declared complete after it was counted."""
    return exists(
        select(CompleteBin.id)
        .where(
            CompleteBin.location_id == CountLine.location_id,
            CompleteBin.voided_us.is_(None),
            CompleteBin.effective_us > CountLine.counted_us,
        )
        .correlate(CountLine)
    )


def has_other_attempt() -> ColumnElement[bool]:
    """Whether the record of a line has another attempt, which booking the line would end."""
    other = aliased(CountLine)
    return exists(
        select(other.id)
        .where(
            other.session_id == CountLine.session_id,
            other.part_id == CountLine.part_id,
            other.location_id == CountLine.location_id,
            other.lot == CountLine.lot,
            other.attempt != CountLine.attempt,
            other.state.not_in(sorted(DEAD)),
        )
        .correlate(CountLine)
    )
