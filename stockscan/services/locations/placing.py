"""Which place may stand inside which: nothing in a bin, no rings, not too deep."""

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Actor
from stockscan.domain.codes import Kind
from stockscan.domain.errors import NotAllowed, RuleBroken
from stockscan.domain.operations import Op
from stockscan.store import goods, limits
from stockscan.store.catalogue import locations as queries
from stockscan.store.catalogue.locations import DEEPEST, LocationRow
from stockscan.store.locations import Location


def outer_place(session: Session, actor: Actor, op: Op) -> LocationRow | None:
    """The place that the operation's `parent` names, None for none.

    Raises `RuleBroken` for one where no place can stand, and `NotAllowed` outside the actor's
    places, which the outermost is for everyone with places; needs `hold_tree` before.
    """
    if not op["parent"]:
        if actor.limited:
            message = "Choose one of your places for it to stand in."
            raise NotAllowed(message, code=limits.OUTSIDE, field="parent")
        return None
    parent_id = goods.find(session, Kind.LOCATION, "parent", op["parent"])
    limits.refuse_outside(session, actor, [parent_id])
    parent = queries.location(session, parent_id)
    if parent.kind == "bin":
        message = f"{parent.name} is a bin, and nothing stands inside a bin. Choose an area."
        raise RuleBroken(message, code="inside_a_bin", field="parent")
    if not parent.active:
        message = f"{parent.name} is out of use. Choose another place, or use that one again."
        raise RuleBroken(message, code="unused_parent", field="parent")
    _refuse_too_deep(session, parent, 1)
    return parent


def refuse_move(session: Session, row: LocationRow, parent: LocationRow | None) -> None:
    """Raise `RuleBroken` where a place can't go into `parent` with all that is inside it."""
    if parent is None:
        return
    inside = _levels(session, row.id)
    if parent.id in inside:
        where = "itself" if parent.id == row.id else f"{parent.name}, which is inside it"
        message = f"{row.name} can't go into {where}. Choose a place outside of it."
        raise RuleBroken(message, code="ring", field="parent")
    _refuse_too_deep(session, parent, max(inside.values()))


def _refuse_too_deep(session: Session, parent: LocationRow, levels: int) -> None:
    depth = len(queries.path(session, parent.id)) + 1
    if depth + levels > DEEPEST:
        message = f"That is more than {DEEPEST} places inside one another. Choose one further out."
        raise RuleBroken(message, code="too_deep", field="parent")


def _levels(session: Session, location_id: int) -> dict[int, int]:
    """The place itself (1), those right inside it (2) and so on, each with its level."""
    top = select(Location.id, literal(1).label("level")).where(Location.id == location_id)
    inside = top.cte("inside", recursive=True)
    inner = aliased(Location)
    inside = inside.union_all(
        select(inner.id, inside.c.level + 1)
        .where(inner.parent_id == inside.c.id)
        .where(inside.c.level <= DEEPEST)
    )
    rows = session.execute(select(inside.c.id, func.max(inside.c.level)).group_by(inside.c.id))
    return {row[0]: row[1] for row in rows}
