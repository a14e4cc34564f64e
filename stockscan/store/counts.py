"""Count sessions, lines (a posted one is an anchor), entries, complete bins and open questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.ledger import RANK_GOODS, Key
from stockscan.store.db import Base, Big


class CountSession(Base):
    """Some lines counted together; an ad hoc count is a session of its own."""

    __tablename__ = "count_session"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in SessionState)}", name="state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]
    state: Mapped[str]
    blind: Mapped[bool] = mapped_column(default=True)
    max_attempts: Mapped[int] = mapped_column(default=2)
    scope: Mapped[str] = mapped_column(default="{}")
    tolerance: Mapped[str] = mapped_column(default="{}")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_us: Mapped[int] = mapped_column(Big)
    submitted_us: Mapped[int | None] = mapped_column(Big)
    posted_us: Mapped[int | None] = mapped_column(Big)


class CompleteBin(Base):
    """The statement "these are all" about a location at one instant."""

    __tablename__ = "complete_bin"
    __table_args__ = (Index("ix_complete_bin_location", "location_id", "effective_us"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    effective_us: Mapped[int] = mapped_column(Big)
    window_start_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"), unique=True)
    voided_us: Mapped[int | None] = mapped_column(Big)


class CountLine(Base):
    """One key counted once: the number, its position, and what became of it.

    While POSTED it is an anchor: the book just behind (counted_us, rank 1) equals counted_milli.
    `cost_e4` is the part's average when it was posted, the cost of its adjustment and of every
    late correction behind it.
    """

    __tablename__ = "count_line"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in LineState)}", name="state"),
        CheckConstraint("counted_milli IS NULL OR counted_milli >= 0", name="counted"),
        CheckConstraint(
            "state <> 'POSTED' OR (counted_milli IS NOT NULL AND counted_us IS NOT NULL"
            " AND posted_us IS NOT NULL)",
            name="posted",
        ),
        Index("ix_count_line_key", "part_id", "location_id", "lot", "serial", "counted_us"),
        Index("ix_count_line_location", "location_id", "counted_us"),
        Index(
            "uq_count_line_one_open",
            "part_id",
            "location_id",
            "lot",
            "serial",
            "counter_id",
            unique=True,
            sqlite_where=text("state IN ('PENDING', 'COUNTING')"),
            postgresql_where=text("state IN ('PENDING', 'COUNTING')"),
        ),
        UniqueConstraint("complete_bin_id", "part_id", "location_id", "lot", "serial", "attempt"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    attempt: Mapped[int] = mapped_column(default=1)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(default="")
    counted_us: Mapped[int | None] = mapped_column(Big)
    window_start_us: Mapped[int | None] = mapped_column(Big)
    counted_milli: Mapped[int | None] = mapped_column(Big)
    book_milli: Mapped[int | None] = mapped_column(Big)
    variance_milli: Mapped[int | None] = mapped_column(Big)
    cost_e4: Mapped[int | None] = mapped_column(Big)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    posted_us: Mapped[int | None] = mapped_column(Big)
    voided_us: Mapped[int | None] = mapped_column(Big)
    complete_bin_id: Mapped[int | None] = mapped_column(ForeignKey("complete_bin.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("count_line.id"))
    operation_id: Mapped[str | None] = mapped_column(ForeignKey("operation.id"), index=True)


class CountEntry(Base):
    """One number typed or scanned for a line; the line's count is what the entries say."""

    __tablename__ = "count_entry"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("count_line.id"), index=True)
    quantity_milli: Mapped[int] = mapped_column(Big)
    at_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))


class CountQuestion(Base):
    """ "Before or after the count?", asked of a movement whose side is not certain.

    Until `answer` is given the `preselected` side holds in the books.
    """

    __tablename__ = "count_question"
    __table_args__ = (
        CheckConstraint("reason IN ('window', 'uncertain')", name="reason"),
        CheckConstraint("preselected IN ('before', 'after')", name="preselected"),
        CheckConstraint("answer IS NULL OR answer IN ('before', 'after')", name="answer"),
        UniqueConstraint("line_id", "origin_id"),
        Index("ix_count_question_origin", "origin_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("count_line.id"))
    origin_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))
    reason: Mapped[str]
    preselected: Mapped[str]
    answer: Mapped[str | None]
    asked_us: Mapped[int] = mapped_column(Big)
    answered_us: Mapped[int | None] = mapped_column(Big)


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
_UNLINED = (
    select(CompleteBin)
    .where(
        CompleteBin.location_id == bindparam("key_location_id"),
        CompleteBin.voided_us.is_(None),
        CompleteBin.effective_us >= bindparam("from"),
        ~select(CountLine.id)
        .where(CountLine.complete_bin_id == CompleteBin.id, *key_bound(CountLine))
        .exists(),
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
