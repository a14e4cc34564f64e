"""The ledger's rows behind a number of a report, and who wrote how many of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.reports.narrowing import EVERY, EVERYWHERE, AtPlace, OfParts
from stockscan.store.stock import Movement

# Recorded so much later than it moved: not the minutes on the way, nor a shift without a network.
LATE_US: Final = 24 * 3600 * 1_000_000
# Clocks of several servers may differ by so much.
_APART_US: Final = 3600 * 1_000_000

_UNDONE: Any = aliased(Movement, name="undone")
_LATE: Final = Movement.recorded_us - Movement.effective_us > LATE_US


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: moved from one moment until before another; empty collections mean all.

    `kinds` are those that a row counts as: a reversal as what it takes back, unless `as_recorded`.
    `show` is "late", "undone" (taken back later) or "reversed" (what takes back) for these alone,
    "" for all; `on` is "none" for no machine and "unknown" for machines without a model.
    """

    from_us: int
    until_us: int
    kinds: Collection[MovementKind] = ()
    part_id: int | None = None
    asset_id: int | None = None
    model_id: int | None = None
    person_id: int | None = None
    show: str = ""
    on: str = ""
    lot: str = ""
    as_recorded: bool = False
    blind: Blindness = field(default=SEEING)
    of: OfParts = EVERY
    at: AtPlace = EVERYWHERE


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One movement, as it was recorded; `undoes` is the kind that a reversal takes back."""

    seq: int
    effective_us: int
    recorded_us: int
    kind: str
    undoes: str | None
    part_code: str
    part_number: str
    part: str
    unit: str
    quantity_milli: int
    value_e4: int
    location_code: str
    location: str
    asset_code: str | None
    asset_tag: str | None
    asset: str | None
    person: str
    reason: str
    note: str

    @property
    def is_late(self) -> bool:
        """Whether it was recorded more than a day after it moved."""
        return self.recorded_us - self.effective_us > LATE_US


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a kind a person wrote, how many of them late, and their value together."""

    person_id: int
    person_code: str
    person: str
    kind: str
    rows: int
    late: int
    value_e4: int


def rows_behind(connection: Connection | Session, wanted: Wanted, limit: int) -> list[LedgerRow]:
    """The rows, the newest first."""
    rows = connection.execute(
        _narrowed(connection, _listed(), wanted).order_by(Movement.seq.desc()).limit(limit)
    )
    return rows_as(LedgerRow, rows)


def total_behind(connection: Connection | Session, wanted: Wanted) -> tuple[int, int, int]:
    """How many rows there are, and the sums of their quantities and values."""
    quantity, value = (
        cast(func.coalesce(func.sum(column), 0), BigInteger)
        for column in (Movement.quantity_milli, Movement.value_e4)
    )
    row = connection.execute(
        _narrowed(connection, select(func.count(), quantity, value), wanted)
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def tallies(connection: Connection | Session, wanted: Wanted) -> list[Tally]:
    """Who wrote how many rows of which kind."""
    counted = _narrowed(
        connection,
        select(
            Movement.person_id,
            Movement.kind,
            func.count().label("rows"),
            func.sum(case((_LATE, 1), else_=0)).label("late"),
            cast(func.sum(Movement.value_e4), BigInteger).label("value_e4"),
        ),
        wanted,
    )
    found = counted.group_by(Movement.person_id, Movement.kind).subquery("found")
    rows = connection.execute(
        select(
            Person.id, Person.code, Person.name,
            found.c.kind, found.c.rows, found.c.late, found.c.value_e4,
        )
        .join(Person, Person.id == found.c.person_id)
        .order_by(found.c.rows.desc(), Person.name, found.c.kind)
    )  # fmt: skip
    return rows_as(Tally, rows)


def taken_back(connection: Connection | Session, wanted: Wanted) -> dict[int, int]:
    """How many rows of each person were taken back, by anybody; by the person's number."""
    undone = select(Movement.person_id, func.count()).group_by(Movement.person_id)
    rows = connection.execute(_narrowed(connection, undone.where(_was_undone()), wanted))
    return {row[0]: row[1] for row in rows}


def first_seq(connection: Connection | Session, from_us: int) -> int:
    """A number below which nothing is that moved from then on: nothing moves after it is recorded.

    Rows are numbered in the order of recording, so the first one is found by halves, and no index
    on times is needed.
    """
    recorded = select(Movement.seq, Movement.recorded_us).order_by(Movement.seq).limit(1)
    high = connection.execute(select(func.max(Movement.seq))).scalar() or 0
    low = 0
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(recorded.where(Movement.seq > middle)).first()
        if row is None or row.recorded_us >= from_us - _APART_US:
            high = middle
        else:
            low = row.seq
    return low


def _narrowed(connection: Connection | Session, query: Any, wanted: Wanted) -> Any:
    conditions = [
        Movement.seq > first_seq(connection, wanted.from_us),
        Movement.effective_us >= wanted.from_us,
        Movement.effective_us < wanted.until_us,
        *_by_ids(wanted),
    ]
    if wanted.kinds:
        kinds = [kind.value for kind in wanted.kinds]
        conditions.append(Movement.kind.in_(kinds) if wanted.as_recorded else _counts_as(kinds))
    if wanted.show == "late":
        conditions.append(_LATE)
    if wanted.show == "undone":
        conditions.append(_was_undone())
    if wanted.show == "reversed":
        conditions.append(Movement.kind == MovementKind.REVERSAL)
    if wanted.of:
        conditions.append(wanted.of.has(Movement.part_id))
    if wanted.at:
        conditions.append(wanted.at.has(Movement.location_id))
    if wanted.blind:
        conditions.append(~wanted.blind.hides_part(Movement.part_id))
    return query.where(*conditions)


def _by_ids(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = [
        column == value
        for column, value in (
            (Movement.part_id, wanted.part_id),
            (Movement.asset_id, wanted.asset_id),
            (Movement.person_id, wanted.person_id),
        )
        if value is not None
    ]
    if wanted.model_id is not None:
        of_it = select(Asset.id).where(Asset.model_id == wanted.model_id)
        conditions.append(Movement.asset_id.in_(of_it))
    if wanted.lot:
        conditions.append(Movement.lot == wanted.lot)
    if wanted.on == "none":
        conditions.append(Movement.asset_id.is_(None))
    if wanted.on == "unknown":
        conditions.append(Movement.asset_id.in_(select(Asset.id).where(Asset.model_id.is_(None))))
    return conditions


def _was_undone() -> Any:
    """Whether a later row takes this one back: reversals are few, and each is found by its row."""
    reversal = aliased(Movement)
    return Movement.seq.in_(select(reversal.reverses_seq).where(reversal.reverses_seq.is_not(None)))


def _counts_as(kinds: Sequence[str]) -> Any:
    undone = aliased(Movement)
    took_back = select(undone.kind).where(undone.seq == Movement.reverses_seq).scalar_subquery()
    return or_(
        Movement.kind.in_(kinds),
        and_(Movement.kind == MovementKind.REVERSAL, took_back.in_(kinds)),
    )


@cache
def _listed() -> Select[Any]:
    return (
        select(
            Movement.seq, Movement.effective_us, Movement.recorded_us, Movement.kind,
            _UNDONE.kind, Part.code, Part.part_number, Part.name, Part.unit,
            Movement.quantity_milli, Movement.value_e4, Location.code, Location.name,
            Asset.code, Asset.tag, Asset.name, Person.name, Movement.reason, Movement.note,
        )
        .select_from(Movement)
        .join(Part, Part.id == Movement.part_id)
        .join(Location, Location.id == Movement.location_id)
        .join(Person, Person.id == Movement.person_id)
        .outerjoin(Asset, Asset.id == Movement.asset_id)
        .outerjoin(_UNDONE, _UNDONE.seq == Movement.reverses_seq)
    )  # fmt: skip
