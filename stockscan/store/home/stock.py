"""What moved last, and what runs low."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, ScalarSelect, func, select

from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset
from stockscan.store.counts.blindness import Blindness
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Movement


class MovedRow(NamedTuple):
    """One movement that someone recorded, in names."""

    kind: str
    quantity_milli: int
    recorded_us: int
    part_code: str
    part: str
    unit: str
    location: str
    asset_code: str | None
    asset: str | None


class LowRow(NamedTuple):
    """A part at or below its reorder point."""

    code: str
    part_number: str
    name: str
    unit: str
    on_hand_milli: int
    reorder_point_milli: int


# What tells how far off the books were: together with the count, what they said.
_OF_COUNTS: Final = (
    MovementKind.COUNT_ADJUST,
    MovementKind.LATE_CORRECTION,
    MovementKind.REVALUATION,
)


def moved_by(
    connection: Connection, person_id: int, blind: Blindness, limit: int
) -> list[MovedRow]:
    """What a person recorded last, newest on top; of what is hidden not what counts found."""
    query = (
        select(
            Movement.kind,
            Movement.quantity_milli,
            Movement.recorded_us,
            Part.code,
            Part.name,
            Part.unit,
            Location.name,
            Asset.code,
            Asset.name,
        )
        .select_from(Operation)
        .join(Movement, Movement.operation_id == Operation.id)
        .join(Part, Part.id == Movement.part_id)
        .join(Location, Location.id == Movement.location_id)
        .outerjoin(Asset, Asset.id == Movement.asset_id)
        .where(Operation.actor_id == person_id)
        .where(~(Movement.kind.in_(_OF_COUNTS) & blind.hides_part(Movement.part_id)))
        .order_by(Operation.received_us.desc(), Movement.seq.desc())
        .limit(limit)
    )
    return [MovedRow(*row) for row in connection.execute(query)]


_ON_HAND = func.coalesce(PartWorth.quantity_milli, 0)
_REORDER_POINT = func.coalesce(Part.reorder_point_milli, 0)
_IS_LOW = (
    Part.active
    & Part.stocked
    & Part.reorder_point_milli.is_not(None)
    & (_ON_HAND <= _REORDER_POINT)
)


def low_parts(connection: Connection, blind: Blindness, limit: int) -> list[LowRow]:
    """Parts at or below their reorder point, the emptiest first; none that is hidden."""
    query = (
        select(Part.code, Part.part_number, Part.name, Part.unit, _ON_HAND, _REORDER_POINT)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(_IS_LOW, ~blind.hides_part(Part.id))
        .order_by(_ON_HAND - _REORDER_POINT, Part.name)
        .limit(limit)
    )
    return [LowRow(*row) for row in connection.execute(query)]


def low_count(blind: Blindness) -> ScalarSelect[int]:
    """How many parts run low, as a column of a query; hidden ones are not among them."""
    return (
        select(func.count())
        .select_from(Part)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(_IS_LOW, ~blind.hides_part(Part.id))
        .scalar_subquery()
    )
