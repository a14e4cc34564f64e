"""All that happened to an asset, newest first: goods, events, edits, files, by one query each."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from stockscan.domain.errors import Invalid
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.catalogue.history import Added, Changed, Entry, Happened, Moved, moved
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.edits import Edit
from stockscan.store.files import Attachment
from stockscan.store.locations import Location
from stockscan.store.meters import Meter
from stockscan.store.operations import Operation
from stockscan.store.people import Person
from stockscan.store.stock import Movement

# What of one instant stands above: goods, then events, then edits, then files.
_RANKS: dict[type, int] = {Added: 0, Changed: 1, Happened: 2, Moved: 3}


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """Where an entry stands in the timeline of an asset."""

    at_us: int
    rank: int
    seq: int

    @property
    def text(self) -> str:
        """The moment as an address carries it."""
        return f"{self.at_us}-{self.rank}-{self.seq}"


def moment(text: str) -> Moment:
    """The moment that an address carries. Raises `Invalid` for what is none."""
    parts = text.split("-")
    if len(parts) != len(_RANKS) - 1 or not all(part.isdecimal() for part in parts):
        raise Invalid("That page is gone. Start at the newest.", field="before")
    at_us, rank, seq = (min(int(part[:19]), 2**63 - 1) for part in parts)
    return Moment(at_us, rank, seq)


def moment_of(row: Entry) -> Moment:
    """Where an entry stands."""
    return Moment(row.effective_us, _RANKS[type(row)], row.seq)


def timeline(
    connection: Connection | Session, asset_id: int, *, before: Moment | None = None, limit: int
) -> list[Entry]:
    """The newest entries before a moment that was already shown."""
    rows: list[Entry] = []
    for read in (_moves, _events, _edits, _files):
        rows += read(connection, asset_id, before, limit)
    return sorted(rows, key=moment_of, reverse=True)[:limit]


def _moves(
    connection: Connection | Session, asset_id: int, before: Moment | None, limit: int
) -> list[Moved]:
    query = moved().where(Movement.asset_id == asset_id)
    key = (Movement.effective_us, Movement.seq)
    return rows_as(Moved, connection.execute(_page(query, key, Moved, before, limit)))


def _events(
    connection: Connection | Session, asset_id: int, before: Moment | None, limit: int
) -> list[Happened]:
    # The condition that it came with was recorded for a later one: nobody did that.
    query = _happened().where(AssetEvent.asset_id == asset_id, AssetEvent.leg == 0)
    key = (AssetEvent.effective_us, AssetEvent.seq)
    return rows_as(Happened, connection.execute(_page(query, key, Happened, before, limit)))


def _edits(
    connection: Connection | Session, asset_id: int, before: Moment | None, limit: int
) -> list[Changed]:
    query = (
        select(Edit.id, Edit.at_us, Edit.person_id, Person.name, Edit.operation_id, Edit.changes)
        .join(Person, Person.id == Edit.person_id)
        .where(Edit.kind == "asset", Edit.thing_id == asset_id)
    )
    found: Any = connection.execute(_page(query, (Edit.at_us, Edit.id), Changed, before, limit))
    return [Changed(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in found]


def _files(
    connection: Connection | Session, asset_id: int, before: Moment | None, limit: int
) -> list[Added]:
    query = (
        select(
            Attachment.id,
            Attachment.created_us,
            Attachment.person_id,
            Person.name,
            Attachment.name,
        )
        .join(Person, Person.id == Attachment.person_id)
        .where(Attachment.kind == "asset", Attachment.thing_id == asset_id)
    )
    key = (Attachment.created_us, Attachment.id)
    return rows_as(Added, connection.execute(_page(query, key, Added, before, limit)))


def _page(
    query: Query, key: tuple[Any, Any], kind: type, before: Moment | None, limit: int
) -> Query:
    """The rows of one kind before a moment, newest first."""
    at_us, seq = key
    rank = _RANKS[kind]
    if before is not None and rank == before.rank:
        query = query.where(tuple_(at_us, seq) < tuple_(before.at_us, before.seq))
    elif before is not None:
        query = query.where(at_us <= before.at_us if rank < before.rank else at_us < before.at_us)
    return query.order_by(at_us.desc(), seq.desc()).limit(limit)


@cache  # put together once: that costs more than running it
def _happened() -> Query:
    to_person, to_location, to_asset = aliased(Person), aliased(Location), aliased(Asset)
    reversed_row, answer = aliased(AssetEvent), aliased(AssetEvent)
    return (
        select(
            AssetEvent.seq,
            AssetEvent.kind,
            reversed_row.kind,
            select(answer.seq).where(answer.reverses_seq == AssetEvent.seq).exists(),
            AssetEvent.effective_us,
            AssetEvent.person_id,
            Person.name,
            func.coalesce(to_person.name, to_location.name, to_asset.name),
            AssetEvent.condition,
            AssetEvent.value_milli,
            Meter.name,
            Meter.unit,
            AssetEvent.to_status,
            AssetEvent.amount_minor,
            AssetEvent.due_on,
            AssetEvent.operation_id,
            AssetEvent.note,
            Operation.kind.in_(("create_asset", "import")),
        )
        .join(Operation, Operation.id == AssetEvent.operation_id)
        .join(Person, Person.id == AssetEvent.person_id)
        .outerjoin(to_person, to_person.id == AssetEvent.to_person_id)
        .outerjoin(to_location, to_location.id == AssetEvent.to_location_id)
        .outerjoin(to_asset, to_asset.id == AssetEvent.to_asset_id)
        .outerjoin(Meter, Meter.id == AssetEvent.meter_id)
        .outerjoin(reversed_row, reversed_row.seq == AssetEvent.reverses_seq)
    )
