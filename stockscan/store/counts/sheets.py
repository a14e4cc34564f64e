"""One person's part of a count: the bins in walking order, what is left in each, who else is there.

Mine are the lines that I am to count or have counted, and those for whoever comes that nobody has
begun. Nothing here says what the books hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import OPEN, LineState, SessionState
from stockscan.store.counts.rows import CompleteBin, CountLine, CountPlace, CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

# A count that can still be counted; recounts are counted after it was submitted.
RUNNING: Final = (SessionState.OPEN, SessionState.SUBMITTED)

IS_OPEN: Final = CountLine.state.in_(sorted(OPEN))
IS_MINE: Final = or_(
    CountLine.counter_id == bindparam("person"), and_(CountLine.counter_id.is_(None), IS_OPEN)
)


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count as its counters know it."""

    id: str
    code: str | None
    number: int | None
    name: str
    things: str
    state: str
    blind: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A bin on the way of a sheet: the lines there, those left, and those counted to be submitted.

    `done` is 1 where nothing is left; a bin without a line has to be declared empty.
    """

    location_id: int
    order: int
    lines: int
    left: int
    counted: int
    done: int


@dataclass(frozen=True, slots=True)
class BinRow:
    """A stop with what the bin is called, and what it lies in."""

    location_id: int
    order: int
    lines: int
    left: int
    is_done: bool
    code: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sheet is: bins in all and done, lines left, and lines counted to be submitted."""

    bins: int = 0
    done: int = 0
    lines_left: int = 0
    to_submit: int = 0


@dataclass(frozen=True, slots=True)
class LineRow:
    """A record that I count in a bin, its newest attempt; `counted_milli` is my own number.

    The serials of a part are counted as a set, so they are one. `again` tells that somebody has
    counted it and it was off.
    """

    id: int
    part: str
    name: str
    number: str
    unit: str
    pack_milli: int
    tracking: str
    lot: str
    state: str
    attempt: int
    counted_milli: int | None
    again: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be counted."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Somebody else whose lines of this bin are still open; `since_us` once they have begun."""

    name: str
    since_us: int | None
    lines: int


_COUNT: Final = select(
    CountSession.id,
    CountSession.code,
    CountSession.number,
    CountSession.name,
    CountSession.things,
    CountSession.state,
    CountSession.blind,
)


def count_row(connection: Connection, count_id: str) -> CountRow | None:
    """The count with this id."""
    row = connection.execute(_COUNT.where(CountSession.id == count_id)).first()
    return CountRow(*row) if row else None


def count_of_code(connection: Connection, code: str) -> CountRow | None:
    """The count with this label code, as it is printed on its sheets."""
    row = connection.execute(_COUNT.where(CountSession.code == code)).first()
    return CountRow(*row) if row else None


def counts_of(connection: Connection, person_id: int, limit: int) -> list[CountRow]:
    """The running counts in which something is left for a person, what is due first."""
    left = select(literal(1)).where(CountLine.session_id == CountSession.id, IS_MINE, IS_OPEN)
    place = select(literal(1)).where(
        CountPlace.session_id == CountSession.id,
        or_(
            CountPlace.counter_id == bindparam("person"),
            CountPlace.second_id == bindparam("person"),
        ),
    )
    theirs = or_(exists(left), and_(CountSession.state == SessionState.OPEN, exists(place)))
    rows = connection.execute(
        _COUNT.where(CountSession.state.in_(RUNNING), CountSession.number.is_not(None), theirs)
        .order_by(CountSession.due_on.is_(None), CountSession.due_on, CountSession.number)
        .limit(limit),
        {"person": person_id},
    )
    return [CountRow(*row) for row in rows]


def way(connection: Connection, count_id: str, person_id: int) -> list[Stop]:
    """The bins of a person's sheet of a count in walking order, with what is left in each."""
    rows = connection.execute(_way(), {"session": count_id, "person": person_id})
    return [Stop(*row) for row in rows]


@cache
def _way() -> Any:
    """Built once: asked at every bin. The lines are gone through a single time."""
    session: Any = bindparam("session")
    person: Any = bindparam("person")
    lines = select(
        CountLine.location_id,
        CountLine.place_order,
        literal(1).label("line"),
        case((IS_OPEN, 1), else_=0).label("left"),
        case((CountLine.state == LineState.COUNTED, 1), else_=0).label("counted"),
    ).where(CountLine.session_id == session, IS_MINE, CountLine.state != LineState.VOIDED)
    none = literal(0)
    places = select(CountPlace.location_id, CountPlace.place_order, none, none, none).where(
        CountPlace.session_id == session,
        or_(
            CountPlace.counter_id == person,
            CountPlace.second_id == person,
            and_(CountPlace.counter_id.is_(None), CountPlace.second_id.is_(None)),
        ),
    )
    both = union_all(lines, places).subquery("both")
    line, left = func.sum(both.c.line), func.sum(both.c.left)
    # A line that nobody expected has no order of its own: 0.
    order = func.max(both.c.place_order)
    looked = select(CompleteBin.location_id).where(
        CompleteBin.session_id == session, CompleteBin.voided_us.is_(None)
    )
    done = and_(left == 0, or_(line > 0, both.c.location_id.in_(looked)))
    return (
        select(
            both.c.location_id,
            order,
            line,
            left,
            func.sum(both.c.counted),
            case((done, 1), else_=0),
        )
        .group_by(both.c.location_id)
        .order_by(order, both.c.location_id)
    )


def progress(connection: Connection, count_id: str, person_id: int) -> Progress:
    """How far a person's sheet of a count is."""
    return progress_of(way(connection, count_id, person_id))


def progress_of(stops: Sequence[Stop]) -> Progress:
    """How far somebody is on this way."""
    return Progress(
        len(stops),
        sum(stop.done for stop in stops),
        sum(stop.left for stop in stops),
        sum(stop.counted for stop in stops),
    )


def bin_rows(
    connection: Connection, count_id: str, person_id: int, *, after: int, limit: int
) -> list[BinRow]:
    """The bins of a person's sheet on the way, from behind the walking order `after`."""
    ahead = (stop for stop in way(connection, count_id, person_id) if stop.order > after)
    return named(connection, list(islice(ahead, limit)))


def named(connection: Connection, stops: Sequence[Stop]) -> list[BinRow]:
    """The stops with what their bins are called."""
    area = aliased(Location)
    rows = connection.execute(
        select(
            Location.id, Location.code, Location.name, Location.kind, func.coalesce(area.name, "")
        )
        .outerjoin(area, area.id == Location.parent_id)
        .where(Location.id.in_([stop.location_id for stop in stops]))
    )
    names = {row[0]: row[1:] for row in rows}
    return [
        BinRow(
            stop.location_id,
            stop.order,
            stop.lines,
            stop.left,
            stop.done == 1,
            *names[stop.location_id],
        )
        for stop in stops
    ]


def lines_in(
    connection: Connection, count_id: str, person_id: int, location_id: int
) -> list[LineRow]:
    """My lines of a bin, the newest attempt of each, in the order in which they are asked for."""
    rows = connection.execute(
        select(
            CountLine.id,
            Part.code,
            Part.name,
            Part.part_number,
            Part.unit,
            Part.pack_milli,
            Part.tracking,
            CountLine.lot,
            CountLine.state,
            CountLine.attempt,
            CountLine.counted_milli,
            CountLine.recount_of_id.is_not(None),
        )
        .join(Part, Part.id == CountLine.part_id)
        .where(
            CountLine.session_id == count_id,
            CountLine.location_id == location_id,
            CountLine.state != LineState.VOIDED,
            IS_MINE,
        )
        .order_by(func.lower(Part.name), Part.part_number, CountLine.lot, CountLine.attempt)
        .order_by(CountLine.id),
        {"person": person_id},
    )
    newest: dict[tuple[str, str], LineRow] = {}
    for line in (LineRow(*row) for row in rows):
        known = newest.get((line.part, line.lot))
        same_set = known is not None and known.attempt == line.attempt
        newest[line.part, line.lot] = _together(known, line) if known and same_set else line
    return list(newest.values())


def _together(one: LineRow, other: LineRow) -> LineRow:
    """Two serials of one part: what was counted is a set of them."""
    counted = (one.counted_milli or 0) + (other.counted_milli or 0)
    return replace(other if other.is_open else one, counted_milli=counted)


def others_in(
    connection: Connection, count_id: str, person_id: int, location_id: int
) -> list[OtherRow]:
    """Who else still has lines of this bin to count in this count, who has begun first."""
    begun = case((CountLine.state == LineState.COUNTING, CountLine.window_start_us))
    rows = connection.execute(
        select(Person.name, func.min(begun).label("since_us"), func.count())
        .join(Person, Person.id == CountLine.counter_id)
        .where(
            CountLine.session_id == count_id,
            CountLine.location_id == location_id,
            CountLine.counter_id != person_id,
            IS_OPEN,
        )
        .group_by(Person.id, Person.name)
        .order_by(func.min(begun).is_(None), func.min(begun), Person.name)
    )
    return [OtherRow(*row) for row in rows]


def order_of(connection: Connection, count_id: str, code: str) -> int | None:
    """Where on the way of a count the bin with this label code comes; None for one outside."""
    return connection.execute(
        select(CountPlace.place_order)
        .join(Location, Location.id == CountPlace.location_id)
        .where(CountPlace.session_id == count_id, Location.code == code)
    ).scalar()


def is_place_of(connection: Connection, count_id: str, location_id: int) -> bool:
    """Whether a bin is one of the count's, whoever counts it."""
    place = select(literal(1)).where(
        CountPlace.session_id == count_id, CountPlace.location_id == location_id
    )
    line = select(literal(1)).where(
        CountLine.session_id == count_id, CountLine.location_id == location_id
    )
    return bool(connection.execute(select(or_(exists(place), exists(line)))).scalar())
