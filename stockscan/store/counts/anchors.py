"""Counts as the ledger meets them: anchors, complete bins, windows, and the instants they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.ledger import RANK_GOODS, Key
from stockscan.store.counts.rows import CompleteBin, CountLine, CountSession

LATE: Final = "Booked late in a bin that was said to be complete."


@dataclass(frozen=True, slots=True)
class Anchor:
    """A posted line as the ledger sees it."""

    line_id: int
    counted_us: int
    cost_e4: int


def same_key(table: Any, key: Key) -> tuple[Any, ...]:
    """The conditions that a row of `table` belongs to `key`."""
    return (
        table.part_id == key.part_id,
        table.location_id == key.location_id,
        table.lot == key.lot,
        table.serial == key.serial,
    )


def key_bound(table: Any) -> tuple[Any, ...]:
    """The same conditions for statements that are built once; see `key_values`."""
    return (
        table.part_id == bindparam("key_part_id"),
        table.location_id == bindparam("key_location_id"),
        table.lot == bindparam("key_lot"),
        table.serial == bindparam("key_serial"),
    )


def key_values(key: Key) -> dict[str, Any]:
    """What to send along with a statement of `key_bound`."""
    return {
        "key_part_id": key.part_id,
        "key_location_id": key.location_id,
        "key_lot": key.lot,
        "key_serial": key.serial,
    }


# Asked by every movement, so built once.
_FIRST_ANCHOR = (
    select(CountLine.id, CountLine.counted_us, CountLine.cost_e4)
    .where(
        *key_bound(CountLine),
        CountLine.state == LineState.POSTED,
        CountLine.counted_us >= bindparam("from"),
    )
    .order_by(CountLine.counted_us, CountLine.id)
    .limit(1)
)
# A key that was counted in the same visit or the same count speaks for itself.
_LINED = or_(
    CountLine.complete_bin_id == CompleteBin.id,
    CountLine.session_id == CompleteBin.session_id,
    CountLine.counted_us.between(CompleteBin.window_start_us, CompleteBin.effective_us),
)
_UNLINED = (
    select(CompleteBin)
    .where(
        CompleteBin.location_id == bindparam("key_location_id"),
        CompleteBin.voided_us.is_(None),
        CompleteBin.effective_us >= bindparam("from"),
        ~select(CountLine.id).where(_LINED, *key_bound(CountLine)).exists(),
    )
    .order_by(CompleteBin.effective_us)
)
_UNVOIDED = (
    select(CountLine)
    .where(
        *key_bound(CountLine),
        CountLine.counted_us.is_not(None),
        CountLine.counted_us >= bindparam("low"),
        CountLine.window_start_us <= bindparam("high"),
        CountLine.state.not_in([LineState.VOIDED, LineState.REJECTED]),
    )
    .order_by(CountLine.counted_us, CountLine.id)
)
_TAKEN = (
    select(CountLine.counted_us)
    .where(
        *key_bound(CountLine),
        CountLine.counted_us.between(bindparam("low"), bindparam("high")),
    )
    .union_all(
        select(CompleteBin.effective_us).where(
            CompleteBin.location_id == bindparam("key_location_id"),
            CompleteBin.effective_us.between(bindparam("low"), bindparam("high")),
        )
    )
)


def first_anchor_behind(session: Session, key: Key, effective_us: int, rank: int) -> Anchor | None:
    """The earliest anchor of the key that stands behind the position (effective_us, rank)."""
    row = session.execute(
        _FIRST_ANCHOR, {**key_values(key), "from": _first_behind(effective_us, rank)}
    ).first()
    return Anchor(row.id, row.counted_us or 0, row.cost_e4 or 0) if row else None


def unlined_complete_bins(
    session: Session, key: Key, effective_us: int, rank: int
) -> Sequence[CompleteBin]:
    """Statements "these are all" behind the position that have no line for this key yet."""
    return session.scalars(
        _UNLINED, {**key_values(key), "from": _first_behind(effective_us, rank)}
    ).all()


def waits_as(session: Session, complete: CompleteBin) -> LineState | None:
    """As what a key that nobody had heard of waits, like the rest of a planned count that goes on.

    None where nothing is waited for: a count of its own, or one that is booked.
    """
    head = session.get(CountSession, complete.session_id)
    if head is None or head.number is None:
        return None
    waiting = {
        SessionState.OPEN.value: LineState.COUNTED,
        SessionState.SUBMITTED.value: LineState.NEEDS_REVIEW,
    }
    return waiting.get(head.state)


def unvoided_lines(session: Session, key: Key, *, low_us: int, high_us: int) -> Sequence[CountLine]:
    """Counted lines of the key whose window touches [low_us, high_us], in physical order."""
    values = {**key_values(key), "low": low_us, "high": high_us}
    return session.scalars(_UNVOIDED, values).all()


def taken_by_counts(session: Session, key: Key, low_us: int, high_us: int) -> set[int]:
    """The instants in [low_us, high_us] that counts of the key, or of its whole bin, hold."""
    values = {**key_values(key), "low": low_us, "high": high_us}
    return set(session.scalars(_TAKEN, values))


def _first_behind(effective_us: int, rank: int) -> int:
    """A count stands behind the goods of its own instant, but not behind another count of it."""
    return effective_us if rank == RANK_GOODS else effective_us + 1


def current(session: Session, line_id: int) -> CountLine | None:
    """The line, or what replaced it last."""
    line = session.get(CountLine, line_id)
    while line is not None:
        following = session.scalars(
            select(CountLine).where(CountLine.replaces_id == line.id)
        ).first()
        if following is None:
            return line
        line = following
    return None
