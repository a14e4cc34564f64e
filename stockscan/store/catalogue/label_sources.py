"""Where labels come from: the codes of a place, a list, a day's work, a batch of blank ones."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, literal, select, union_all
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset
from stockscan.store.catalogue.labels import UNCLAIMED
from stockscan.store.catalogue.listing import assets, parts, people, places
from stockscan.store.catalogue.locations import below
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.codes import Code, ScanEvent
from stockscan.store.counts.blindness import Blindness
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.stock import Balance, Movement

# What of a place gets a label; "all" is the places and the assets.
INSIDE: Final = ("all", "places", "bins", "assets", "parts")
_PRESENT: Final = Asset.status.in_(("in_service", "down"))


@dataclass(frozen=True, slots=True)
class Batch:
    """Blank labels that were made at once: how many, and how many are on nothing yet."""

    made_us: int
    labels: int
    left: int


def codes_at(
    connection: Connection, location_id: int, blind: Blindness, what: str = "all"
) -> list[str]:
    """The codes of a place and of all that is inside it: places, then assets, by name.

    `what` is one of `INSIDE`; parts are those that live there or lie there, or are counted blind.
    """
    inside = below(location_id)
    named: dict[str, Any] = {
        "places": (Location, func.lower(Location.name), Location.id.in_(inside), Location.active),
        "assets": (Asset, func.lower(Asset.tag), Asset.location_id.in_(inside), _PRESENT),
    }
    named["bins"] = (*named["places"], Location.kind == "bin")
    lying = select(Balance.part_id).where(
        Balance.location_id.in_(inside), Balance.quantity_milli != 0
    )
    counted = blind.keys(Part.id).where(Location.id.in_(inside)) if blind else lying
    lives = Part.default_location_id.in_(inside) | Part.id.in_(lying) | Part.id.in_(counted)
    named["parts"] = (Part, func.lower(Part.part_number), Part.active, lives)
    chosen = [named[name] for name in (("places", "assets") if what == "all" else (what,))]
    both = union_all(
        *(
            select(table.code, literal(turn).label("turn"), by.label("by")).where(*conditions)
            for turn, (table, by, *conditions) in enumerate(chosen)
        )
    ).subquery()
    rows = connection.execute(select(both.c.code).order_by(both.c.turn, both.c.by, both.c.code))
    return list(rows.scalars())


def codes_listed(
    connection: Connection,
    of: str,
    asked: Mapping[str, Any],
    sort: str,
    today: date,
    limit: int,
    blind: Blindness,
) -> list[str]:
    """The codes of the first things that a list shows.

    `of` is assets, parts, locations or people, `asked` the fields of its filters. Raises `Invalid`
    and `NotFound`, with the field, for what can't be asked.
    """
    table: Any
    if of == "assets":
        table, order = Asset, assets.asset_order(connection, sort or "tag")
        query = assets.asset_ids(connection, assets.AssetFilters(**asked), today)
    elif of == "parts":
        table, order = Part, parts.part_order(sort or "number")
        query = parts.part_ids(connection, parts.PartFilters(**asked), blind)
    elif of == "locations":
        table, order = Location, places.place_order(sort or "name")
        query = places.place_ids(connection, places.PlaceFilters(**asked))
    else:
        table, order = Person, people.people_order(sort or "name")
        query = people.people_ids(connection, people.PeopleFilters(**asked))
    some = order.sort(query.with_only_columns(table.code)).limit(limit)
    return list(connection.execute(some).scalars())


def received_codes(connection: Connection, person_id: int, since_us: int) -> list[str]:
    """The parts that somebody received and the assets that they set up, in the order of doing.

    What was taken back since is left out.
    """
    back = aliased(Movement)
    received = (
        select(Operation.received_us, Part.code)
        .join(Movement, Movement.operation_id == Operation.id)
        .join(Part, Part.id == Movement.part_id)
        .where(*_done_by(person_id, since_us), Movement.kind == MovementKind.RECEIVE)
        .where(~select(back.seq).where(back.reverses_seq == Movement.seq).exists())
    )
    made = select(Operation.received_us, Operation.result).where(
        *_done_by(person_id, since_us), Operation.kind == "create_asset"
    )
    found: list[tuple[int, str]] = [(at_us, code) for at_us, code in connection.execute(received)]
    for at_us, answer in connection.execute(made):
        found.append((at_us, json.loads(answer)["result"]["code"]))
    return list(dict.fromkeys(code for _, code in sorted(found)))


def scanned_codes(connection: Connection, person_id: int, since_us: int) -> list[str]:
    """What somebody scanned, each thing once, in the order of the first scans."""
    first_us = func.min(ScanEvent.at_us)
    query = (
        select(ScanEvent.code)
        .join(Code, Code.code == ScanEvent.code)
        .where(ScanEvent.person_id == person_id, ScanEvent.at_us >= since_us)
        .where(Code.kind.in_((Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON)))
        .group_by(ScanEvent.code)
        .order_by(first_us, ScanEvent.code)
    )
    return [code for code in connection.execute(query).scalars() if code]


def blanks_of(connection: Connection, batch_us: int) -> list[str]:
    """The codes of the blank labels that were made at one moment and are on nothing yet."""
    rows = connection.execute(
        select(Code.code)
        .where(Code.created_us == batch_us, Code.kind == Kind.BLANK, UNCLAIMED)
        .order_by(Code.code)
    )
    return list(rows.scalars())


def blank_batches(connection: Connection, limit: int) -> list[Batch]:
    """The newest batches of blank labels of which some are on nothing yet."""
    left = func.count().filter(UNCLAIMED)
    rows = connection.execute(
        select(Code.created_us, func.count(), left)
        .where(Code.kind == Kind.BLANK)
        .group_by(Code.created_us)
        .having(left > 0)
        .order_by(Code.created_us.desc())
        .limit(limit)
    )
    return rows_as(Batch, rows)


def _done_by(person_id: int, since_us: int) -> tuple[Any, ...]:
    return (
        Operation.actor_id == person_id,
        Operation.received_us >= since_us,
        Operation.status == "applied",
    )
