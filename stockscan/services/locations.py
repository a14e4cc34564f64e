"""Places: lists, the page of one, and setting up new ones."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import format_quantity
from stockscan.domain.operations import Op
from stockscan.services.work import Context, reading
from stockscan.store import goods, linking
from stockscan.store.catalogue import assets as asset_queries
from stockscan.store.catalogue import history
from stockscan.store.catalogue import locations as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.catalogue.history import Line
from stockscan.store.catalogue.locations import Held, LocationRow, Place
from stockscan.store.locations import Location
from stockscan.store.scanning import Found, resolve
from stockscan.store.unique import insert_unique

KINDS = ("", "site", "area", "bin")
PAGE = 100
MOVES = 20


@dataclass(frozen=True, slots=True)
class LocationList:
    """One page of places; `next` is the cursor of the following page, "" at the end."""

    rows: list[LocationRow]
    next: str


@dataclass(frozen=True, slots=True)
class LocationPage:
    """Everything on one place's page."""

    location: LocationRow
    path: list[Place]
    children: list[LocationRow]
    held: list[Held]
    assets: list[AssetRow]
    moves: list[Line]


def location_list(
    ctx: Context, *, kind: str = "", text: str = "", after: str = "", limit: int = PAGE
) -> LocationList:
    """A page of places by name; `kind` is site, area or bin, or "" for all."""
    require(ctx.actor, Permission.READ)
    if kind not in KINDS:
        raise Invalid("kind must be one of site, area, bin.", field="kind")
    with reading() as connection:
        rows = queries.locations(connection, kind=kind, text=text, after=after, limit=limit + 1)
    return LocationList(rows[:limit], rows[limit - 1].code if len(rows) > limit else "")


def location_page(ctx: Context, reference: str) -> LocationPage:
    """One place by any reference. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = resolve(connection, read(reference), (Kind.LOCATION,))
        if found is None or found.id is None:
            raise NotFound
        return _page(connection, found.id, actor)


def create_location(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Set up a site, an area or a bin, inside another place or on its own."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    parent = op["parent"]
    code = linking.own_code(session, op, Kind.LOCATION, ctx.now_us)
    statement = insert(Location).values(
        code=code,
        name=op["name"],
        kind=op["kind_of_place"],
        parent_id=goods.find(session, Kind.LOCATION, "parent", parent) if parent else None,
        created_us=ctx.now_us,
    )
    location_id = insert_unique(session, statement, taken="", field="name")
    made = Found(Kind.LOCATION, location_id, code, op["name"])
    linking.link_new(session, op, made, ctx.now_us, "alias")
    return location_json(_page(session, location_id, actor))


def location_json(page: LocationPage) -> dict[str, Any]:
    """A place as the API shows it; a reference is the code of the other thing."""
    return {
        **line_json(page.location),
        "path": [{"code": place.code, "name": place.name} for place in page.path],
        "inside": [{"code": row.code, "name": row.name, "kind": row.kind} for row in page.children],
        "balances": [
            {
                "part": held.code,
                "part_number": held.part_number,
                "part_name": held.name,
                "unit": held.unit,
                "lot": held.lot,
                "serial": held.serial,
                "expires_on": held.expires_on.isoformat() if held.expires_on else None,
                "quantity": format_quantity(held.quantity_milli),
            }
            for held in page.held
        ],
        "assets": [
            {"code": row.code, "tag": row.tag, "name": row.name, "status": row.status}
            for row in page.assets
        ],
    }


def line_json(row: LocationRow) -> dict[str, Any]:
    """A place as the lists of the API show it."""
    return {
        "code": row.code,
        "url": f"/locations/{row.code}",
        "name": row.name,
        "kind": row.kind,
        "parent": row.parent_code,
        "parent_name": row.parent,
        "active": row.active,
    }


def _page(connection: Connection | Session, location_id: int, actor: Actor) -> LocationPage:
    moves = history.moves_at(connection, location_id, limit=MOVES)
    return LocationPage(
        location=queries.location(connection, location_id),
        path=queries.path(connection, location_id),
        children=queries.children(connection, location_id),
        held=queries.held(connection, location_id),
        assets=asset_queries.assets_at(connection, location_id),
        moves=history.lines_for(actor, moves),
    )
