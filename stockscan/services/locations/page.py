"""The page of a place: what lies and stands in it, what belongs there, what happened."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.figures import format_quantity, iso
from stockscan.services.locations.listing import line_json
from stockscan.services.work import Context, reading
from stockscan.store import edits, files
from stockscan.store.catalogue import assets as asset_queries
from stockscan.store.catalogue import history, places
from stockscan.store.catalogue import locations as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.catalogue.history import Line
from stockscan.store.catalogue.locations import Held, LocationRow, Place
from stockscan.store.catalogue.places import Belonging, Node
from stockscan.store.counts.blindness import blindness
from stockscan.store.edits import Edited, Thing
from stockscan.store.files import Attached
from stockscan.store.scanning import thing_called

CHILDREN = 200
BELONGING = 50
MOVES = 20
EDITS = 20


@dataclass(frozen=True, slots=True)
class LocationPage:
    """Everything on one place's page; `next` continues the places inside, "" at the end.

    `belongs` are the parts whose own bin this is and of which none lies here now.
    """

    location: LocationRow
    path: list[Place]
    children: list[Node]
    next: str
    held: list[Held]
    belongs: list[Belonging]
    assets: list[AssetRow]
    counted_us: int | None
    attachments: list[Attached]
    edits: list[Edited]
    moves: list[Line]


def location_page(ctx: Context, reference: str, *, after: str = "") -> LocationPage:
    """One place by any reference; `after` is the code of the last place inside already shown.

    Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return _page_of(connection, location_id_of(connection, reference), actor, after)


def location_id_of(connection: Connection, reference: str) -> int:
    """The number of the place that a reference stands for. Raises `NotFound`."""
    return thing_called(connection, reference, Kind.LOCATION).id


def _page_of(
    connection: Connection, location_id: int, actor: Actor, after: str = ""
) -> LocationPage:
    """The page of the place with this number."""
    blind = blindness(connection, actor)
    inside = places.level(connection, location_id, blind, after=after, limit=CHILDREN + 1)
    moves = history.moves_at(connection, location_id, blind, limit=MOVES)
    return LocationPage(
        location=queries.location(connection, location_id, blind),
        path=queries.path(connection, location_id),
        children=inside[:CHILDREN],
        next=inside[CHILDREN - 1].code if len(inside) > CHILDREN else "",
        held=queries.held(connection, location_id, blind),
        belongs=places.belonging(connection, location_id, blind, limit=BELONGING),
        assets=asset_queries.assets_at(connection, location_id),
        counted_us=places.last_counted_us(connection, location_id),
        attachments=files.attachments_of(connection, "location", location_id),
        edits=edits.edits_of(connection, Thing("location", location_id), limit=EDITS),
        moves=history.lines_for(actor, moves),
    )


def location_json(page: LocationPage) -> dict[str, Any]:
    """A place as the API shows it; a reference is the code of the other thing."""
    row, counted_us = page.location, page.counted_us
    return {
        **line_json(row),
        "notes": row.notes,
        "count_interval_days": row.count_interval_days,
        "last_counted": None if counted_us is None else iso(counted_us),
        "path": [{"code": place.code, "name": place.name} for place in page.path],
        "inside": [{"code": row.code, "name": row.name, "kind": row.kind} for row in page.children],
        "balances": [_held_json(held) for held in page.held],
        "belongs_here": [
            {"part": part.code, "part_number": part.part_number, "part_name": part.name}
            for part in page.belongs
        ],
        "assets": [
            {"code": row.code, "tag": row.tag, "name": row.name, "status": row.status}
            for row in page.assets
        ],
    }


def _held_json(held: Held) -> dict[str, Any]:
    return {
        "part": held.code,
        "part_number": held.part_number,
        "part_name": held.name,
        "unit": held.unit,
        "lot": held.lot,
        "serial": held.serial,
        "expires_on": held.expires_on.isoformat() if held.expires_on else None,
        "quantity": None if held.quantity_milli is None else format_quantity(held.quantity_milli),
        "hidden": held.quantity_milli is None,
    }
