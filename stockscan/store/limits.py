"""Where people whose work is limited to some places may change things."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Actor
from stockscan.domain.errors import NotAllowed
from stockscan.store.locations import Location
from stockscan.store.people import Person, PersonLocation

# What a refusal goes by: a scan that was captured offline then waits for someone to decide.
OUTSIDE = "outside_places"


class PlaceRow(NamedTuple):
    """A place that somebody may be limited to; `shared` tells that others have its name too."""

    code: str
    name: str
    inside: str | None
    shared: bool

    @property
    def called(self) -> str:
        """How a list of places names it: by its name, else, where that is not enough, its code."""
        return self.code if self.shared or "," in self.name else self.name


def refuse_outside(
    session: Session | Connection, actor: Actor, location_ids: Iterable[int | None]
) -> None:
    """Nothing for most people; raises `NotAllowed` for a place that is not one of the actor's.

    A person's places are those given to them and all inside these. None is no place at all, which
    nobody is kept from.
    """
    if not actor.limited:
        return
    outside = _outside(session, actor.person_id, location_ids)
    if outside:
        name = session.execute(select(Location.name).where(Location.id == min(outside))).scalar()
        message = f"{name} is not one of your places. Ask an admin to add it, or someone there."
        raise NotAllowed(message, code=OUTSIDE)


def is_outside(session: Session | Connection, actor: Actor, location_id: int) -> bool:
    """Whether a place is not one of those where the actor may change things."""
    return actor.limited and bool(_outside(session, actor.person_id, (location_id,)))


def limit_to(session: Session, person_id: int, location_ids: Collection[int]) -> None:
    """Let a person change things at these places alone; at none of them means everywhere."""
    session.execute(delete(PersonLocation).where(PersonLocation.person_id == person_id))
    rows = [{"person_id": person_id, "location_id": each} for each in sorted(set(location_ids))]
    if rows:
        session.execute(insert(PersonLocation), rows)
    limited = update(Person).where(Person.id == person_id).values(limited=bool(rows))
    session.execute(limited.execution_options(synchronize_session=False))


def places_of(connection: Connection | Session, person_id: int) -> list[PlaceRow]:
    """The places that a person is limited to, by name."""
    mine = select(PersonLocation.location_id).where(PersonLocation.person_id == person_id)
    return _places(connection, Location.id.in_(mine))


def areas(connection: Connection | Session, limit: int) -> list[PlaceRow]:
    """The sites and areas that people may be limited to, by name; bins lie inside them."""
    return _places(connection, Location.kind != "bin", Location.active.is_(True))[:limit]


def _places(connection: Connection | Session, *conditions: ColumnElement[bool]) -> list[PlaceRow]:
    parent, other = aliased(Location), aliased(Location)
    same = (func.lower(other.name) == func.lower(Location.name)) & (other.id != Location.id)
    rows = connection.execute(
        select(Location.code, Location.name, parent.name, select(other.id).where(same).exists())
        .outerjoin(parent, parent.id == Location.parent_id)
        .where(*conditions)
        .order_by(func.lower(Location.name), Location.id)
    )
    return [PlaceRow(*row) for row in rows]


def _outside(
    session: Session | Connection, person_id: int, location_ids: Iterable[int | None]
) -> set[int]:
    wanted = {location_id for location_id in location_ids if location_id is not None}
    if not wanted:
        return wanted
    mine = select(PersonLocation.location_id).where(PersonLocation.person_id == person_id)
    inside = mine.cte("mine", recursive=True)
    inner = aliased(Location)
    inside = inside.union(select(inner.id).where(inner.parent_id == inside.c.location_id))
    allowed = session.execute(
        select(inside.c.location_id).where(inside.c.location_id.in_(wanted))
    ).scalars()
    return wanted - set(allowed)
