"""Finding things by what people type: the beginnings of words, in any order, from the index.

All words must begin a word of the thing. Nothing of the text can be taken for syntax: what reaches
the index is letters and digits, in quotes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    cast,
    column,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind, as_code
from stockscan.domain.finding import fit, words_in
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import Query
from stockscan.store.db import on_postgresql
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.search import FIRST, KINDS

# So many that begin right are looked at to show the best; whoever needs more types more.
CANDIDATES: Final = 200
MODEL: Final = "model"

# What carries a label.
_CODED: Final[dict[str, Any]] = {
    Kind.ASSET: Asset,
    Kind.PART: Part,
    Kind.LOCATION: Location,
    Kind.PERSON: Person,
}
_FTS: Final = table("search_index", column("rowid"), column("search_index"))


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is, what it is called, and what tells it from its neighbours.

    The code of a model, which has none, is its name.
    """

    kind: str
    code: str
    name: str
    detail: str


def find(connection: Connection, text: str, limit: int) -> list[Hit]:
    """At most `limit` things of each kind that has a label, the best first."""
    kinds = [kind for kind in _QUERIES if kind != MODEL]
    return [hit for kind in kinds for hit in find_kind(connection, kind, text, limit)]


def find_kind(connection: Connection, kind: str, text: str, limit: int) -> list[Hit]:
    """At most `limit` things of one kind that have all the words of the text, the best first."""
    words = words_in(text)
    if not words:
        return []
    thing, query = _QUERIES[kind]
    found = matching(connection, kind, words, CANDIDATES).subquery()
    rows = connection.execute(query.join(found, found.c.id == thing.id)).all()
    ranked = sorted(
        rows, key=lambda row: (fit(text, row[1], row[2:]), row[1].lower(), row[2] or "")
    )
    return [Hit(kind, row[0], row[1], row[2] or "") for row in ranked[:limit]]


def matching(
    connection: Connection, kind: str, words: Sequence[str], limit: int | None = None
) -> Select[int]:
    """A select of the ids of things of a kind that have all the words; with a limit, the oldest.

    A label code is not among the words, since its letters say nothing: the whole of one finds the
    thing that carries it.
    """
    code = as_code("".join(words))
    if code is not None and kind in _CODED and _carried(connection, kind, code):
        return select(_CODED[kind].id).where(_CODED[kind].code == code)
    base = KINDS[kind] * FIRST
    if on_postgresql(connection):
        asked = _tsquery(connection, KINDS[kind], words)
        found = func.stockscan_search(
            asked, literal(limit, Integer), type_=BigInteger
        ).column_valued("entry")
        return select((found - base).label("id"))
    entry = _FTS.c.rowid
    asked = _FTS.c.search_index.op("MATCH")(" ".join(f'"{word}"*' for word in words))
    query = select((entry - base).label("id")).where(asked, entry > base, entry < base + FIRST)
    return query if limit is None else query.order_by(entry).limit(limit)


def known(connection: Connection, word: str) -> bool:
    """Whether any thing of any kind has a word that begins so."""
    return any(connection.execute(matching(connection, kind, [word], 1)).first() for kind in KINDS)


def _carried(connection: Connection, kind: str, code: str) -> bool:
    thing = _CODED[kind]
    return connection.execute(select(thing.id).where(thing.code == code)).first() is not None


def _tsquery(connection: Connection, kind: int, words: Sequence[str]) -> Any:
    asked = " & ".join(f"'{kind}{word}':*" for word in words)
    if not asked.isascii():
        asked = connection.execute(select(func.stockscan_fold(asked))).scalar_one()
    return cast(literal(asked, TSQUERY()), TSQUERY)


_PARENT = aliased(Location)

# Of each kind its table, and: code, name, what tells it from its neighbours, further numbers.
_QUERIES: Final[dict[str, tuple[Any, Query]]] = {
    Kind.ASSET: (Asset, select(Asset.code, Asset.name, Asset.tag, Asset.serial)),
    Kind.PART: (
        Part,
        select(
            Part.code,
            Part.name,
            Part.part_number,
            Part.manufacturer_part_number,
            Part.supplier_part_number,
        ).where(Part.active),
    ),
    Kind.LOCATION: (
        Location,
        select(Location.code, Location.name, _PARENT.name)
        .outerjoin(_PARENT, _PARENT.id == Location.parent_id)
        .where(Location.active),
    ),
    Kind.PERSON: (
        Person,
        select(Person.code, Person.name, literal(""), Person.username).where(Person.active),
    ),
    MODEL: (
        AssetModel,
        select(
            AssetModel.name.label("code"),
            AssetModel.name,
            AssetModel.manufacturer,
            AssetModel.model_number,
        ),
    ),
}
