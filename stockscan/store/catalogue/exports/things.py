"""Places, people and barcodes as exports list them."""

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from stockscan.domain.barcodes import printed
from stockscan.domain.tables import Holds
from stockscan.store.assets import Asset
from stockscan.store.catalogue.exports.tables import (
    Asked,
    Table,
    field,
    filters_of,
    only,
    picked,
    places,
    table,
)
from stockscan.store.catalogue.listing.people import PeopleFilters, people_ids
from stockscan.store.catalogue.listing.places import PlaceFilters, place_ids
from stockscan.store.codes import Alias, Code
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person, PersonLocation


def locations(connection: Connection, asked: Asked) -> Table:
    """Places, each behind the one that it is in."""
    place, parent = places(), aliased(Location)
    around = place.alias("around")
    listed = [
        field("code", Location.code),
        field("name", Location.name),
        field("kind_of_place", Location.kind),
        field("parent", around.c.path),
        field("parent_code", parent.code),
        field("path", place.c.path),
        field("notes", Location.notes),
        field("count_interval_days", Location.count_interval_days, Holds.WHOLE),
        field("active", Location.active, Holds.FLAG),
        field("created_at_utc", Location.created_us, Holds.TIME),
    ]
    query = (
        picked(listed)
        .join(place, place.c.id == Location.id)
        .outerjoin(parent, parent.id == Location.parent_id)
        .outerjoin(around, around.c.id == Location.parent_id)
        .order_by(place.c.depth, Location.id)
    )
    if asked.filters:
        query = query.where(Location.id.in_(place_ids(connection, filters_of(PlaceFilters, asked))))
    return table(connection, listed, only(query, Location.code, asked))


def people(connection: Connection, asked: Asked) -> Table:
    """People without any secret of theirs."""
    own = (
        select(func.aggregate_strings(Location.code, ", "))
        .join(PersonLocation, PersonLocation.location_id == Location.id)
        .where(PersonLocation.person_id == Person.id)
        .scalar_subquery()
    )
    listed = [
        field("code", Person.code),
        field("name", Person.name),
        field("role", Person.role),
        field("username", Person.username),
        field("email", Person.email),
        field("places", own),
        field("limited", Person.limited, Holds.FLAG),
        field("active", Person.active, Holds.FLAG),
        field("created_at_utc", Person.created_us, Holds.TIME),
    ]
    query = picked(listed).order_by(Person.id)
    if asked.filters:
        query = query.where(Person.id.in_(people_ids(connection, filters_of(PeopleFilters, asked))))
    return table(connection, listed, only(query, Person.code, asked))


def barcodes(connection: Connection, asked: Asked) -> Table:
    """Every other text that stands for a thing: makers' barcodes, old labels."""
    listed = [
        field("barcode", Alias.text, shown=printed),
        field("kind", Code.kind),
        field("name", func.coalesce(Asset.name, Part.name, Location.name, Person.name)),
        field("code", Alias.code),
        field("linked_at_utc", Alias.created_us, Holds.TIME),
    ]
    query = picked(listed).join(Code, Code.code == Alias.code)
    for thing in (Asset, Part, Location, Person):
        query = query.outerjoin(thing, thing.code == Alias.code)
    return table(connection, listed, only(query.order_by(Alias.text), Alias.code, asked))
