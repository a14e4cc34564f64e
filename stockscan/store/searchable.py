"""What each kind of thing is found by, said anew: the proof of what triggers keep (0007)."""

# ruff: noqa: S608 - put together from the names below, nothing comes from outside

from collections.abc import Iterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from stockscan.store.db import on_postgresql
from stockscan.store.search import FIRST, KINDS

_TABLES: Final = {**{kind: kind for kind in KINDS}, "model": "asset_model"}
# A text with ! in front is found without its separators.
_WORDS: Final = {
    "asset": "t.tag t.name m.name t.serial m.manufacturer m.model_number t.category m.category"
    " !t.tag !t.serial aliases",
    "part": "t.part_number t.name t.manufacturer_part_number t.supplier_part_number numbers"
    " t.manufacturer t.category !t.part_number !t.manufacturer_part_number"
    " !t.supplier_part_number aliases",
    "location": "t.name !t.name aliases",
    "person": "t.name t.username t.email aliases",
    "model": "t.name t.manufacturer t.model_number t.category !t.model_number",
}
_LISTED: Final = {
    "aliases": ("text || ' ' || ltrim(text, '0')", "text", "alias", "alias.code = t.code"),
    "numbers": ("number", "supplier_id", "supplier_part", "part_id = t.id"),
}


def words_as_told(session: Session) -> Iterator[str]:
    """Every thing is found by its words as they are now, and nothing by those of a thing gone."""
    for kind, base in KINDS.items():
        for (thing_id,) in session.execute(text(_wrong(session, kind, base * FIRST))):
            yield f"{kind} {thing_id} is not found by what it is called"
        entries = f"SELECT count(*) FROM search_entry WHERE id / {FIRST} = {base}"
        things = f"SELECT count(*) FROM {_TABLES[kind]}"
        if session.execute(text(f"SELECT ({entries}) <> ({things})")).scalar_one():
            yield f"the index of words has entries of a {kind} that is gone"
    yield from _torn(session)


def _wrong(session: Session, kind: str, base: int) -> str:
    words = " || ' ' || ".join(_said(session, name) for name in _WORDS[kind].split())
    model = "LEFT JOIN asset_model m ON m.id = t.model_id" if kind == "asset" else ""
    return (
        f"SELECT t.id FROM {_TABLES[kind]} t {model} LEFT JOIN search_entry e"
        f" ON e.id = t.id + {base} WHERE e.id IS NULL OR e.words <> {words}"
    )


def _said(session: Session, name: str) -> str:
    if name in _LISTED:
        said, order, table, of = _LISTED[name]
        if on_postgresql(session.connection()):
            listed = f"SELECT string_agg({said}, ' ' ORDER BY {order}) FROM {table} WHERE {of}"
            return f"coalesce(({listed}), '')"
        rows = f"SELECT * FROM {table} WHERE {of} ORDER BY {order}"
        return f"coalesce((SELECT group_concat({said}, ' ') FROM ({rows})), '')"
    bare = name.removeprefix("!")
    if bare != name:
        for sign in "-./_":
            bare = f"replace({bare}, '{sign}', '')"
    return f"coalesce({bare}, '')"


def _torn(session: Session) -> Iterator[str]:
    """On SQLite the index is a table of its own; on PostgreSQL a column that can't differ."""
    if on_postgresql(session.connection()):
        return
    ask = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
    try:
        session.execute(text(ask))
    except DatabaseError:
        yield "the index of words is torn: restore a backup, or ask for help"
