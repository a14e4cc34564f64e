"""Where a part may come from and what may stand in for it, as its page reads them."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.orm import Session

from stockscan.store.catalogue.paging import rows_as
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.parts import Part, PartSubstitute, PartWorth, Supplier, SupplierPart


@dataclass(frozen=True, slots=True)
class Offer:
    """What one supplier asks for a part; the price is per unit, None where nobody noted it."""

    supplier: str
    number: str
    price_e4: int | None
    pack_milli: int
    lead_time_days: int | None
    usual: bool = False


@dataclass(frozen=True, slots=True)
class Substitute:
    """A part that may be used instead, and how much of it there is over all places.

    None where that is hidden.
    """

    code: str
    part_number: str
    name: str
    unit: str
    on_hand_milli: int | None
    note: str


def further_offers(connection: Connection | Session, part_id: int) -> list[Offer]:
    """What the suppliers beside the usual one ask, by name."""
    rows = connection.execute(
        select(
            Supplier.name,
            SupplierPart.number,
            SupplierPart.price_e4,
            SupplierPart.pack_milli,
            SupplierPart.lead_time_days,
        )
        .join(Supplier, Supplier.id == SupplierPart.supplier_id)
        .where(SupplierPart.part_id == part_id)
        .order_by(func.lower(Supplier.name))
    )
    return rows_as(Offer, rows)


def substitutes(
    connection: Connection | Session, part_id: int, blind: Blindness = SEEING
) -> list[Substitute]:
    """What may be used instead of a part, whichever of the two was named first."""
    other = case(
        (PartSubstitute.part_id == part_id, PartSubstitute.substitute_id),
        else_=PartSubstitute.part_id,
    )
    rows = connection.execute(
        select(
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            blind.unless_hidden(Part.id, func.coalesce(PartWorth.quantity_milli, 0)),
            PartSubstitute.note,
        )
        .join(Part, Part.id == other)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(or_(PartSubstitute.part_id == part_id, PartSubstitute.substitute_id == part_id))
        .order_by(func.lower(Part.part_number))
    )
    return rows_as(Substitute, rows)
