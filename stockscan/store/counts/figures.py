"""How right the books were, added up by the database from what first blind counts measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from stockscan.domain.counts.accuracy import Measured
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.counts.measured import Wanted, records
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person


@dataclass(frozen=True, slots=True)
class Group:
    """What was measured of some records together; `code` is of the thing that they share."""

    code: str
    name: str
    measured: Measured


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record that was measured: what was booked and how far off it was, when first counted."""

    line_id: int
    count_id: str
    number: int | None
    part: str
    part_number: str
    part_name: str
    unit: str
    location: str
    location_name: str
    lot: str
    serial: str
    counter: str
    measured_us: int
    book_milli: int
    variance_milli: int
    value_e4: int
    within: bool


def total(connection: Connection, wanted: Wanted) -> Measured:
    """All of them together."""
    row = connection.execute(select(*_sums(records(connection, wanted)))).one()
    return _measured(row)


def first_us(connection: Connection) -> int | None:
    """When anything was measured first, None for never."""
    first = select(CountLine.measured_us).where(CountLine.measured_us.is_not(None))
    return connection.scalar(first.order_by(CountLine.measured_us).limit(1))


def only_root(connection: Connection) -> int | None:
    """The place that all others lie in, where there is one."""
    roots = connection.scalars(select(Location.id).where(Location.parent_id.is_(None)).limit(2))
    found = roots.all()
    return found[0] if len(found) == 1 else None


def by_class(connection: Connection, wanted: Wanted) -> list[Group]:
    """By the class that a part had when it was counted; "" is none."""
    found = records(connection, wanted)
    name = func.coalesce(found.c.abc_class, "")
    rows = connection.execute(select(name, name, *_sums(found)).group_by(name).order_by(name))
    return _groups(rows)


def by_person(connection: Connection, wanted: Wanted, limit: int) -> list[Group]:
    """By who counted, those who counted most first."""
    found = records(connection, wanted)
    rows = connection.execute(
        select(Person.code, Person.name, *_sums(found))
        .join(Person, Person.id == found.c.counter_id)
        .group_by(Person.id, Person.code, Person.name)
        .order_by(func.count().desc(), func.lower(Person.name))
        .limit(limit)
    )
    return _groups(rows)


def by_part(connection: Connection, wanted: Wanted, limit: int) -> list[Group]:
    """By part, those that were wrong most often first."""
    found = records(connection, wanted)
    rows = connection.execute(
        select(Part.code, Part.part_number + literal(" ") + Part.name, *_sums(found))
        .join(Part, Part.id == found.c.part_id)
        .group_by(Part.id, Part.code, Part.part_number, Part.name)
        .order_by(*_worst_first(found), Part.part_number)
        .limit(limit)
    )
    return _groups(rows)


def by_place(
    connection: Connection, wanted: Wanted, inside_id: int | None, limit: int
) -> list[Group]:
    """By the places right inside one (None: the top of the tree), the worst first.

    Each with all that lies inside it; what lies in the place itself goes by its own name.
    """
    found = records(connection, wanted)
    inner = aliased(Location)
    tree = (
        select(Location.id, Location.id.label("top"))
        .where(Location.parent_id == inside_id)
        .cte("tree", recursive=True)
    )
    tree = tree.union_all(select(inner.id, tree.c.top).where(inner.parent_id == tree.c.id))
    rows = connection.execute(
        select(Location.code, Location.name, *_sums(found))
        .select_from(found)
        .outerjoin(tree, tree.c.id == found.c.location_id)
        .join(Location, Location.id == func.coalesce(tree.c.top, found.c.location_id))
        .group_by(Location.id, Location.code, Location.name)
        .order_by(*_worst_first(found), func.lower(Location.name))
        .limit(limit)
    )
    return _groups(rows)


def by_span(
    connection: Connection, wanted: Wanted, starts_us: Sequence[int]
) -> dict[int, Measured]:
    """By time: the number of each span to its sums; a span lasts until the next one starts."""
    found = records(connection, wanted)
    ends = [(found.c.measured_us < end_us, at) for at, end_us in enumerate(starts_us[1:])]
    span = case(*ends, else_=len(starts_us) - 1) if ends else literal(0)
    spans = select(span.label("span"), *found.c).where(found.c.measured_us >= starts_us[0])
    inner = spans.subquery("spans")
    rows = connection.execute(select(inner.c.span, *_sums(inner)).group_by(inner.c.span))
    return {int(row[0]): _measured(row[1:]) for row in rows}


def record_rows(
    connection: Connection, wanted: Wanted, *, only_wrong: bool, after: int, limit: int
) -> list[RecordRow]:
    """The records one by one, the newest line first, from behind the line `after` (0: the top)."""
    found = records(connection, wanted)
    query = (
        select(
            found.c.line_id,
            found.c.session_id,
            CountSession.number,
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            Location.code,
            Location.name,
            CountLine.lot,
            CountLine.serial,
            Person.name,
            found.c.measured_us,
            found.c.book_milli,
            found.c.variance_milli,
            cast(found.c.over_e4 - found.c.short_e4, BigInteger),
            found.c.within,
        )
        .join(CountLine, CountLine.id == found.c.line_id)
        .join(CountSession, CountSession.id == found.c.session_id)
        .join(Part, Part.id == found.c.part_id)
        .join(Location, Location.id == found.c.location_id)
        .join(Person, Person.id == found.c.counter_id)
        .order_by(found.c.line_id.desc())
        .limit(limit)
    )
    if only_wrong:
        query = query.where(found.c.variance_milli != 0)
    if after:
        query = query.where(found.c.line_id < after)
    return rows_as(RecordRow, connection.execute(query))


def _sums(records: Any) -> list[Any]:
    c = records.c
    return [
        func.count(),
        func.sum(case((c.off_milli == 0, 1), else_=0)),
        func.sum(case((c.within, 1), else_=0)),
        *map(func.sum, (c.off_milli, c.size_milli, c.over_e4, c.short_e4, c.book_e4)),
    ]


def _worst_first(records: Any) -> list[Any]:
    c = records.c
    wrong = func.sum(case((c.off_milli == 0, 0), else_=1))
    return [wrong.desc(), func.sum(c.over_e4 + c.short_e4).desc()]


def _measured(sums: Any) -> Measured:
    return Measured(*(int(each or 0) for each in sums))


def _groups(rows: Any) -> list[Group]:
    return [Group(row[0], row[1], _measured(row[2:])) for row in rows]
