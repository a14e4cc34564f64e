"""The stock ledger's rows: append-only movements and the balances folded from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from stockscan.domain.ledger import RANK_COUNT, RANK_GOODS, Key, MovementKind
from stockscan.store.counts import CompleteBin, CountLine, key_bound, key_values, same_key
from stockscan.store.db import Base, Big, on_postgresql


def _partial(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )


class Movement(Base):
    """Append-only: a signed quantity and value of one key at one position.

    `seq` is the order of recording, (effective_us, rank, seq) the order of happening. `fence`
    serves the feed on PostgreSQL (see store/ledger.py). `origin_id` names the operation for
    which the goods moved, also on rows that a later operation wrote.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(kind.value for kind in MovementKind)}", name="kind"),
        CheckConstraint("rank IN (0, 1)", name="rank"),
        CheckConstraint("unit_cost_e4 >= 0", name="unit_cost"),
        CheckConstraint("kind <> 'revaluation' OR quantity_milli = 0", name="revaluation"),
        CheckConstraint("(kind = 'reversal') = (reverses_seq IS NOT NULL)", name="reversal_of"),
        CheckConstraint("(kind = 'late_correction') = (late_seq IS NOT NULL)", name="late_of"),
        CheckConstraint(
            "kind NOT IN ('count_adjust', 'late_correction') OR count_line_id IS NOT NULL",
            name="count_line",
        ),
        CheckConstraint(
            "kind NOT IN ('install', 'return_from_asset') OR asset_id IS NOT NULL", name="asset"
        ),
        CheckConstraint(
            "kind NOT IN ('issue', 'install', 'transfer_out', 'scrap') OR quantity_milli < 0",
            name="goes_out",
        ),
        CheckConstraint(
            "kind NOT IN ('opening', 'receive', 'return_from_asset', 'transfer_in')"
            " OR quantity_milli > 0",
            name="comes_in",
        ),
        UniqueConstraint("operation_id", "leg"),
        Index("ix_movement_key", "part_id", "location_id", "lot", "serial", "effective_us", "rank"),
        _partial(
            "uq_movement_reversed_once",
            "reverses_seq",
            where="reverses_seq IS NOT NULL",
            unique=True,
        ),
        _partial(
            "uq_movement_one_adjust", "count_line_id", where="kind = 'count_adjust'", unique=True
        ),
        _partial("ix_movement_count_line", "count_line_id", where="count_line_id IS NOT NULL"),
        _partial("ix_movement_work", "work_id", where="work_id IS NOT NULL"),
        _partial(
            "ix_movement_requisition_line",
            "requisition_line_id",
            where="requisition_line_id IS NOT NULL",
        ),
        _partial("ix_movement_asset", "asset_id", "seq", where="asset_id IS NOT NULL"),
        _partial("ix_movement_serial_lower", text("lower(serial)"), where="serial <> ''"),
        Index("ix_movement_part_seq", "part_id", "seq"),
        Index("ix_movement_origin", "origin_id"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(Big, primary_key=True)
    fence: Mapped[int | None] = mapped_column(Big)
    kind: Mapped[str]
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    quantity_milli: Mapped[int] = mapped_column(Big)
    unit_cost_e4: Mapped[int] = mapped_column(Big)
    value_e4: Mapped[int] = mapped_column(Big)
    effective_us: Mapped[int] = mapped_column(Big)
    rank: Mapped[int] = mapped_column(SmallInteger)
    recorded_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    work_id: Mapped[int | None] = mapped_column(Big)
    requisition_line_id: Mapped[int | None] = mapped_column(Big)
    count_line_id: Mapped[int | None] = mapped_column(ForeignKey("count_line.id"))
    reverses_seq: Mapped[int | None] = mapped_column(ForeignKey("movement.seq"))
    corrects_seq: Mapped[int | None] = mapped_column(ForeignKey("movement.seq"))
    late_seq: Mapped[int | None] = mapped_column(ForeignKey("movement.seq"))
    returns_seq: Mapped[int | None] = mapped_column(ForeignKey("movement.seq"))
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    removed_serial: Mapped[str] = mapped_column(default="")
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))
    origin_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))
    leg: Mapped[int]


class Balance(Base):
    """On hand per key: a cache of the ledger's fold, kept in the same transaction."""

    __tablename__ = "balance"
    __table_args__ = (
        Index("ix_balance_location", "location_id"),
        _partial("ix_balance_serial_lower", text("lower(serial)"), where="serial <> ''"),
    )

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    lot: Mapped[str] = mapped_column(primary_key=True, default="")
    serial: Mapped[str] = mapped_column(primary_key=True, default="")
    quantity_milli: Mapped[int] = mapped_column(Big)


# Kinds that say where goods went; the others answer for them.
GOODS_KINDS = tuple(
    kind.value
    for kind in MovementKind
    if kind
    not in {
        MovementKind.COUNT_ADJUST,
        MovementKind.LATE_CORRECTION,
        MovementKind.REVERSAL,
        MovementKind.REVALUATION,
    }
)


# Asked by every movement, so built once.
_ANSWER = aliased(Movement)
_REVERSED = select(_ANSWER.seq).where(_ANSWER.reverses_seq == Movement.seq).exists()
_ON_HAND = select(Balance.quantity_milli).where(*key_bound(Balance))
_INSTANTS = select(Movement.effective_us).where(
    *key_bound(Movement),
    Movement.rank == RANK_GOODS,
    Movement.kind != MovementKind.REVALUATION,
    Movement.effective_us.between(bindparam("low"), bindparam("high")),
)


def balance_of(session: Session, key: Key) -> int:
    """On hand of the key in thousandths; 0 where nothing was ever booked."""
    return session.connection().execute(_ON_HAND, key_values(key)).scalar() or 0


@dataclass(frozen=True, slots=True)
class Newest:
    """The last instants at which goods of a key moved and at which it was counted; 0 for never.

    Almost every write happens after both: then nothing has to be looked for.
    """

    moved_us: int
    counted_us: int


_NEWEST = select(
    select(func.max(Movement.effective_us)).where(*key_bound(Movement)).scalar_subquery(),
    select(func.max(CountLine.counted_us)).where(*key_bound(CountLine)).scalar_subquery(),
    select(func.max(CompleteBin.effective_us))
    .where(CompleteBin.location_id == bindparam("key_location_id"))
    .scalar_subquery(),
)


def newest_of(session: Session, key: Key) -> Newest:
    """When the key was touched last."""
    moved, counted, complete = session.connection().execute(_NEWEST, key_values(key)).one()
    return Newest(moved or 0, max(counted or 0, complete or 0))


def book_at_count(session: Session, key: Key, counted_us: int) -> int:
    """The book quantity as a count at `counted_us` meets it: all rows ordered before it.

    Computed from the balance backwards, because counts are recent and histories are long.
    """
    behind = or_(
        Movement.effective_us > counted_us,
        and_(Movement.effective_us == counted_us, Movement.rank >= RANK_COUNT),
    )
    later = session.scalar(
        select(func.coalesce(func.sum(Movement.quantity_milli), 0)).where(
            *same_key(Movement, key), behind
        )
    )
    return balance_of(session, key) - int(later or 0)


def booked_on_line(session: Session, line_id: int) -> int:
    """What a posted count changed so far: its adjustment and the late corrections behind it."""
    total = session.scalar(
        select(func.coalesce(func.sum(Movement.quantity_milli), 0)).where(
            Movement.count_line_id == line_id
        )
    )
    return int(total or 0)


def unreversed(*conditions: Any) -> Any:
    """A select of movements that no other row reverses, in the order of recording."""
    return select(Movement).where(*conditions, ~_REVERSED).order_by(Movement.seq)


def live_goods(session: Session, origin_id: str) -> Sequence[Movement]:
    """The rows by which the operation's goods stand in the books now."""
    wanted = (Movement.origin_id == origin_id, Movement.kind.in_(GOODS_KINDS))
    return session.scalars(unreversed(*wanted)).all()


def last_goods(session: Session, origin_id: str) -> Sequence[Movement]:
    """The operation's latest goods rows, reversed or not: the position that a correction takes."""
    return session.scalars(
        select(Movement)
        .where(Movement.origin_id == origin_id, Movement.kind.in_(GOODS_KINDS))
        .order_by(Movement.seq.desc())
    ).all()


def instants_near(session: Session, key: Key, low_us: int, high_us: int) -> set[int]:
    """The instants in [low_us, high_us] that goods rows of the key hold."""
    values = {**key_values(key), "low": low_us, "high": high_us}
    return set(session.connection().execute(_INSTANTS, values).scalars())


def feed(connection: Connection | Session, after: int, limit: int) -> Sequence[Any]:
    """Movements with seq > after, ascending, only as far as no row can still appear between.

    On PostgreSQL sequence numbers commit out of order. Each row carries a fence: the highest id
    of any transaction that had drawn a number by then. Once every transaction up to the fence has
    ended, all lower numbers are visible or will never be.
    """
    wanted = select(Movement.__table__).where(Movement.seq > after)
    probe = connection.connection() if isinstance(connection, Session) else connection
    if on_postgresql(probe):
        wanted = wanted.where(Movement.seq <= stable_seq(probe).scalar_subquery())
    return connection.execute(wanted.order_by(Movement.seq).limit(limit)).all()


def stable_seq(connection: Connection) -> Select[Any]:
    """The last number up to which no row can still appear, by the rule of `feed`."""
    last = select(Movement.seq).order_by(Movement.seq.desc()).limit(1)
    if not on_postgresql(connection):
        return last
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), String), BigInteger)
    return last.where(Movement.fence < oldest)
