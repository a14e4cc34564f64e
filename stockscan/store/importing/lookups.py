"""What the texts of a chunk of rows stand for: a few queries for all of them, none per row."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.codes import as_code, spelling
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.codes import Alias, Code
from stockscan.store.locations import Location
from stockscan.store.parts import Part, Supplier
from stockscan.store.people import Person

_PATH: Final = re.compile(r"\s*(?:->|→|»|>|/|\\)\s*")

Reading = Connection | Session
Path = tuple[str, ...]


class Stocked(NamedTuple):
    """A part as opening stock needs it."""

    id: int
    name: str
    tracking: str
    unit: str


class Several:
    """Stands for several things: nobody can tell which one a row means."""


SEVERAL: Final = Several()


def split_path(text: str) -> Path:
    """The names of a path, outermost first: "A/B/C", "A->B" and "A > B" alike.

    In "Works / A/01", as we write paths, the bin is called A/01.
    """
    names = text.split(" / ") if " / " in text else _PATH.split(text)
    return tuple(name.strip() for name in names if name.strip())


def fold(path: Iterable[str]) -> Path:
    """A path in its one spelling, to compare by."""
    return tuple(name.lower() for name in path)


def variants(texts: Iterable[str]) -> list[str]:
    """The texts as either database may lower them: SQLite knows the case of ASCII alone."""
    found: set[str] = set()
    for text in texts:
        found.add(text.lower())
        if not text.isascii():
            found.add("".join(one.lower() if one.isascii() else one for one in text))
    return sorted(found)


def by_text(
    connection: Reading, column: Any, texts: Collection[str], *more: Any
) -> dict[str, list[Any]]:
    """Rows (the column and `more`) whose column is one of the texts in any case, by its text."""
    found: dict[str, list[Any]] = defaultdict(list)
    if texts:
        query = select(column, *more).where(func.lower(column).in_(variants(texts)))
        for row in connection.execute(query):
            found[row[0].lower()].append(row)
    return found


def models(connection: Reading, texts: Collection[str]) -> dict[str, int | Several]:
    """The models with these names, else model numbers, by the text in lower case."""
    named = by_text(connection, AssetModel.name, texts, AssetModel.id)
    rest = [text for text in texts if text.lower() not in named]
    numbered = by_text(connection, AssetModel.model_number, rest, AssetModel.id)
    return _only({**numbered, **named})


def suppliers(connection: Reading, texts: Collection[str]) -> dict[str, int | Several]:
    """The suppliers with these names, by the name in lower case."""
    return _only(by_text(connection, Supplier.name, texts, Supplier.id))


def parts(connection: Reading, texts: Collection[str]) -> dict[str, Stocked | Several]:
    """The parts that these texts stand for: label, part number, barcode, other number, or name."""
    columns = (Part.id, Part.name, Part.tracking, Part.unit)
    found: dict[str, Stocked | Several] = {}
    codes = {code: text for text in texts if (code := _code(text))}
    if codes:
        query = select(Part.code, *columns).where(Part.code.in_(codes))
        found |= {codes[row[0]].lower(): Stocked(*row[1:]) for row in connection.execute(query)}
    for column in (Part.part_number, None, Part.manufacturer_part_number,
                   Part.supplier_part_number, Part.name):  # fmt: skip
        rest = [text for text in texts if text.lower() not in found]
        if not rest:
            break
        if column is None:
            found |= _aliased(connection, rest, columns)
            continue
        for text, rows in by_text(connection, column, rest, *columns).items():
            found[text] = Stocked(*rows[0][1:]) if len(rows) == 1 else SEVERAL
    return found


class Tree:
    """The places that the paths of a chunk may mean, by their names and what they are in."""

    def __init__(self, connection: Reading, texts: Collection[str]) -> None:
        names = {name for text in texts for name in (text, *split_path(text))}
        columns = (Location.id, Location.parent_id, Location.name)
        self._named = by_text(connection, Location.name, names, *columns[:2])
        self._of = {row.id: row for rows in self._named.values() for row in rows}
        codes = {code: text.lower() for text in texts if (code := _code(text))}
        query = select(Location.code, Location.id).where(Location.code.in_(codes))
        self._labels = {codes[code]: at for code, at in connection.execute(query)} if codes else {}

    def find(self, text: str) -> int | Several | None:
        """The place that a label, a name or a path means; None where there is none."""
        label = self._labels.get(text.lower())
        if label is not None:
            return label
        whole = self._named.get(text.lower(), [])
        if whole:
            return self._best(whole)
        return self.at(split_path(text))

    def at(self, path: Path) -> int | Several | None:
        """The place at the end of a path, whose outermost name may be anywhere."""
        if not path:
            return None
        ends = [row for row in self._named.get(path[-1].lower(), ()) if self._fits(row, path[:-1])]
        return self._best(ends) if ends else None

    def inside(self, parent_id: int | None, name: str) -> int | None:
        """The place of that name right inside another one, or inside none."""
        rows = self._named.get(name.lower(), ())
        return next((row.id for row in rows if row.parent_id == parent_id), None)

    def _best(self, rows: list[Any]) -> int | Several:
        outer = [row.id for row in rows if row.parent_id is None]
        if len(rows) > 1 and len(outer) != 1:
            return SEVERAL
        return int(outer[0] if len(rows) > 1 else rows[0].id)

    def _fits(self, row: Any, above: Path) -> bool:
        for name in reversed(above):
            row = self._of.get(row.parent_id)
            if row is None or row.name.lower() != name.lower():
                return False
        return True


def things_of_aliases(connection: Reading, texts: Collection[str]) -> dict[str, str]:
    """The code that each of these texts (as `domain.codes.spelling` has them) stands for."""
    if not texts:
        return {}
    query = select(Alias.text, Alias.code).where(Alias.text.in_(texts))
    return {row.text: row.code for row in connection.execute(query)}


def taken_words(connection: Reading, texts: Collection[str]) -> set[str]:
    """Which of these texts are a tag, a serial or a part number already, in lower case."""
    found: set[str] = set()
    for column in (Asset.tag, Asset.serial, Part.part_number):
        found |= by_text(connection, column, texts).keys()
    return found


def labels_among(connection: Reading, texts: Collection[str]) -> set[str]:
    """Which of these names are label codes of ours, which nothing may be called."""
    codes = {code: text for text in texts if (code := _code(text))}
    if not codes:
        return set()
    rows = connection.execute(select(Code.code).where(Code.code.in_(codes)))
    return {codes[row.code] for row in rows}


def names_of(connection: Reading, table: Any, ids: Collection[int]) -> dict[int, str]:
    """The names of rows by their numbers."""
    if not ids:
        return {}
    query = select(table.id, table.name).where(table.id.in_(ids))
    return {row.id: row.name for row in connection.execute(query)}


def people(
    connection: Reading, given: Mapping[str, Collection[str]]
) -> dict[str, dict[str, list[Any]]]:
    """The people by username, e-mail and name: for each of these the texts and what they find."""
    columns = {"username": Person.username, "email": Person.email, "name": Person.name}
    return {
        name: by_text(connection, columns[name], texts, Person.id) for name, texts in given.items()
    }


def _aliased(connection: Reading, texts: Collection[str], columns: Any) -> dict[str, Any]:
    spelled = {spelling(text): text.lower() for text in texts}
    codes = things_of_aliases(connection, list(spelled))
    if not codes:
        return {}
    query = select(Part.code, *columns).where(Part.code.in_(set(codes.values())))
    rows = {row[0]: Stocked(*row[1:]) for row in connection.execute(query)}
    return {spelled[text]: rows[code] for text, code in codes.items() if code in rows}


def _only(rows: Mapping[str, list[Any]]) -> dict[str, int | Several]:
    return {text: found[0][1] if len(found) == 1 else SEVERAL for text, found in rows.items()}


def _code(text: str) -> str | None:
    # Most texts are far from a code: look at the length first.
    return as_code(text) if 7 <= len(text) <= 16 else None
