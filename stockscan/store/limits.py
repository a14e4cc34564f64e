"""Where people whose work is limited to some places may change things."""

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Actor
from stockscan.domain.errors import NotAllowed
from stockscan.store.locations import Location
from stockscan.store.people import PersonLocation


def refuse_outside(
    session: Session | Connection, actor: Actor, location_ids: Iterable[int | None]
) -> None:
    """Nothing for most people; raises `NotAllowed` for a place that is not one of the actor's.

    A person's places are those given to them and all inside these. None is no place at all, which
    nobody is kept from.
    """
    wanted = {location_id for location_id in location_ids if location_id is not None}
    if not actor.limited or not wanted:
        return
    mine = select(PersonLocation.location_id).where(PersonLocation.person_id == actor.person_id)
    inside = mine.cte("mine", recursive=True)
    inner = aliased(Location)
    inside = inside.union(select(inner.id).where(inner.parent_id == inside.c.location_id))
    allowed = session.execute(
        select(inside.c.location_id).where(inside.c.location_id.in_(wanted))
    ).scalars()
    outside = wanted - set(allowed)
    if outside:
        name = session.execute(select(Location.name).where(Location.id == min(outside))).scalar()
        raise NotAllowed(f"{name} is not one of your places. Ask who runs it.")
