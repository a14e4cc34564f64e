"""Lots and serials: when they expire, how much of each is where, and where one serial is now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.codes import Kind
from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset
from stockscan.store.db import Base, Big
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.stock import Balance, Movement


class Lot(Base):
    """A lot of a part, or one serial of a part that is tracked so, as it was first spelled."""

    __tablename__ = "lot"
    __table_args__ = (Index("ix_lot_lower", "part_id", text("lower(lot)")),)

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    lot: Mapped[str] = mapped_column(primary_key=True)
    expires_on: Mapped[date | None]
    created_us: Mapped[int] = mapped_column(Big)


@dataclass(frozen=True, slots=True)
class Batch:
    """How much of one lot, or whether one serial, is in a bin or on an asset."""

    lot: str
    serial: str
    expires_on: date | None
    quantity_milli: int

    @property
    def is_there(self) -> bool:
        """Whether there is any of it; the books may also say less than nothing."""
        return self.quantity_milli > 0


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place that holds a serial: a bin, or an asset that it is installed on."""

    kind: Kind
    id: int
    code: str
    name: str
    quantity_milli: int


def lot_of(table: Any) -> Any:
    """The condition that a row of `Lot` is about the lot, or the serial, of a row of `table`.

    A part is tracked by the one or the other, so one of the two is always empty.
    """
    return and_(Lot.part_id == table.part_id, Lot.lot == table.lot + table.serial)


# Written out and not sent along, so that SQLite sees that the index of serials is meant.
_NONE: ColumnElement[str] = literal_column("''")
# First expired, first out; what never expires last.
_FEFO = (Lot.expires_on.is_(None), Lot.expires_on)
# What is fitted to an asset: installs, less what was returned or taken back.
_FITTED = -func.sum(Movement.quantity_milli)

_KNOWN = (
    select(Lot.lot, Lot.expires_on)
    .where(
        Lot.part_id == bindparam("part_id"), func.lower(Lot.lot) == func.lower(bindparam("mark"))
    )
    .order_by(Lot.lot != bindparam("mark"))
    .limit(1)
)
_ON_HAND = (
    select(Balance.lot, Balance.serial, Lot.expires_on, Balance.quantity_milli)
    .outerjoin(Lot, lot_of(Balance))
    .where(
        Balance.part_id == bindparam("part_id"),
        Balance.location_id == bindparam("location_id"),
        Balance.quantity_milli != 0,
    )
    .order_by(*_FEFO, Balance.lot, Balance.serial)
)


def known(connection: Connection | Session, part_id: int, mark: str) -> tuple[str, date | None]:
    """A lot or serial as it was first spelled, and when it expires; `mark` itself if it is new."""
    row = connection.execute(_KNOWN, {"part_id": part_id, "mark": mark}).first()
    return (row.lot, row.expires_on) if row else (mark, None)


def keep(session: Session, part_id: int, mark: str, expires_on: date | None, now_us: int) -> None:
    """Remember a lot or serial; an expiry that it has already is kept."""
    row = session.get(Lot, (part_id, mark))
    if row is None:
        values = {"part_id": part_id, "lot": mark, "expires_on": expires_on, "created_us": now_us}
        session.execute(insert(Lot).values(values))
    elif row.expires_on is None and expires_on is not None:
        session.execute(
            update(Lot).where(Lot.part_id == part_id, Lot.lot == mark).values(expires_on=expires_on)
        )


def on_hand(connection: Connection | Session, part_id: int, location_id: int) -> list[Batch]:
    """The lots or serials of a part in a bin now, first expired first; below nothing included."""
    values = {"part_id": part_id, "location_id": location_id}
    return [Batch(*row) for row in connection.execute(_ON_HAND, values)]


def on_hand_at(session: Session, part_id: int, location_id: int, instant_us: int) -> list[Batch]:
    """The same at an instant in the past."""
    held = func.sum(Movement.quantity_milli)
    return _batches(
        session,
        held,
        Movement.part_id == part_id,
        Movement.location_id == location_id,
        Movement.effective_us <= instant_us,
    )


def fitted(session: Session, part_id: int, asset_id: int) -> list[Batch]:
    """The lots or serials of a part that an asset carries now, first expired first."""
    return _batches(session, _FITTED, Movement.part_id == part_id, Movement.asset_id == asset_id)


def total_at(session: Session, part_id: int, location_id: int) -> int:
    """On hand of a part in a bin over all lots and serials, in thousandths."""
    total = session.scalar(
        select(func.sum(Balance.quantity_milli)).where(
            Balance.part_id == part_id, Balance.location_id == location_id
        )
    )
    return int(total or 0)


def held(connection: Connection, part_code: str, location_code: str) -> list[Batch]:
    """The lots or serials of a part that lie in a bin, both by label code."""
    row = connection.execute(
        select(Part.id, Location.id)
        .join(Location, Location.code == location_code)
        .where(Part.code == part_code)
    ).first()
    batches = on_hand(connection, *row) if row else []
    return [batch for batch in batches if batch.is_there]


def tracking_of(connection: Connection, part_code: str) -> tuple[str, str]:
    """How a part is tracked, and its unit."""
    wanted = select(Part.tracking, Part.unit).where(Part.code == part_code)
    row = connection.execute(wanted).one()
    return row.tracking, row.unit


def names_of_part(connection: Connection, part_id: int) -> tuple[str, str]:
    """The label code and the name of a part."""
    row = connection.execute(select(Part.code, Part.name).where(Part.id == part_id)).one()
    return row.code, row.name


def fullest_bin(session: Session, part_id: int, lot: str, serial: str) -> int | None:
    """The bin that holds most of a lot, or a serial; None where none does."""
    return session.scalar(
        select(Balance.location_id)
        .where(
            Balance.part_id == part_id,
            Balance.lot == lot,
            Balance.serial == serial,
            Balance.quantity_milli > 0,
        )
        .order_by(Balance.quantity_milli.desc())
        .limit(1)
    )


def places_of(connection: Connection | Session, part_id: int, serial: str) -> list[Whereabouts]:
    """Every place that holds a serial by the books: at most one while they are right."""
    bins = connection.execute(
        select(Location.id, Location.code, Location.name, Balance.quantity_milli)
        .join(Balance, Balance.location_id == Location.id)
        .where(
            func.lower(Balance.serial) == func.lower(serial),
            Balance.serial != _NONE,
            Balance.part_id == part_id,
            Balance.quantity_milli > 0,
        )
    )
    assets = connection.execute(
        select(Asset.id, Asset.code, Asset.name, _FITTED)
        .join(Movement, Movement.asset_id == Asset.id)
        .where(
            func.lower(Movement.serial) == func.lower(serial),
            Movement.serial != _NONE,
            Movement.part_id == part_id,
        )
        .group_by(Asset.id, Asset.code, Asset.name)
        .having(_FITTED > 0)
    )
    return [
        *(Whereabouts(Kind.LOCATION, *row) for row in bins),
        *(Whereabouts(Kind.ASSET, *row[:3], int(row[3])) for row in assets),
    ]


def part_of_serial(connection: Connection | Session, serial: str) -> tuple[int, str] | None:
    """The part with a stock serial, in any case, and the serial as it is booked.

    None where no part has it, or several have.
    """
    rows = connection.execute(
        select(Balance.part_id, Balance.serial)
        .distinct()
        .where(func.lower(Balance.serial) == func.lower(serial), Balance.serial != _NONE)
        .limit(2)
    ).all()
    return (rows[0].part_id, rows[0].serial) if len(rows) == 1 else None


def last_taking(connection: Connection | Session, part_id: int, serial: str) -> str | None:
    """The kind of the last movement that took a serial out of its bin; None if it never moved."""
    return connection.execute(
        select(Movement.kind)
        .where(
            func.lower(Movement.serial) == func.lower(serial),
            Movement.serial != _NONE,
            Movement.part_id == part_id,
            Movement.quantity_milli < 0,
            Movement.kind.in_((MovementKind.ISSUE, MovementKind.SCRAP, MovementKind.COUNT_ADJUST)),
        )
        .order_by(Movement.effective_us.desc(), Movement.seq.desc())
        .limit(1)
    ).scalar()


def _batches(session: Session, quantity: Any, *conditions: Any) -> list[Batch]:
    rows = session.execute(
        select(Movement.lot, Movement.serial, Lot.expires_on, quantity)
        .outerjoin(Lot, lot_of(Movement))
        .where(*conditions)
        .group_by(Movement.lot, Movement.serial, Lot.expires_on)
        .having(quantity != 0)
        .order_by(*_FEFO, Movement.lot, Movement.serial)
    )
    return [Batch(row[0], row[1], row[2], int(row[3])) for row in rows]
