"""What may explain a difference: other records of the part, earlier counts, what still waits."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from stockscan.domain.counts import ENDED, OPEN, LineState
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MILLI, parse_quantity
from stockscan.domain.ledger import Key
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.counts.anchors import same_key
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.rows import CountLine
from stockscan.store.counts.stories import Told
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part, SupplierPart
from stockscan.store.people import Person
from stockscan.store.stock import Balance

LATELY_US: Final = timedelta(days=30) // timedelta(microseconds=1)

# Operations that move goods, by what becomes of the bin that they name.
_TAKES: Final = frozenset({"issue", "install", "scrap"})
_BRINGS: Final = frozenset({"receive", "return_from_asset"})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A count of the same goods before this one, in another session."""

    count_id: str
    counted_us: int
    counter: str
    counted_milli: int
    variance_milli: int


@dataclass(frozen=True, slots=True)
class Near:
    """Another record of the part with a difference that nobody has decided about."""

    line_id: int
    count_id: str
    location_id: int
    location: str
    parent_id: int | None
    order: int
    lot: str
    serial: str
    variance_milli: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An operation that is stored without effect and would move these goods (signed)."""

    operation_id: str
    kind: str
    person: str
    effective_us: int
    quantity_milli: int


def earlier_counts(connection: Connection, line: Told, limit: int = 3) -> list[Earlier]:
    """The last counts of the same goods that were booked, in other sessions, newest first."""
    rows = connection.execute(
        select(
            CountLine.session_id,
            CountLine.counted_us,
            Person.name,
            CountLine.counted_milli,
            CountLine.variance_milli,
        )
        .join(Person, Person.id == CountLine.counter_id)
        .where(
            *same_key(CountLine, line.key),
            CountLine.session_id != line.count_id,
            CountLine.state == LineState.POSTED,
            CountLine.counted_us < (line.counted_us or 0),
        )
        .order_by(CountLine.counted_us.desc(), CountLine.id.desc())
        .limit(limit)
    )
    return rows_as(Earlier, rows)


def others_of(connection: Connection, line: Told, blind: Blindness, limit: int = 50) -> list[Near]:
    """Other records of the part that are off and not decided, the newest count of each.

    Without those that are hidden from who asks.
    """
    rows = connection.execute(
        select(
            CountLine.id,
            CountLine.session_id,
            CountLine.location_id,
            Location.name,
            Location.parent_id,
            CountLine.place_order,
            CountLine.lot,
            CountLine.serial,
            CountLine.variance_milli,
        )
        .join(Location, Location.id == CountLine.location_id)
        .where(
            CountLine.part_id == line.key.part_id,
            CountLine.state.not_in(sorted({*ENDED, *OPEN})),
            CountLine.variance_milli != 0,
            CountLine.counted_us > (line.counted_us or 0) - LATELY_US,
            ~blind.hides(CountLine.part_id, CountLine.location_id),
        )
        .order_by(CountLine.counted_us.desc(), CountLine.id.desc())
        .limit(limit)
    )
    newest: dict[Key, Near] = {}
    for near in rows_as(Near, rows):
        newest.setdefault(line.key._replace(**_place(near)), near)
    newest.pop(line.key, None)
    return list(newest.values())


def packs_of(connection: Connection, part_id: int) -> list[int]:
    """The sizes in which the part is bought, in thousandths."""
    usual = select(Part.pack_milli).where(Part.id == part_id)
    further = select(SupplierPart.pack_milli).where(SupplierPart.part_id == part_id)
    return sorted(set(connection.scalars(usual.union(further))) - {MILLI})


def booked_in(connection: Connection, line: Told, blind: Blindness) -> list[str]:
    """The names of the other bins that hold the line's serial by the books.

    Without those of which the books are hidden from who asks.
    """
    if not line.key.serial:
        return []
    rows = connection.scalars(
        select(Location.name)
        .join(Balance, Balance.location_id == Location.id)
        .where(
            Balance.part_id == line.key.part_id,
            Balance.serial == line.key.serial,
            Balance.location_id != line.key.location_id,
            Balance.quantity_milli > 0,
            ~blind.hides(Balance.part_id, Balance.location_id),
        )
    )
    return list(rows)


def waiting_for(connection: Connection, line: Told, limit: int = 200) -> list[Waiting]:
    """Operations in attention that would move these goods."""
    rows = connection.execute(
        select(Operation.id, Operation.kind, Person.name, Operation.effective_us, Operation.content)
        .join(Person, Person.id == Operation.actor_id)
        .where(
            Operation.status == "attention",
            Operation.kind.in_(sorted({*_TAKES, *_BRINGS, "transfer"})),
        )
        .order_by(Operation.received_us.desc())
        .limit(limit)
    )
    found = [(row, _would_move(row.kind, json.loads(row.content), line)) for row in rows]
    return [Waiting(*row[:4], quantity_milli) for row, quantity_milli in found if quantity_milli]


def _would_move(kind: str, said: dict[str, Any], line: Told) -> int:
    """The change of the line's goods that an operation asks for; 0 where it is about others."""
    if said.get("part") not in {line.part_code, line.part_number}:
        return 0
    if (said.get("lot") or line.key.lot) != line.key.lot:
        return 0
    try:
        quantity_milli = parse_quantity(said.get("quantity") or "1")
    except Invalid:
        return 0
    here = {line.location_code, line.location}
    if kind == "transfer":
        ways = {"from_location": -quantity_milli, "to_location": quantity_milli}
        return sum(change for field, change in ways.items() if said.get(field) in here)
    if (said.get("location") or line.location_code) not in here:
        return 0
    return -quantity_milli if kind in _TAKES else quantity_milli


def _place(near: Near) -> dict[str, Any]:
    return {"location_id": near.location_id, "lot": near.lot, "serial": near.serial}
