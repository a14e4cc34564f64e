"""Meters of assets: hours, kilometres, cycles; each with its last reading."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.assets import AssetEvent
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.db import Base, Big
from stockscan.store.people import Person
from stockscan.store.standing import TAKEN_BACK
from stockscan.store.unique import insert_unique


class Meter(Base):
    """One meter of one asset; value and time are a cache of its readings, which are events."""

    __tablename__ = "meter"
    __table_args__ = (Index("uq_meter_name_lower", "asset_id", func.lower("name"), unique=True),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    value_milli: Mapped[int | None] = mapped_column(Big)
    read_us: Mapped[int | None] = mapped_column(Big)


@dataclass(frozen=True, slots=True)
class MeterRow:
    """One meter with its last reading, None before the first."""

    id: int
    name: str
    unit: str
    value_milli: int | None
    read_us: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed at an instant."""

    seq: int
    value_milli: int
    effective_us: int


@dataclass(frozen=True, slots=True)
class ReadBy:
    """One reading as people look back on it."""

    meter: str
    unit: str
    value_milli: int
    effective_us: int
    person: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The readings right before and right after an instant, which says what fits between them."""

    before: Reading | None
    after: Reading | None


def meters_of(connection: Connection | Session, asset_id: int) -> list[MeterRow]:
    """The meters of an asset, by name."""
    rows = connection.execute(
        select(*_ROW).where(Meter.asset_id == asset_id).order_by(func.lower(Meter.name))
    )
    return rows_as(MeterRow, rows)


def readings_of(connection: Connection | Session, asset_id: int, *, limit: int) -> list[ReadBy]:
    """The last readings of all meters of an asset that hold, newest first."""
    rows = connection.execute(
        select(Meter.name, Meter.unit, AssetEvent.value_milli, AssetEvent.effective_us, Person.name)
        .join(Meter, Meter.id == AssetEvent.meter_id)
        .join(Person, Person.id == AssetEvent.person_id)
        .where(AssetEvent.asset_id == asset_id, *_HOLDS)
        .order_by(AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
        .limit(limit)
    )
    return rows_as(ReadBy, rows)


def meter_called(session: Session, asset_id: int, name: str, unit: str) -> MeterRow:
    """The asset's meter of this name in any case; made when there is none."""
    named = select(*_ROW).where(Meter.asset_id == asset_id, func.lower(Meter.name) == name.lower())
    row = session.execute(named).first()
    if row is None:
        statement = insert(Meter).values(asset_id=asset_id, name=name, unit=unit)
        insert_unique(session, statement, taken="", field="meter")
        row = session.execute(named).one()
    return MeterRow(*row)


def beside(session: Session, meter_id: int, effective_us: int) -> Beside:
    """The readings that stand right before and right after `effective_us`."""
    mine = select(AssetEvent.seq, AssetEvent.value_milli, AssetEvent.effective_us).where(
        AssetEvent.meter_id == meter_id, *_HOLDS
    )
    before: Any = session.execute(
        mine.where(AssetEvent.effective_us <= effective_us).order_by(*_NEWEST).limit(1)
    ).first()
    after: Any = session.execute(
        mine.where(AssetEvent.effective_us > effective_us)
        .order_by(AssetEvent.effective_us, AssetEvent.seq)
        .limit(1)
    ).first()
    return Beside(Reading(*before) if before else None, Reading(*after) if after else None)


def set_unit(session: Session, meter_id: int, unit: str) -> None:
    """Say what a meter counts in."""
    session.execute(update(Meter).where(Meter.id == meter_id).values(unit=unit))


def refresh(session: Session, meter_id: int) -> None:
    """Bring a meter's row up to date with its readings."""
    session.execute(
        update(Meter)
        .where(Meter.id == meter_id)
        .values(**expected_row(session, meter_id))
        .execution_options(synchronize_session=False)
    )


def expected_row(session: Session, meter_id: int) -> dict[str, Any]:
    """What the meter's row must say, folded from its readings."""
    last = beside(session, meter_id, 2**62).before
    return {
        "value_milli": last and last.value_milli,
        "read_us": last and last.effective_us,
    }


_ROW = (Meter.id, Meter.name, Meter.unit, Meter.value_milli, Meter.read_us)
_HOLDS = (AssetEvent.kind == "meter", ~TAKEN_BACK)
_NEWEST = (AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
