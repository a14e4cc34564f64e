"""What stands on labels: the words for each kind of thing, a few queries for hundreds of codes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.codes import Alias, Code
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

# Codes asked for in one query: well below what either database takes as parameters.
CHUNK: Final = 500
UNCLAIMED: Final = ~select(Alias.code).where(Alias.text == Code.code).exists()
# Places stand in one another to this depth at most, so the way up has an end.
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class LabelText:
    """The words on the label of one thing; "" for what it has not.

    `number` is the part's or the model's, `place` where it belongs; of a place all places around
    it, the outermost first.
    """

    code: str
    kind: str
    title: str
    subtitle: str
    serial: str = ""
    model: str = ""
    number: str = ""
    place: str = ""


def texts(connection: Connection, codes: Sequence[str]) -> dict[str, LabelText]:
    """The words on the labels of these codes; unknown codes are left out."""
    found: dict[str, LabelText] = {}
    wanted = list(dict.fromkeys(codes))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        for query in _texts():
            rows = connection.execute(query.where(Code.code.in_(chunk)))
            found.update({text.code: _spoken(text) for text in rows_as(LabelText, rows)})
        found.update(_around(connection, [found[code] for code in chunk if code in found]))
    return found


def kinds_of(connection: Connection, codes: Sequence[str]) -> set[str]:
    """The kinds of things that carry these codes."""
    found: set[str] = set()
    for start in range(0, len(codes), CHUNK):
        query = select(Code.kind).where(Code.code.in_(codes[start : start + CHUNK])).distinct()
        found.update(connection.execute(query).scalars())
    return found


def _texts() -> list[Query]:
    """One query a kind of thing; a code that nothing carries yet says nothing but itself."""
    parent, own_bin, home = aliased(Location), aliased(Location), aliased(Location)
    nothing = literal("")

    def of(table: Any, *words: Any) -> Query:
        return select(Code.code, Code.kind, *words).join(table, table.code == Code.code)

    def known(column: Any) -> Any:
        return func.coalesce(column, "")

    asset = of(
        Asset, Asset.tag, Asset.name, Asset.serial,
        known(AssetModel.name), known(AssetModel.model_number), known(home.name),
    )  # fmt: skip
    part = of(
        Part, Part.name, Part.part_number, nothing,
        Part.manufacturer_part_number, Part.part_number, known(own_bin.name),
    )  # fmt: skip
    return [
        asset.outerjoin(AssetModel, AssetModel.id == Asset.model_id).outerjoin(
            home, home.id == Asset.location_id
        ),
        part.outerjoin(own_bin, own_bin.id == Part.default_location_id),
        of(Person, Person.name, Person.role, nothing, nothing, nothing, nothing),
        of(Location, Location.name, known(parent.name), nothing, nothing, nothing, nothing)
        .outerjoin(parent, parent.id == Location.parent_id),
        # A claimed one is left out: its thing has a label of its own.
        select(Code.code, Code.kind, literal("Blank"), nothing, nothing, nothing, nothing, nothing)
        .where(Code.kind == Kind.BLANK, UNCLAIMED),
    ]  # fmt: skip


def _spoken(text: LabelText) -> LabelText:
    """A person's role as a word and not as a key."""
    is_person = text.kind == Kind.PERSON
    return replace(text, subtitle=text.subtitle.capitalize()) if is_person else text


def _around(connection: Connection, known: Sequence[LabelText]) -> dict[str, LabelText]:
    """The texts of places once more, with the places around them; one query a level of the tree."""
    places = {text.code: text for text in known if text.kind == Kind.LOCATION}
    paths: dict[str, list[str]] = {code: [] for code in places}
    query = select(Location.code, Location.parent_id).where(Location.code.in_(places))
    above = {row.code: row.parent_id for row in connection.execute(query) if row.parent_id}
    for _ in range(_DEEPEST):
        if not above:
            break
        wanted = set(above.values())
        rows = connection.execute(
            select(Location.id, Location.name, Location.parent_id).where(Location.id.in_(wanted))
        )
        outer = {row.id: row for row in rows}
        for code, number in above.items():
            paths[code].insert(0, outer[number].name)
        above = {
            code: outer[number].parent_id
            for code, number in above.items()
            if outer[number].parent_id
        }
    return {code: replace(text, place=" / ".join(paths[code])) for code, text in places.items()}
