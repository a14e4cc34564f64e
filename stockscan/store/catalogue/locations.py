"""Places as pages and lists read them: what lies where, in one tree."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection, Select, distinct, func, literal, select
from sqlalchemy.orm import Session, aliased

from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.counts.blindness import SEEING, Blindness, hidden_at
from stockscan.store.locations import Location
from stockscan.store.lots import Lot, lot_of
from stockscan.store.parts import Part
from stockscan.store.stock import Balance

# A tree of places deeper than this is a loop.
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class LocationRow:
    """One place as lists and pages show it; counts are of what is seen to lie right here."""

    id: int
    code: str
    name: str
    kind: str
    active: bool
    notes: str
    count_interval_days: int | None
    parent_code: str | None
    parent: str | None
    parts: int
    assets: int


@dataclass(frozen=True, slots=True)
class Held:
    """How much of one part lies at a place, per lot and serial; None: hidden, over all of them."""

    code: str
    part_number: str
    name: str
    unit: str
    lot: str
    serial: str
    expires_on: date | None
    quantity_milli: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """The code and name of a place, and nothing else."""

    code: str
    name: str


def location(
    connection: Connection | Session, location_id: int, blind: Blindness = SEEING
) -> LocationRow:
    """One place. Raises `NoResultFound` for an id that does not exist."""
    query = location_rows(blind).where(Location.id == location_id)
    return LocationRow(*connection.execute(query).one())


def path(connection: Connection | Session, location_id: int) -> list[Place]:
    """The places around this one, the outermost first, without the place itself."""
    up = (
        select(Location.parent_id, literal(1).label("height"))
        .where(Location.id == location_id)
        .cte("up", recursive=True)
    )
    above = aliased(Location)
    up = up.union(
        select(above.parent_id, up.c.height + 1)
        .where(above.id == up.c.parent_id)
        .where(up.c.height < DEEPEST)
    )
    rows = connection.execute(
        select(Location.code, Location.name)
        .join(up, up.c.parent_id == Location.id)
        .order_by(up.c.height.desc())
    )
    return rows_as(Place, rows)


def children(connection: Connection | Session, location_id: int) -> list[LocationRow]:
    """The places right inside this one, by name."""
    query = location_rows().where(Location.parent_id == location_id, Location.active)
    rows = connection.execute(query.order_by(func.lower(Location.name), Location.id))
    return rows_as(LocationRow, rows)


def below(location_id: int) -> Select[int]:
    """A select of the ids of a place and of every place inside it, at any depth."""
    # Without a name: a statement may ask for several places.
    inside = select(Location.id).where(Location.id == location_id).cte(recursive=True)
    inner = aliased(Location)
    inside = inside.union(select(inner.id).where(inner.parent_id == inside.c.id))
    return select(inside.c.id)


def held(
    connection: Connection | Session, location_id: int, blind: Blindness = SEEING
) -> list[Held]:
    """What lies at a place, by part number; what is gone is left out.

    What is hidden is there once for each part, whether or not there is any.
    """
    rows = connection.execute(
        select(
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            Balance.lot,
            Balance.serial,
            Lot.expires_on,
            Balance.quantity_milli,
        )
        .join(Part, Part.id == Balance.part_id)
        .outerjoin(Lot, lot_of(Balance))
        .where(Balance.location_id == location_id, Balance.quantity_milli != 0)
        .where(~blind.hides(Balance.part_id, Balance.location_id))
        .order_by(func.lower(Part.part_number), Balance.lot, Balance.serial)
    )
    hidden = [
        Held(part.code, part.part_number, part.name, part.unit, "", "", None, None)
        for part in hidden_at(connection, blind, location_id)
    ]
    return hidden + rows_as(Held, rows)


def location_rows(blind: Blindness = SEEING) -> Query:
    """All places with the columns of `LocationRow`."""
    return _rows_for(blind) if blind else _rows_for_most()


@cache  # put together once: that costs more than running it
def _rows_for_most() -> Query:
    return _rows_for(SEEING)


def _rows_for(blind: Blindness) -> Query:
    parent = aliased(Location)
    parts = (
        select(func.count(distinct(Balance.part_id)))
        .where(Balance.location_id == Location.id, Balance.quantity_milli != 0)
        .where(~blind.hides(Balance.part_id, Balance.location_id))
        .scalar_subquery()
    )
    assets = (
        select(func.count(Asset.id))
        .where(Asset.location_id == Location.id, Asset.status.in_(("in_service", "down")))
        .scalar_subquery()
    )
    return select(
        Location.id,
        Location.code,
        Location.name,
        Location.kind,
        Location.active,
        Location.notes,
        Location.count_interval_days,
        parent.code,
        parent.name,
        parts,
        assets,
    ).outerjoin(parent, parent.id == Location.parent_id)
