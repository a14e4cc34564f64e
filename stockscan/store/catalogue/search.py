"""Finding things by what people type: part of a name, tag, serial or number."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, matches, rows_as
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is, what it is called, and what tells it from its neighbours."""

    kind: str
    code: str
    name: str
    detail: str


def find(connection: Connection, text: str, limit: int) -> list[Hit]:
    """At most `limit` things of each kind whose words contain the text."""
    hits: list[Hit] = []
    for query in _queries(text):
        hits += rows_as(Hit, connection.execute(query.limit(limit)))
    return hits


def _queries(text: str) -> list[Query]:
    parent = aliased(Location)

    def of(kind: Kind, table: Any, detail: Any, *searched: Any) -> Query:
        return (
            select(literal(kind.value), table.code, table.name, detail)
            .where(matches(text, table.name, *searched, code=table.code))
            .order_by(func.lower(table.name), table.id)
        )

    return [
        of(Kind.ASSET, Asset, Asset.tag, Asset.tag, Asset.serial),
        of(Kind.PART, Part, Part.part_number, Part.part_number).where(Part.active),
        of(Kind.LOCATION, Location, func.coalesce(parent.name, ""))
        .outerjoin(parent, parent.id == Location.parent_id)
        .where(Location.active),
        of(Kind.PERSON, Person, literal("")).where(Person.active),
    ]
