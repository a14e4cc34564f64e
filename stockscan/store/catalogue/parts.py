"""Parts as pages and lists read them: on hand and worth, where they lie, what they fit."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.codes import Alias
from stockscan.store.counts.blindness import SEEING, Blindness, hidden_bins, hidden_parts
from stockscan.store.locations import Location
from stockscan.store.lots import Lot, lot_of
from stockscan.store.parts import Part, PartWorth, Supplier
from stockscan.store.stock import Balance, Movement


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as lists and pages show it; on hand, value and average are over all places.

    Those three are None where they are hidden from who reads: see `hide_worth`.
    """

    id: int
    code: str
    part_number: str
    name: str
    unit: str
    category: str
    manufacturer: str
    manufacturer_part_number: str
    supplier: str | None
    supplier_part_number: str
    list_cost_e4: int
    pack_milli: int
    lead_time_days: int | None
    reorder_point_milli: int | None
    reorder_quantity_milli: int | None
    tracking: str
    stocked: bool
    abc_class: str
    class_by_hand: bool
    active: bool
    notes: str
    custom: str
    location_code: str | None
    location: str | None
    on_hand_milli: int | None
    value_e4: int | None
    average_e4: int | None
    location_active: bool | None
    safety_milli: int
    service_level_bp: int | None

    @property
    def is_low(self) -> bool:
        """Whether there is no more than the reorder point, as far as that is not hidden."""
        on_hand, least = self.on_hand_milli, self.reorder_point_milli
        return on_hand is not None and least is not None and on_hand <= least


@dataclass(frozen=True, slots=True)
class Lying:
    """How much of a part lies at one place, per lot and serial; None: hidden, over all of them."""

    code: str
    name: str
    lot: str
    serial: str
    expires_on: date | None
    quantity_milli: int | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """How much of a lot, or which serial, of a part is installed on one asset."""

    code: str
    tag: str
    name: str
    lot: str
    serial: str
    quantity_milli: int


def part(connection: Connection | Session, part_id: int) -> PartRow:
    """One part. Raises `NoResultFound` for an id that does not exist."""
    return PartRow(*connection.execute(part_rows().where(Part.id == part_id)).one())


def hide_worth(
    connection: Connection | Session, blind: Blindness, rows: list[PartRow]
) -> list[PartRow]:
    """The parts without the figures that are hidden: one of their bins is counted blind."""
    hidden = hidden_parts(connection, blind, [row.id for row in rows])
    nothing: dict[str, Any] = {"on_hand_milli": None, "value_e4": None, "average_e4": None}
    return [replace(row, **nothing) if row.id in hidden else row for row in rows]


def lying(connection: Connection | Session, part_id: int, blind: Blindness = SEEING) -> list[Lying]:
    """Where a part lies, by the name of the place; what is gone is left out.

    A bin that is hidden is there once, whether or not there is any.
    """
    rows = connection.execute(
        select(
            Location.code,
            Location.name,
            Balance.lot,
            Balance.serial,
            Lot.expires_on,
            Balance.quantity_milli,
        )
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Lot, lot_of(Balance))
        .where(Balance.part_id == part_id, Balance.quantity_milli != 0)
        .where(~blind.hides(Balance.part_id, Balance.location_id))
        .order_by(func.lower(Location.name), Balance.lot, Balance.serial)
    )
    hidden = [
        Lying(bin_.code, bin_.name, "", "", None, None)
        for bin_ in hidden_bins(connection, blind, part_id)
    ]
    return hidden + rows_as(Lying, rows)


def fitted(connection: Connection | Session, part_id: int) -> list[Fitted]:
    """The lots and serials of a part that are installed now, by the tag of the asset."""
    quantity = -func.sum(Movement.quantity_milli)
    rows = connection.execute(
        select(Asset.code, Asset.tag, Asset.name, Movement.lot, Movement.serial, quantity)
        .join(Asset, Asset.id == Movement.asset_id)
        .where(Movement.part_id == part_id, Movement.lot + Movement.serial != "")
        .group_by(Asset.code, Asset.tag, Asset.name, Movement.lot, Movement.serial)
        .having(quantity > 0)
        .order_by(func.lower(Asset.tag), Movement.lot, Movement.serial)
    )
    return [Fitted(*row[:5], int(row[5])) for row in rows]


def barcodes(connection: Connection | Session, code: str) -> list[str]:
    """The foreign barcodes that stand for a thing."""
    return list(
        connection.execute(
            select(Alias.text).where(Alias.code == code).order_by(Alias.text)
        ).scalars()
    )


@cache  # put together once: that costs more than running it
def part_rows() -> Query:
    """All parts with the columns of `PartRow`."""
    return (
        select(
            Part.id,
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            Part.category,
            Part.manufacturer,
            Part.manufacturer_part_number,
            Supplier.name,
            Part.supplier_part_number,
            Part.list_cost_e4,
            Part.pack_milli,
            Part.lead_time_days,
            Part.reorder_point_milli,
            Part.reorder_quantity_milli,
            Part.tracking,
            Part.stocked,
            Part.abc_class,
            Part.class_by_hand,
            Part.active,
            Part.notes,
            Part.custom,
            Location.code,
            Location.name,
            func.coalesce(PartWorth.quantity_milli, 0),
            func.coalesce(PartWorth.value_e4, 0),
            func.coalesce(PartWorth.average_e4, Part.list_cost_e4),
            Location.active,
            Part.safety_milli,
            Part.service_level_bp,
        )
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .outerjoin(Supplier, Supplier.id == Part.supplier_id)
        .outerjoin(Location, Location.id == Part.default_location_id)
    )
