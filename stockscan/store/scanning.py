"""From a scanned string to the one thing that it stands for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind, Scanned
from stockscan.domain.errors import Invalid
from stockscan.store.assets import Asset
from stockscan.store.codes import Alias, Code
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

TABLES: dict[Kind, Any] = {
    Kind.ASSET: Asset,
    Kind.LOCATION: Location,
    Kind.PART: Part,
    Kind.PERSON: Person,
}


# Asked by every scan, so built once.
_KIND_OF = select(Code.kind).where(Code.code == bindparam("code"))
_THING_OF = {
    kind: select(table.id, table.name).where(table.code == bindparam("code"))
    for kind, table in TABLES.items()
}


@dataclass(frozen=True, slots=True)
class Found:
    """A thing behind a scanned string; `id` is None for codes without a row of their own."""

    kind: Kind
    id: int | None
    code: str
    name: str = ""


def resolve(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind] = tuple(Kind)
) -> Found | None:
    """The thing that `scanned` stands for, among `kinds`.

    Looked up in this order: label code, asset tag, serial, part number, alias, bin name,
    username. A tag may look like a code: only a code that exists ends the search. Raises
    `Invalid` when a serial or a name stands for several things.
    """
    if scanned.code is not None:
        found = _by_code(connection, scanned.code)
        if found is not None:
            return found if found.kind in kinds else None
    for kind, query in _spellings(scanned.text):
        if kind in kinds:
            rows = connection.execute(query.limit(2)).all()
            if len(rows) > 1:
                message = (
                    f"{scanned.text[:60]!r} stands for several things. Scan the label instead."
                )
                raise Invalid(message, code="ambiguous")
            if rows:
                return Found(kind, *rows[0])
    return _by_alias(connection, scanned.text, kinds)


def _by_code(connection: Connection | Session, code: str) -> Found | None:
    row = connection.execute(_KIND_OF, {"code": code}).first()
    if row is None:
        return None
    kind = Kind(row.kind)
    if kind not in _THING_OF:
        return Found(kind, None, code)
    thing = connection.execute(_THING_OF[kind], {"code": code}).first()
    return Found(kind, thing.id, code, thing.name) if thing else None


def _by_alias(connection: Connection | Session, text: str, kinds: Collection[Kind]) -> Found | None:
    row = connection.execute(select(Alias.code).where(Alias.text == text)).first()
    found = _by_code(connection, row.code) if row else None
    return found if found is not None and found.kind in kinds else None


def _spellings(text: str) -> list[tuple[Kind, Select[Any]]]:
    lowered = text.lower()

    def by(table: Any, column: Any) -> Select[Any]:
        return select(table.id, table.code, table.name).where(func.lower(column) == lowered)

    return [
        (Kind.ASSET, by(Asset, Asset.tag)),
        (Kind.ASSET, by(Asset, Asset.serial).where(Asset.serial != "")),
        (Kind.PART, by(Part, Part.part_number)),
        (Kind.LOCATION, by(Location, Location.name).where(Location.active)),
        (Kind.PERSON, by(Person, Person.username).where(Person.active)),
    ]
