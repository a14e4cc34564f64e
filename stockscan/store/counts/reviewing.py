"""How a count stands as its reviewer sees it: all by sums in SQL, however many lines there are."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Numeric,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import OPEN, LineState
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person


class Show(StrEnum):
    """Which lines of a count are listed."""

    DECIDE = "decide"
    MOVED = "moved"
    RECOUNT = "recount"
    OVER = "over"
    SHORT = "short"
    RIGHT = "right"
    UNCOUNTED = "uncounted"


_GONE: Final = (LineState.VOIDED, LineState.REJECTED)
_UNCOUNTED: Final = (*sorted(OPEN), LineState.NOT_COUNTED)


@dataclass(frozen=True, slots=True)
class Head:
    """A count itself; `places` are its bins, `made_by` who opened it."""

    id: str
    number: int | None
    name: str
    method: str
    things: str
    state: str
    blind: bool
    counters: int
    posts_itself: bool
    made_by: str
    opened_us: int
    posted_us: int | None
    ended_us: int | None
    places: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How a count stands. A record is counted once here, however often people counted it.

    `judged` is how many records were compared with the books, `right` how many of them agreed at
    the first attempt, `accepted` how many lines may be booked without a decision; `shown` how many
    lines each filter lists.
    """

    records: int
    judged: int
    right: int
    accepted: int
    over_e4: int
    short_e4: int
    shown: dict[Show, int]

    @property
    def first(self) -> Show:
        """What to look at first: what needs somebody, else what there is."""
        return next((show for show in Show if self.shown[show]), Show.DECIDE)

    @property
    def open(self) -> int:
        """How many lines nobody has counted yet, recounts included."""
        return self.shown[Show.UNCOUNTED] + self.shown[Show.RECOUNT]


COST: Final[Any] = func.coalesce(
    CountLine.cost_e4, CountLine.measured_cost_e4, PartWorth.average_e4, Part.list_cost_e4, 0
)
# Rounded like `figures.times`; a NUMERIC never runs over, as a 64-bit product might.
VALUE: Final[Any] = cast(
    func.round(cast(CountLine.variance_milli, Numeric) * COST / literal_column("1000.0")),
    BigInteger,
)


def head_of(connection: Connection, count_id: str) -> Head | None:
    """The count with this id; None where there is none."""
    places = select(func.count()).where(CountPlace.session_id == CountSession.id).scalar_subquery()
    row = connection.execute(
        select(
            CountSession.id,
            CountSession.number,
            CountSession.name,
            CountSession.method,
            CountSession.things,
            CountSession.state,
            CountSession.blind,
            CountSession.counters,
            CountSession.posts_itself,
            Person.name,
            CountSession.opened_us,
            CountSession.posted_us,
            CountSession.ended_us,
            places,
        )
        .join(Person, Person.id == CountSession.created_by)
        .where(CountSession.id == count_id)
    ).first()
    return Head(*tuple(row)) if row else None


def totals_of(connection: Connection, count_id: str) -> Totals:
    """The sums of a count, in two passes over its lines."""
    values = {"of": count_id}
    states = connection.execute(_states(), values).all()
    sides = connection.execute(_sides(), values).one()
    shown = {show: sum(getattr(row, show.value) or 0 for row in states) for show in SHOWN}
    shown |= {Show.OVER: sides.over, Show.SHORT: sides.short}
    return Totals(
        records=sum(row.records or 0 for row in states),
        judged=sum(row.judged or 0 for row in states),
        right=sum(row.right_first or 0 for row in states),
        accepted=sum(row.accepted or 0 for row in states),
        over_e4=int(sides.over_e4),
        short_e4=int(sides.short_e4),
        shown=shown,
    )


def people_of(connection: Connection, count_id: str) -> list[tuple[str, str]]:
    """Who counted something of it, or is to: code and name."""
    theirs = exists().where(CountLine.session_id == count_id, CountLine.counter_id == Person.id)
    rows = connection.execute(
        select(Person.code, Person.name).where(theirs).order_by(Person.name, Person.id)
    )
    return [(row.code, row.name) for row in rows]


@cache
def _superseded() -> Any:
    """The condition that somebody counted the record again since, in the count `of`.

    As one set for the whole statement: to look for a recount behind each of 100,000 lines is dear.
    """
    newer, older = aliased(CountLine), aliased(CountLine)
    counted_again = (
        select(older.id)
        .select_from(newer)
        .join(
            older,
            and_(
                older.session_id == newer.session_id,
                older.part_id == newer.part_id,
                older.location_id == newer.location_id,
                older.lot == newer.lot,
                older.attempt < newer.attempt,
            ),
        )
        .where(
            newer.session_id == bindparam("of"),
            newer.attempt > 1,
            newer.counted_us.is_not(None),
            newer.state.not_in((*_GONE, LineState.NOT_COUNTED)),
        )
    )
    return CountLine.id.in_(select(counted_again.cte("counted_again").c.id))


def off_the_books(condition: Any) -> Any:
    """Counted lines that lie off the books, each record by its newest count."""
    return and_(
        condition,
        CountLine.counted_us.is_not(None),
        CountLine.state.not_in((*_GONE, LineState.NOT_COUNTED)),
        ~_superseded(),
    )


SHOWN: Final[dict[Show, Any]] = {
    Show.DECIDE: and_(CountLine.state == LineState.NEEDS_REVIEW, ~_superseded()),
    Show.MOVED: CountLine.state == LineState.MOVED_DURING_COUNT,
    Show.RECOUNT: and_(CountLine.state.in_(sorted(OPEN)), CountLine.recount_of_id.is_not(None)),
    Show.RIGHT: and_(
        CountLine.variance_milli == 0,
        CountLine.state.not_in((*_GONE, *_UNCOUNTED)),
        ~_superseded(),
    ),
    Show.UNCOUNTED: and_(
        CountLine.state.in_(_UNCOUNTED),
        CountLine.counted_us.is_(None),
        or_(CountLine.recount_of_id.is_(None), CountLine.state == LineState.NOT_COUNTED),
    ),
}


@cache
def _states() -> Any:
    """How many lines each filter lists, by state: one pass."""

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    first = CountLine.measured_us.is_not(None)
    known = CountLine.state.not_in(_GONE)
    return (
        select(
            CountLine.state,
            *(number(condition).label(show.value) for show, condition in SHOWN.items()),
            number(and_(CountLine.attempt == 1, or_(known, first))).label("records"),
            number(first).label("judged"),
            number(and_(first, CountLine.measured_variance_milli == 0)).label("right_first"),
            number(and_(CountLine.state == LineState.MATCHED, ~_superseded())).label("accepted"),
        )
        .where(CountLine.session_id == bindparam("of"))
        .group_by(CountLine.state)
    )


@cache
def _sides() -> Any:
    """How many records lie over and how many short, and what that is worth: one pass."""

    def total(condition: Any, what: Any) -> Any:
        return func.coalesce(func.sum(case((condition, what), else_=0)), 0)

    over, short = CountLine.variance_milli > 0, CountLine.variance_milli < 0
    return (
        select(
            total(over, 1).label("over"),
            total(short, 1).label("short"),
            total(over, VALUE).label("over_e4"),
            total(short, VALUE).label("short_e4"),
        )
        .select_from(CountLine)
        .join(Part, Part.id == CountLine.part_id)
        .outerjoin(PartWorth, PartWorth.part_id == CountLine.part_id)
        .where(
            CountLine.session_id == bindparam("of"), off_the_books(CountLine.variance_milli != 0)
        )
    )
