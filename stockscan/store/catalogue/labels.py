"""What stands on labels, and the record of what was printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from stockscan.domain.codes import Kind
from stockscan.store.assets import Asset
from stockscan.store.catalogue.locations import below
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.codes import Alias, Code
from stockscan.store.labels import LabelPrint, LabelPrinted
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

# Codes asked for in one query: well below what either database takes as parameters.
_CHUNK = 500
_UNCLAIMED = ~select(Alias.code).where(Alias.text == Code.code).exists()


@dataclass(frozen=True, slots=True)
class LabelText:
    """The words on the label of one thing."""

    code: str
    kind: str
    title: str
    subtitle: str


def texts(connection: Connection, codes: Sequence[str]) -> dict[str, LabelText]:
    """The words on the labels of these codes; unknown codes are left out."""
    found: dict[str, LabelText] = {}
    wanted = list(dict.fromkeys(codes))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for query in _texts():
            rows = connection.execute(query.where(Code.code.in_(chunk)))
            found.update({text.code: text for text in rows_as(LabelText, rows)})
    return found


def codes_at(connection: Connection, location_id: int) -> list[str]:
    """The codes of a place, of every place inside it, then of the assets that stand there."""
    inside = below(location_id)
    places = select(Location.code, literal(0).label("turn"), func.lower(Location.name).label("by"))
    assets = select(Asset.code, literal(1), func.lower(Asset.tag))
    both = union_all(
        places.where(Location.id.in_(inside), Location.active),
        assets.where(Asset.location_id.in_(inside), Asset.status.in_(("in_service", "down"))),
    ).subquery()
    rows = connection.execute(select(both.c.code).order_by(both.c.turn, both.c.by, both.c.code))
    return list(rows.scalars())


def blanks_of(connection: Connection, batch_us: int) -> list[str]:
    """The codes of the blank labels that were made at one moment and are on nothing yet."""
    rows = connection.execute(
        select(Code.code)
        .where(Code.created_us == batch_us, Code.kind == Kind.BLANK, _UNCLAIMED)
        .order_by(Code.code)
    )
    return list(rows.scalars())


def record(session: Session, codes: Iterable[str], **values: Any) -> int:
    """Note a print of these labels, in their order on the paper; returns its number."""
    entry = LabelPrint(**values)
    session.add(entry)
    session.flush()
    rows = [
        {"print_id": entry.id, "place": place, "code": code}
        for place, code in enumerate(codes, start=1)
    ]
    session.execute(insert(LabelPrinted), rows)
    return entry.id


def _texts() -> list[Query]:
    """One query a kind of thing; a code that nothing carries yet says nothing but itself."""

    def of(table: Any, title: Any, subtitle: Any) -> Query:
        texts = select(Code.code, Code.kind, title, subtitle)
        return texts.join(table, table.code == Code.code)

    parent = aliased(Location)
    nothing = literal("")
    return [
        of(Asset, Asset.tag, Asset.name),
        of(Part, Part.name, Part.part_number),
        of(Person, Person.name, nothing),
        of(Location, Location.name, func.coalesce(parent.name, "")).outerjoin(
            parent, parent.id == Location.parent_id
        ),
        # A claimed one is left out: its thing has a label of its own.
        select(Code.code, Code.kind, literal("Blank"), nothing).where(
            Code.kind == Kind.BLANK, _UNCLAIMED
        ),
    ]
