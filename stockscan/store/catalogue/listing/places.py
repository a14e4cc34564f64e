"""Places as flat lists ask for them: by kind, inside another, by words."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, func, select

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.store.catalogue.listing.keyset import (
    Order,
    has_text,
    order_of,
    page_of_ids,
    rows_of,
)
from stockscan.store.catalogue.locations import LocationRow, below, location_rows
from stockscan.store.catalogue.paging import Query
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location

KINDS: Final = ("", "site", "area", "bin")
_SORTS: Final = {"name": func.lower(Location.name)}


@dataclass(frozen=True, slots=True)
class PlaceFilters:
    """Which places a list shows; "" is no filter, `inside` the id of a place or None.

    `show` is active or inactive, `kind` one of site, area, bin.
    """

    show: str = "active"
    kind: str = ""
    inside: int | None = None
    text: str = ""


def place_ids(connection: Connection, asked: PlaceFilters) -> Select[int]:
    """The ids of all places that the filters let through, in no order. Raises `Invalid`."""
    if asked.kind not in KINDS:
        raise Invalid("kind must be one of site, area, bin.", field="kind")
    if asked.show not in ("active", "inactive"):
        raise Invalid("show must be active or inactive.", field="show")
    active = Location.active if asked.show == "active" else ~Location.active
    query = select(Location.id).where(active)
    if asked.kind:
        query = query.where(Location.kind == asked.kind)
    if asked.inside is not None:
        query = query.where(Location.id.in_(below(asked.inside)), Location.id != asked.inside)
    return query.where(*has_text(connection, Kind.LOCATION, asked.text, Location))


def place_query(connection: Connection, asked: PlaceFilters, sort: str = "name") -> Query:
    """All places that the filters let through, sorted, as `LocationRow`s: for exports."""
    chosen = location_rows().where(Location.id.in_(place_ids(connection, asked).correlate(None)))
    return place_order(sort).sort(chosen)


def place_page(
    connection: Connection,
    query: Select[int],
    order: Order,
    after: str,
    limit: int,
    blind: Blindness = SEEING,
) -> list[LocationRow]:
    """One page of these places and one more; `after` is the code of the last one shown."""
    ids = page_of_ids(connection, query, order, after, limit)
    return rows_of(connection, LocationRow, location_rows(blind), Location, ids)


def place_codes(connection: Connection, query: Select[int], order: Order, limit: int) -> list[str]:
    """The codes of the first of these places."""
    some = order.sort(query.with_only_columns(Location.code)).limit(limit)
    return list(connection.execute(some).scalars())


def place_order(sort: str) -> Order:
    """The order of a list of places. Raises `Invalid` for a sort that there is not."""
    return order_of(Location, _SORTS, sort)
