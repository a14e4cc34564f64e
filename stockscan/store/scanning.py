"""From a scanned string to the one thing that it stands for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from stockscan.domain.barcodes import Data, DataKind
from stockscan.domain.cards import card
from stockscan.domain.codes import Kind, Scanned, read
from stockscan.domain.errors import Invalid, NotFound
from stockscan.store.assets import Asset
from stockscan.store.codes import Alias, Code
from stockscan.store.locations import Location
from stockscan.store.lots import part_of_serial
from stockscan.store.parts import Part, SupplierPart
from stockscan.store.people import Person

TABLES: dict[Kind, Any] = {
    Kind.ASSET: Asset,
    Kind.LOCATION: Location,
    Kind.PART: Part,
    Kind.PERSON: Person,
}
THINGS: Final = tuple(TABLES)
_NAMES: Final = {
    Kind.ASSET: "an asset",
    Kind.LOCATION: "a bin or place",
    Kind.PART: "a part",
    Kind.PERSON: "a person",
}

# Asked by every scan, so built once.
_KIND_OF = select(Code.kind).where(Code.code == bindparam("code"))
_THING_OF = {
    kind: select(table.id, table.code, table.name).where(table.code == bindparam("code"))
    for kind, table in TABLES.items()
}
_ALIASES = select(Alias.text, Alias.code).where(
    Alias.text.in_(bindparam("spellings", expanding=True))
)
_PART = select(Part.id, Part.code, Part.name).where(Part.id == bindparam("id"))
# The parts that a number of theirs, their maker's or a supplier's means. Each has an index of its
# own, which neither database uses where the questions stand in one "or".
_KEY = func.lower(bindparam("number"))
_NUMBERED = (
    select(Part.id, Part.code, Part.name)
    .where(
        Part.active,
        Part.id.in_(
            union_all(
                select(Part.id).where(func.lower(Part.part_number) == _KEY),
                select(Part.id).where(func.lower(Part.manufacturer_part_number) == _KEY),
                select(Part.id).where(func.lower(Part.supplier_part_number) == _KEY),
                select(SupplierPart.part_id).where(func.lower(SupplierPart.number) == _KEY),
            )
        ),
    )
    .limit(2)
)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing behind a scanned string; `id` is None for codes without a row of their own.

    `data` is what the string says besides, for the forms to be filled with.
    """

    kind: Kind
    id: int | None
    code: str
    name: str = ""
    data: Data | None = None


def resolve(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind] = tuple(Kind)
) -> Found | None:
    """The thing that `scanned` stands for, among `kinds`.

    Looked up in this order: label code, asset tag, serial, part number, alias; then what a maker's
    barcode says: numbers of the part, a serial; then bin name, username. A tag may look like a
    code: only a code that exists ends the search. Raises `Invalid` when the string stands for
    several things.
    """
    if scanned.code is not None:
        found = _by_code(connection, scanned.code)
        if found is not None:
            return found if found.kind in kinds else None
    for look in (_by_own_words, _by_alias, _by_data, _by_name):
        found = look(connection, scanned, kinds)
        if found is not None:
            return found if found.data else replace(found, data=scanned.data)
    return None


class Called(NamedTuple):
    """A thing that somebody named."""

    id: int
    code: str
    name: str


def thing_called(
    connection: Connection | Session, reference: str, kind: Kind, field: str = ""
) -> Called:
    """The thing of one kind that a scanned or typed reference stands for.

    Raises `NotFound`; where the reference was typed into a field, its message names it and says
    what to do. Raises `Invalid` where several things are called so.
    """
    found = resolve(connection, read(reference), (kind,))
    if found is not None and found.id is not None:
        return Called(found.id, found.code, found.name)
    if not field:
        raise NotFound
    message = f"{reference[:60]!r} is not {_NAMES[kind]} we know. Scan its label, or check it."
    raise NotFound(message, field=field, code="unknown_reference")


def asset_called(connection: Connection | Session, reference: str) -> int:
    """The number of the asset that a reference stands for. Raises `NotFound`."""
    return thing_called(connection, reference, Kind.ASSET).id


def _by_code(connection: Connection | Session, code: str) -> Found | None:
    kind = connection.scalar(_KIND_OF, {"code": code})
    if kind is None or kind == Kind.COMMAND:
        command = card(code)
        return Found(Kind.COMMAND, None, code, command.title) if command else None
    if kind == Kind.BLANK:
        claimed = _alias_of(connection, (code,))
        return _by_code(connection, claimed) if claimed else Found(Kind.BLANK, None, code)
    if kind not in _THING_OF:
        return Found(Kind(kind), None, code)
    thing = connection.execute(_THING_OF[Kind(kind)], {"code": code}).first()
    return Found(Kind(kind), *thing) if thing else None


def _by_own_words(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind]
) -> Found | None:
    return _only(
        connection,
        scanned.text,
        kinds,
        (Kind.ASSET, _called(Asset, scanned.text, Asset.tag)),
        (Kind.ASSET, _called(Asset, scanned.text, Asset.serial).where(Asset.serial != "")),
        (Kind.PART, _called(Part, scanned.text, Part.part_number)),
    )


def _by_alias(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind]
) -> Found | None:
    code = _alias_of(connection, scanned.spellings)
    found = _by_code(connection, code) if code else None
    return found if found is not None and found.kind in kinds else None


def _by_data(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind]
) -> Found | None:
    """By the numbers that the maker, the supplier or the books know a part or asset by."""
    if Kind.PART in kinds:
        keys = scanned.data.keys if scanned.data else (scanned.text,)
        found = _first_key(connection, keys) or _by_stock_serial(connection, scanned)
        if found is not None:
            return found
    serial = scanned.data.serial if scanned.data else ""
    if not serial:
        return None
    return _only(connection, serial, kinds, (Kind.ASSET, _called(Asset, serial, Asset.serial)))


def _by_name(
    connection: Connection | Session, scanned: Scanned, kinds: Collection[Kind]
) -> Found | None:
    return _only(
        connection,
        scanned.text,
        kinds,
        (Kind.LOCATION, _called(Location, scanned.text, Location.name).where(Location.active)),
        (Kind.PERSON, _called(Person, scanned.text, Person.username).where(Person.active)),
    )


def _only(
    connection: Connection | Session,
    text: str,
    kinds: Collection[Kind],
    *queries: tuple[Kind, Select[Any]],
) -> Found | None:
    """The only thing that the first query with a hit finds; `Invalid` where it finds several."""
    for kind, query in queries:
        rows = connection.execute(query.limit(2)).all() if kind in kinds else []
        if len(rows) > 1:
            raise _ambiguous(text)
        if rows:
            return Found(kind, *rows[0])
    return None


def _first_key(connection: Connection | Session, keys: Collection[str]) -> Found | None:
    """The part that one of the keys is a number of; the first key that means one part alone."""
    several = ""
    for key in keys:
        rows = connection.execute(_NUMBERED, {"number": key}).all()
        if len(rows) == 1:
            return Found(Kind.PART, *rows[0])
        several = several or (key if rows else "")
    if several:
        raise _ambiguous(several)
    return None


def _by_stock_serial(connection: Connection | Session, scanned: Scanned) -> Found | None:
    serial = scanned.data.serial if scanned.data and scanned.data.serial else scanned.text
    booked = part_of_serial(connection, serial)
    if booked is None:
        return None
    part_id, as_booked = booked
    data = scanned.data or Data(DataKind.SERIAL, (), scanned.text)
    row = connection.execute(_PART, {"id": part_id}).one()
    return Found(Kind.PART, *row, data=replace(data, serial=as_booked))


def _alias_of(connection: Connection | Session, spellings: Collection[str]) -> str | None:
    """The code that the first known spelling stands for."""
    rows = connection.execute(_ALIASES, {"spellings": list(spellings)})
    codes = {row.text: row.code for row in rows}
    return next((codes[spelling] for spelling in spellings if spelling in codes), None)


def _called(table: Any, text: str, *columns: Any) -> Select[Any]:
    # The database lowers both sides: SQLite knows the case of ASCII letters alone.
    named = or_(*(func.lower(column) == func.lower(text) for column in columns))
    return select(table.id, table.code, table.name).where(named)


def _ambiguous(text: str) -> Invalid:
    message = f"{text[:60]!r} stands for several things. Scan the label instead."
    return Invalid(message, code="ambiguous")
