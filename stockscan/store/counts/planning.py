"""What a plan comes to before it is opened: how much it is, what it names, who may count it."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from stockscan.domain.access import GRANTS, Permission
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.rows import CountLine
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

# So many of the last counts say how long one takes; longer breaks between two are breaks.
LOOKED_AT: Final = 500
BREAK_US: Final = 300_000_000

_COUNTING_ROLES = tuple(
    role.value for role, granted in GRANTS.items() if Permission.COUNT_RECORD in granted
)


@dataclass(frozen=True, slots=True)
class Named:
    """A place or part that a plan names."""

    id: int
    code: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class CounterRow:
    """Somebody who may count."""

    id: int
    code: str
    name: str


def size(
    connection: Connection | Session, keys: Select[tuple[int, int, str]], blind: Blindness
) -> tuple[int, int]:
    """(records, places) of a scope, without what is hidden."""
    of = keys.subquery("of")
    query = select(func.count(), func.count(of.c.location_id.distinct())).select_from(of)
    if blind:
        query = query.where(~blind.hides(of.c.part_id, of.c.location_id))
    records, places = connection.execute(query).one()
    return records, places


def usual_seconds(connection: Connection | Session) -> float | None:
    """The median time between two lines that somebody counted in one go, None without any."""
    lines = (
        select(CountLine.counter_id, CountLine.session_id, CountLine.counted_us)
        .where(CountLine.counted_us.is_not(None))
        .order_by(CountLine.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    before = func.lag(lines.c.counted_us).over(
        partition_by=(lines.c.session_id, lines.c.counter_id), order_by=lines.c.counted_us
    )
    took = select((lines.c.counted_us - before).label("took_us")).subquery()
    rows = connection.execute(
        select(took.c.took_us).where(took.c.took_us > 0, took.c.took_us <= BREAK_US)
    )
    found = list(rows.scalars())
    return median(found) / 1_000_000 if found else None


def places_named(connection: Connection | Session, ids: tuple[int, ...]) -> list[Named]:
    """These places by name."""
    rows = connection.execute(
        select(Location.id, Location.code, Location.name, Location.kind)
        .where(Location.id.in_(ids))
        .order_by(func.lower(Location.name), Location.id)
    )
    return [Named(*row) for row in rows]


def parts_named(connection: Connection | Session, ids: tuple[int, ...]) -> list[Named]:
    """These parts by part number."""
    rows = connection.execute(
        select(Part.id, Part.code, Part.name, Part.part_number)
        .where(Part.id.in_(ids))
        .order_by(func.lower(Part.part_number), Part.id)
    )
    return [Named(*row) for row in rows]


def counters(connection: Connection | Session, limit: int) -> list[CounterRow]:
    """The active people who may count, by name."""
    rows = connection.execute(
        select(Person.id, Person.code, Person.name)
        .where(Person.active, Person.role.in_(_COUNTING_ROLES))
        .order_by(func.lower(Person.name), Person.id)
        .limit(limit)
    )
    return [CounterRow(*row) for row in rows]
