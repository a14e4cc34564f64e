"""What an audit may be about, and who may walk it."""

from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import GRANTS, Permission
from stockscan.store.assets import Asset
from stockscan.store.counts.booked import LIVE, PLACE_NOW
from stockscan.store.counts.opening import walking_order
from stockscan.store.locations import Location
from stockscan.store.people import Person


class PlaceRow(NamedTuple):
    """A place that may be audited, and how many assets stand in it at any depth."""

    id: int
    code: str
    name: str
    inside: str | None
    assets: int


class PersonRow(NamedTuple):
    """Somebody who may walk an audit."""

    id: int
    code: str
    name: str


def places_with_assets(
    connection: Connection | Session, also: str = "", limit: int = 300
) -> list[PlaceRow]:
    """The sites and areas in which the books have assets, as one walks; and the place `also`."""
    stands = select(PLACE_NOW.label("place_id"), Asset.id).where(Asset.status.in_(LIVE)).subquery()
    counted = (
        select(stands.c.place_id, func.count().label("assets"))
        .where(stands.c.place_id.is_not(None))
        .group_by(stands.c.place_id)
    )
    up = counted.cte("up", recursive=True)
    around = select(Location.parent_id, up.c.assets).join(up, up.c.place_id == Location.id)
    # Not a plain union: two rooms of one hall may hold as many.
    up = up.union_all(around.where(Location.parent_id.is_not(None)))
    parent = aliased(Location)
    rows = connection.execute(
        select(Location.id, Location.code, Location.name, parent.name, func.sum(up.c.assets))
        .join(up, up.c.place_id == Location.id)
        .outerjoin(parent, parent.id == Location.parent_id)
        .where(or_(Location.kind != "bin", Location.code == also))
        .group_by(Location.id, Location.code, Location.name, parent.name)
        .order_by(Location.id)
        .limit(limit)
    )
    found = {row[0]: PlaceRow(*row) for row in rows}
    return [found[place_id] for place_id in walking_order(connection, found)]


def walkers(connection: Connection | Session, limit: int = 200) -> list[PersonRow]:
    """The people who may walk an audit, by name."""
    roles = sorted(role for role, granted in GRANTS.items() if Permission.COUNT_RECORD in granted)
    rows = connection.execute(
        select(Person.id, Person.code, Person.name)
        .where(Person.active, Person.role.in_(roles))
        .order_by(func.lower(Person.name), Person.id)
        .limit(limit)
    )
    return [PersonRow(*row) for row in rows]
