"""Many bins at once: looked at first, then made all or none, and found again for their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Conflict, Invalid, NotFound
from stockscan.domain.operations import Op
from stockscan.domain.patterns import names_of
from stockscan.services.locations.placing import outer_place
from stockscan.services.work import Context, reading
from stockscan.store import codes, linking, operations
from stockscan.store.locations import Location
from stockscan.store.locks import hold_tree
from stockscan.store.scanning import resolve


@dataclass(frozen=True, slots=True)
class Plan:
    """The names that a pattern would make, and those among them that are there already."""

    names: list[str]
    taken: list[str]


@dataclass(frozen=True, slots=True)
class Made:
    """Bins that were made at once: their names and codes, and the place around them."""

    parent: str
    parent_name: str
    names: list[str]
    codes: list[str]


def plan_bins(ctx: Context, pattern: str, parent: str) -> Plan:
    """What `create_bins` would make; changes nothing.

    Raises `Invalid`, with the field, for what is no pattern and for a parent that is no place.
    """
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    names = names_of(pattern)
    with reading() as connection:
        return Plan(names, _taken(connection, _place_id(connection, parent.strip()), names))


def create_bins(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Set up every bin of a pattern in one place, or none of them.

    Raises `Conflict` where a bin of one of these names is in that place already.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    names = names_of(op["pattern"])
    hold_tree(session)
    parent = outer_place(session, actor, op)
    taken = _taken(session, parent.id if parent else None, names)
    if taken:
        more = f" and {len(taken) - 1} more" if len(taken) > 1 else ""
        message = f"{taken[0]}{more} stands there already. Choose other names."
        raise Conflict(message, code="taken", field="pattern")
    made = [codes.claim_code(session, Kind.LOCATION, ctx.now_us) for _ in names]
    for name in names:
        linking.refuse_labels(session, {"pattern": name})
    values = {"kind": "bin", "parent_id": parent.id if parent else None, "created_us": ctx.now_us}
    rows = [{"code": code, "name": name, **values} for code, name in zip(made, names, strict=True)]
    session.execute(insert(Location), rows)
    return {
        "parent": parent.code if parent else "",
        "parent_name": parent.name if parent else "",
        "names": names,
        "codes": made,
    }


def made_bins(ctx: Context, operation_id: str) -> Made:
    """What was made at once by this operation. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = operations.recorded(connection, operation_id)
    if found is None or found.kind != "create_bins" or not found.result:
        raise NotFound("No bins were made under that id.")
    return Made(**found.result)


def _place_id(connection: Connection, reference: str) -> int | None:
    if not reference:
        return None
    found = resolve(connection, read(reference), (Kind.LOCATION,))
    if found is None:
        message = f"{reference[:60]!r} is no place we know. Scan its label."
        raise Invalid(message, field="parent")
    return found.id


def _taken(
    connection: Connection | Session, parent_id: int | None, names: Sequence[str]
) -> list[str]:
    """The names that active places right inside the parent have already, in any case."""
    inside = Location.parent_id.is_(None) if parent_id is None else Location.parent_id == parent_id
    known = connection.execute(
        select(Location.name).where(
            inside,
            Location.active,
            func.lower(Location.name).in_([func.lower(name) for name in names]),
        )
    ).scalars()
    lowered = {name.lower() for name in known}
    return [name for name in names if name.lower() in lowered]
