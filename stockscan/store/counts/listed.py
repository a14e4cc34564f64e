"""The lines of a count by the page, as a reviewer filters them."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from stockscan.domain.figures import times
from stockscan.store.catalogue.paging import matches, rows_as
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.reviewing import COST, SHOWN, VALUE, Show, off_the_books
from stockscan.store.counts.rows import CountLine
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person

PAGE: Final = 50


# By value, the largest first; the others in the order of the way.
BY_VALUE: Final = frozenset({Show.DECIDE, Show.OVER, Show.SHORT})


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for: one kind of lines (None: what needs somebody first), of one bin by name,
    of one person by code, worth at most so much, and not what one person counted, by number."""

    show: Show | None = None
    place: str = ""
    person: str = ""
    most_e4: int | None = None
    not_of: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `counter` is who counted it or is to."""

    id: int
    state: str
    part: str
    unit: str
    location: str
    lot: str
    serial: str
    variance_milli: int | None
    cost_e4: int
    counter: str | None
    counted_us: int | None
    order: int

    @property
    def value_e4(self) -> int:
        """What the difference is worth."""
        return times(self.variance_milli or 0, self.cost_e4)


def rows_of(
    connection: Connection,
    count_id: str,
    filters: Filters,
    blind: Blindness,
    *,
    after: tuple[int, int] | None = None,
    limit: int = PAGE,
) -> list[Row]:
    """Lines that the filters let through and that are not kept from who asks.

    What nobody has counted says nothing of the books: that is kept from nobody.

    `after` is the (value or order, id) of the last one already shown; see `place_of`.
    """
    query = _lines().where(*_asked(filters))
    if filters.show is not Show.UNCOUNTED:
        query = query.where(~blind.hides(CountLine.part_id, CountLine.location_id))
    by_value = filters.show in BY_VALUE
    first: Any = -func.abs(VALUE) if by_value else CountLine.place_order
    if after is not None:
        query = query.where(tuple_(first, CountLine.id) > tuple_(*after))
    query = query.order_by(first, CountLine.id).limit(limit)
    return rows_as(Row, connection.execute(query, {"of": count_id}))


def place_of(row: Row, filters: Filters) -> tuple[int, int]:
    """Where a row stands in the list, for going on behind it."""
    return (-abs(row.value_e4) if filters.show in BY_VALUE else row.order, row.id)


def sum_of(connection: Connection, count_id: str, filters: Filters) -> tuple[int, int]:
    """How many lines the filters let through, and what their differences are worth together."""
    query = _lines().where(*_asked(filters))
    lines, value_e4 = connection.execute(
        query.with_only_columns(func.count(), func.coalesce(func.sum(VALUE), 0)), {"of": count_id}
    ).one()
    return lines, int(value_e4)


def seen_of(connection: Connection, count_id: str, filters: Filters) -> dict[int, int]:
    """The variance of every line that the filters let through, as it was last shown."""
    query = _lines().where(*_asked(filters))
    wanted = query.with_only_columns(CountLine.id, CountLine.variance_milli)
    rows = connection.execute(wanted, {"of": count_id})
    return {row.id: row.variance_milli or 0 for row in rows}


@cache
def _lines() -> Select[Any]:
    counter = aliased(Person, name="counter")
    return (
        select(
            CountLine.id,
            CountLine.state,
            Part.name,
            Part.unit,
            Location.name,
            CountLine.lot,
            CountLine.serial,
            CountLine.variance_milli,
            COST,
            counter.name,
            CountLine.counted_us,
            CountLine.place_order,
        )
        .join(Part, Part.id == CountLine.part_id)
        .join(Location, Location.id == CountLine.location_id)
        .outerjoin(PartWorth, PartWorth.part_id == CountLine.part_id)
        .outerjoin(counter, counter.id == CountLine.counter_id)
    )


def _asked(filters: Filters) -> list[Any]:
    sides = {
        Show.OVER: lambda: off_the_books(CountLine.variance_milli > 0),
        Show.SHORT: lambda: off_the_books(CountLine.variance_milli < 0),
    }
    show = filters.show or Show.DECIDE
    said = [
        CountLine.session_id == bindparam("of"),
        sides[show]() if show in sides else SHOWN[show],
    ]
    if filters.place:
        said.append(matches(filters.place, Location.name, code=Location.code))
    if filters.person:
        said.append(_counted_by(filters.person))
    if filters.not_of is not None:
        said.append(CountLine.counter_id != filters.not_of)
    if filters.most_e4 is not None:
        said.append(func.abs(VALUE) <= filters.most_e4)
    return said


def _counted_by(code: str) -> Any:
    """The condition that somebody counted the record, or is to, whichever attempt is listed."""
    theirs = aliased(CountLine)
    return exists().where(
        theirs.session_id == CountLine.session_id,
        theirs.part_id == CountLine.part_id,
        theirs.location_id == CountLine.location_id,
        theirs.lot == CountLine.lot,
        theirs.counter_id == Person.id,
        Person.code == code,
    )
