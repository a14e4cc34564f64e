"""What count sheets on paper need: who has how much to count, and the lines in walking order."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import GRANTS, Permission
from stockscan.domain.counts import OPEN
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

_IS_OPEN: Final = CountLine.state.in_(sorted(OPEN))


@dataclass(frozen=True, slots=True)
class PaperCount:
    """A count as its paper names it; `code` is what its QR code says."""

    id: str
    code: str | None
    number: int | None
    name: str
    things: str
    state: str
    opened_us: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """How much somebody has left to count; without a person it is for whoever comes."""

    person_id: int | None
    code: str
    name: str
    lines: int
    bins: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line that is still to be counted: nothing here says what the books hold."""

    id: int
    location: str
    location_name: str
    part: str
    part_number: str
    part_name: str
    unit: str
    lot: str
    tracking: str


@dataclass(frozen=True, slots=True)
class Counter:
    """Somebody who may count."""

    id: int
    code: str
    name: str


def count_of(connection: Connection, count_id: str) -> PaperCount | None:
    """The count, None where there is none."""
    of = CountSession
    rows = connection.execute(
        select(of.id, of.code, of.number, of.name, of.things, of.state, of.opened_us).where(
            of.id == count_id
        )
    )
    return next(iter(rows_as(PaperCount, rows)), None)


def sheets_of(connection: Connection, count_id: str) -> list[SheetRow]:
    """Who has something left to count, by name; what is for whoever comes stands last."""
    rows = connection.execute(
        select(
            CountLine.counter_id,
            func.coalesce(Person.code, ""),
            func.coalesce(Person.name, ""),
            func.count(),
            func.count(CountLine.location_id.distinct()),
        )
        .outerjoin(Person, Person.id == CountLine.counter_id)
        .where(CountLine.session_id == count_id, _IS_OPEN)
        .group_by(CountLine.counter_id, Person.code, Person.name)
        .order_by(CountLine.counter_id.is_(None), func.lower(func.coalesce(Person.name, "")))
    )
    return rows_as(SheetRow, rows)


def open_lines(
    connection: Connection,
    count_id: str,
    person_id: int | None,
    *,
    limit: int,
    offset: int = 0,
    from_bin: str = "",
) -> list[PaperLine]:
    """What one sheet has left to count, in walking order, from a bin (a code) on."""
    query = _lines().where(
        CountLine.session_id == count_id,
        _IS_OPEN,
        CountLine.counter_id.is_(None) if person_id is None else CountLine.counter_id == person_id,
    )
    if from_bin:
        first = select(func.min(CountLine.place_order)).where(
            CountLine.session_id == count_id,
            CountLine.location_id.in_(select(Location.id).where(Location.code == from_bin)),
        )
        query = query.where(CountLine.place_order >= func.coalesce(first.scalar_subquery(), 0))
    return rows_as(PaperLine, connection.execute(query.limit(limit).offset(offset)))


def bins_of(
    connection: Connection, count_id: str, person_id: int | None, limit: int
) -> list[tuple[str, str]]:
    """The first bins that one sheet has left, as code and name, in walking order."""
    rows = connection.execute(
        select(Location.code, Location.name)
        .join(CountLine, CountLine.location_id == Location.id)
        .where(
            CountLine.session_id == count_id,
            _IS_OPEN,
            CountLine.counter_id.is_(None)
            if person_id is None
            else CountLine.counter_id == person_id,
        )
        .group_by(Location.id, Location.code, Location.name)
        .order_by(func.min(CountLine.place_order), Location.id)
        .limit(limit)
    )
    return [(code, name) for code, name in rows]


def still_open(connection: Connection, count_id: str, line_ids: Collection[int]) -> list[PaperLine]:
    """Those of these lines that are still to be counted, in walking order."""
    query = _lines().where(CountLine.session_id == count_id, CountLine.id.in_(line_ids), _IS_OPEN)
    return rows_as(PaperLine, connection.execute(query))


def counters(connection: Connection) -> list[Counter]:
    """Everybody who may count, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.COUNT_RECORD in granted]
    rows = connection.execute(
        select(Person.id, Person.code, Person.name)
        .where(Person.active, Person.role.in_(roles))
        .order_by(func.lower(Person.name), Person.id)
    )
    return rows_as(Counter, rows)


def give_to(session: Session, count_id: str, line_ids: Collection[int], person_id: int) -> None:
    """Make somebody the counter of what is still to be counted on other people's sheets.

    What is for whoever comes stays so, and so do lines of records that this person has to count on
    another line.
    """
    other = aliased(CountLine)
    has_another = exists(
        select(literal(1)).where(
            other.part_id == CountLine.part_id,
            other.location_id == CountLine.location_id,
            other.lot == CountLine.lot,
            other.serial == CountLine.serial,
            other.counter_id == person_id,
            other.state.in_(sorted(OPEN)),
        )
    )
    session.execute(
        update(CountLine)
        .where(
            CountLine.session_id == count_id,
            CountLine.id.in_(line_ids),
            _IS_OPEN,
            CountLine.counter_id != person_id,
            ~has_another,
        )
        .values(counter_id=person_id)
        .execution_options(synchronize_session=False)
    )


def _lines() -> Query:
    return (
        select(
            CountLine.id,
            Location.code,
            Location.name,
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            CountLine.lot,
            Part.tracking,
        )
        .join(Location, Location.id == CountLine.location_id)
        .join(Part, Part.id == CountLine.part_id)
        .order_by(CountLine.place_order, Location.id, Part.part_number, CountLine.lot, CountLine.id)
    )
