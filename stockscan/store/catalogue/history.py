"""What happened, newest first: movements of stock and events of assets, with all names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Actor
from stockscan.domain.history import may_undo
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement as people read it; quantity and value are those of the stock.

    `undone` tells that a later row reverses it; `reversed_kind` what a reversal takes back.
    """

    seq: int
    kind: str
    reversed_kind: str | None
    undone: bool
    part_code: str
    part: str
    unit: str
    location_code: str
    location: str
    lot: str
    serial: str
    quantity_milli: int
    value_e4: int
    effective_us: int
    person_id: int
    person: str
    asset_code: str | None
    asset_tag: str | None
    asset: str | None
    operation_id: str
    reason: str
    note: str
    removed_serial: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an asset as people read it; `target` is who or what got it.

    `of_making` tells that it was recorded as the asset came to the books: it can't be taken back.
    """

    seq: int
    kind: str
    reversed_kind: str | None
    undone: bool
    effective_us: int
    person_id: int
    person: str
    target: str | None
    condition: int | None
    value_milli: int | None
    meter: str | None
    unit: str | None
    to_status: str | None
    amount_minor: int | None
    due_on: date | None
    operation_id: str
    note: str
    of_making: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of what the books say about a thing: of each field, its text before and after."""

    seq: int
    effective_us: int
    person_id: int
    person: str
    operation_id: str
    changes: dict[str, tuple[str, str]]
    kind: str = "edit"
    undone: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """One photo or document that was put to a thing."""

    seq: int
    effective_us: int
    person_id: int
    person: str
    name: str
    kind: str = "file"
    undone: bool = False
    operation_id: str = ""
    note: str = ""


Entry = Moved | Happened | Changed | Added


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a history, and whether the person who looks may take it back."""

    row: Entry
    undoable: bool

    @property
    def is_move(self) -> bool:
        """Whether goods moved."""
        return isinstance(self.row, Moved)


def lines_for(actor: Actor, rows: Iterable[Entry]) -> list[Line]:
    """Rows as the history of a page shows them to the actor."""
    return [Line(row, _is_undoable(actor, row)) for row in rows]


def _is_undoable(actor: Actor, row: Entry) -> bool:
    if isinstance(row, Happened) and row.of_making:
        return False
    return may_undo(actor, row.kind, row.person_id, undone=row.undone)


def moves_of_part(
    connection: Connection | Session,
    part_id: int,
    blind: Blindness = SEEING,
    *,
    before: int | None = None,
    limit: int,
) -> list[Moved]:
    """Movements of a part; `before` is the seq of the last one already shown.

    None where something of the part is hidden: their sum is what there is.
    """
    earlier = [Movement.seq < before] if before is not None else []
    return _moves(connection, blind, limit, Movement.part_id == part_id, *earlier)


def moves_at(
    connection: Connection | Session, location_id: int, blind: Blindness = SEEING, *, limit: int
) -> list[Moved]:
    """Movements at a place; none of a part of which something is hidden."""
    return _moves(connection, blind, limit, Movement.location_id == location_id)


def _moves(
    connection: Connection | Session, blind: Blindness, limit: int, *conditions: Any
) -> list[Moved]:
    query = moved().where(*conditions)
    if blind:
        query = query.where(~blind.hides_part(Movement.part_id))
    return rows_as(Moved, connection.execute(query.order_by(Movement.seq.desc()).limit(limit)))


@cache  # put together once: that costs more than running it
def moved() -> Query:
    """All movements with the columns of `Moved`."""
    reversed_row, answer = aliased(Movement), aliased(Movement)
    return (
        select(
            Movement.seq,
            Movement.kind,
            reversed_row.kind,
            select(answer.seq).where(answer.reverses_seq == Movement.seq).exists(),
            Part.code,
            Part.name,
            Part.unit,
            Location.code,
            Location.name,
            Movement.lot,
            Movement.serial,
            Movement.quantity_milli,
            Movement.value_e4,
            Movement.effective_us,
            Movement.person_id,
            Person.name,
            Asset.code,
            Asset.tag,
            Asset.name,
            Movement.operation_id,
            Movement.reason,
            Movement.note,
            Movement.removed_serial,
        )
        .join(Part, Part.id == Movement.part_id)
        .join(Location, Location.id == Movement.location_id)
        .join(Person, Person.id == Movement.person_id)
        .outerjoin(Asset, Asset.id == Movement.asset_id)
        .outerjoin(reversed_row, reversed_row.seq == Movement.reverses_seq)
    )
