"""The flat list of places: by any of its filters, by the page, and all codes that match."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import NotFound
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.listing import places as queries
from stockscan.store.catalogue.listing.keyset import count, settled
from stockscan.store.catalogue.listing.places import KINDS, PlaceFilters
from stockscan.store.catalogue.locations import LocationRow
from stockscan.store.counts.blindness import blindness
from stockscan.store.scanning import resolve

__all__ = ["KINDS", "LocationList", "line_json", "location_codes", "location_list"]

PAGE = 100


@dataclass(frozen=True, slots=True)
class LocationList:
    """One page of places; `next` is the cursor of the following page, "" at the end.

    `total` is how many these filters let through: at most 1001, which stands for more than 1000.
    """

    rows: list[LocationRow]
    total: int
    next: str
    is_sorted: bool = True


def location_list(
    ctx: Context,
    *,
    inside: str = "",
    sort: str = "name",
    after: str = "",
    limit: int = PAGE,
    **asked: str,
) -> LocationList:
    """A page of places inside another (any reference) or anywhere.

    `asked` are the other fields of `PlaceFilters`, `after` is the code of the last one shown.
    Raises `NotFound` and `Invalid`, with the field, for what names nothing or can't be asked.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = _chosen(connection, inside, asked)
        wanted = queries.place_order(sort)
        order = settled(connection, Kind.LOCATION, asked.get("text", ""), wanted)
        blind = blindness(connection, actor)
        rows = queries.place_page(connection, chosen, order, after, limit, blind)
        total = count(connection, chosen)
    following = rows[limit - 1].code if len(rows) > limit else ""
    return LocationList(rows[:limit], total, following, order is wanted)


def location_codes(
    ctx: Context, *, limit: int, inside: str = "", sort: str = "name", **asked: str
) -> list[str]:
    """The codes of the first places of a list, as many as `limit`. Raises like `location_list`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = _chosen(connection, inside, asked)
        return queries.place_codes(connection, chosen, queries.place_order(sort), limit)


def _chosen(connection: Connection, inside: str, asked: dict[str, str]) -> Select[int]:
    outer = None
    if inside:
        found = resolve(connection, read(inside), (Kind.LOCATION,))
        if found is None:
            message = f"There is no place {inside[:60]!r}. Type its name or its code."
            raise NotFound(message, field="inside", code="unknown_reference")
        outer = found.id
    return queries.place_ids(connection, PlaceFilters(inside=outer, **asked))


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
