"""Audits as pages read them: how far they are, what rooms expect, what became of each asset."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts import CLOSED, AuditState
from stockscan.store.assets import Asset
from stockscan.store.counts.audits import SEEN, waiting
from stockscan.store.counts.booked import IS_HELD
from stockscan.store.counts.rows import AuditLine, AuditSighting, CountPlace, CountSession
from stockscan.store.locations import Location
from stockscan.store.people import Person


@dataclass(frozen=True, slots=True)
class Progress:
    """How many assets were seen of those that are looked for; what people have is not."""

    seen: int
    expected: int


class HeadRow(NamedTuple):
    """An audit itself; `code` is its label, `counters` the names of those who walk."""

    id: str
    code: str | None
    number: int | None
    name: str
    state: str
    due_on: Any
    opened_us: int
    submitted_us: int | None
    posted_us: int | None
    ended_us: int | None
    by: str


class RoomRow(NamedTuple):
    """A place of an audit in walking order: how many of those expected in it were seen."""

    code: str
    name: str
    inside: str | None
    counter: str | None
    counter_id: int | None
    done_us: int | None
    expected: int
    seen: int

    @property
    def is_open(self) -> bool:
        """Whether there is something left to see, and nobody said that all was looked at."""
        return self.done_us is None and self.seen < self.expected


class AuditRow(NamedTuple):
    """What an audit says of one asset, with names.

    `holder` is who has it now by the books, if somebody has; `place` where they have it.
    """

    id: int
    code: str
    tag: str
    name: str
    status: str
    state: str
    settled: str
    place_code: str | None
    place: str | None
    found_code: str | None
    found: str | None
    found_us: int | None
    seen_by: str | None
    settled_us: int | None
    settled_by: str | None
    holder: str | None
    holder_since_us: int | None

    @property
    def was_held(self) -> bool:
        """Whether who has it now had it when it was seen."""
        since_us, seen_us = self.holder_since_us, self.found_us
        return since_us is not None and seen_us is not None and since_us <= seen_us


class SeenRow(NamedTuple):
    """When, where and by whom an asset was seen last in an audit."""

    at_us: int
    place_code: str
    place: str
    by: str
    count_id: str
    number: int | None


# What somebody may do about an asset whose place in the books was not what was seen.
WAYS: Final = {
    "relocated": (AuditState.MOVED, AuditState.UNEXPECTED),
    "left": (AuditState.MOVED, AuditState.UNEXPECTED, AuditState.MISSING),
    "missing": (AuditState.MISSING,),
}
# Pending, but somebody has it.
OUT: Final = "OUT"
# What somebody has is not looked for; it may be seen all the same.
_LOOKED_FOR = or_(~IS_HELD, AuditLine.state.in_(SEEN))


def progress(connection: Connection | Session, count_ids: Collection[str]) -> dict[str, Progress]:
    """How far these audits are; one that expects nothing is left out."""
    seen, expected = _tallies(*SEEN)
    rows = connection.execute(
        select(AuditLine.session_id, seen, expected)
        .join(Asset, Asset.id == AuditLine.asset_id)
        .where(AuditLine.session_id.in_(count_ids), AuditLine.state != AuditState.UNEXPECTED)
        .group_by(AuditLine.session_id)
    )
    return {row[0]: Progress(row[1] or 0, row[2] or 0) for row in rows}


def room_progress(
    connection: Connection | Session, count_id: str, location_id: int | None
) -> Progress | None:
    """How far one place of an audit is; None for a place that the audit has not."""
    is_room = select(CountPlace.location_id).where(
        CountPlace.session_id == count_id, CountPlace.location_id == location_id
    )
    if connection.execute(is_room).first() is None:
        return None
    seen, expected = _tallies(AuditState.FOUND)
    row = connection.execute(
        select(seen, expected)
        .join(Asset, Asset.id == AuditLine.asset_id)
        .where(AuditLine.session_id == count_id, AuditLine.expected_id == location_id)
    ).one()
    return Progress(row[0] or 0, row[1] or 0)


def head(connection: Connection | Session, count_id: str) -> HeadRow | None:
    """One audit by its id; None for one that does not exist, or counts parts."""
    row = connection.execute(_heads().where(CountSession.id == count_id)).first()
    return HeadRow(*row) if row else None


def heads(connection: Connection | Session, limit: int) -> list[HeadRow]:
    """The planned audits: those that run first, then the newest."""
    ended = case((CountSession.state.in_(sorted(CLOSED)), 1), else_=0)
    rows = connection.execute(
        _heads()
        .where(CountSession.number.is_not(None))
        .order_by(ended, CountSession.opened_us.desc())
        .limit(limit)
    )
    return [HeadRow(*row) for row in rows]


def rooms(connection: Connection | Session, count_id: str) -> list[RoomRow]:
    """The places of an audit, in walking order."""
    seen, expected = _tallies(AuditState.FOUND)
    tallies = (
        select(AuditLine.expected_id, expected.label("expected"), seen.label("seen"))
        .join(Asset, Asset.id == AuditLine.asset_id)
        .where(AuditLine.session_id == count_id)
        .group_by(AuditLine.expected_id)
        .subquery()
    )
    around = aliased(Location)
    rows = connection.execute(
        select(
            Location.code,
            Location.name,
            around.name,
            Person.name,
            CountPlace.counter_id,
            CountPlace.done_us,
            func.coalesce(tallies.c.expected, 0),
            func.coalesce(tallies.c.seen, 0),
        )
        .join(Location, Location.id == CountPlace.location_id)
        .outerjoin(around, around.id == Location.parent_id)
        .outerjoin(Person, Person.id == CountPlace.counter_id)
        .outerjoin(tallies, tallies.c.expected_id == CountPlace.location_id)
        .where(CountPlace.session_id == count_id)
        .order_by(CountPlace.place_order)
    )
    return [RoomRow(*row) for row in rows]


def lines(
    connection: Connection | Session,
    count_id: str,
    *conditions: ColumnElement[bool],
    after: int = 0,
    limit: int = 50,
) -> list[AuditRow]:
    """What an audit says of its assets, by the line's number from the one after `after` on."""
    rows = connection.execute(
        _lines()
        .where(AuditLine.session_id == count_id, AuditLine.id > after, *conditions)
        .order_by(AuditLine.id)
        .limit(limit)
    )
    return [AuditRow(*row) for row in rows]


def states(connection: Connection | Session, count_id: str) -> dict[str, int]:
    """How many assets of an audit are in each state; what somebody has and nobody saw is `OUT`."""
    state = case((and_(*in_state(OUT)), OUT), else_=AuditLine.state).label("state")
    rows = connection.execute(
        select(state, func.count())
        .join(Asset, Asset.id == AuditLine.asset_id)
        .where(AuditLine.session_id == count_id)
        .group_by(state)
    )
    return {row[0]: row[1] for row in rows}


def in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    """The lines in a state, as `states` counts them."""
    if state == OUT:
        return (AuditLine.state == AuditState.PENDING, IS_HELD)
    if state == AuditState.PENDING:
        return (AuditLine.state == state, ~IS_HELD)
    return (AuditLine.state == state,)


def to_decide(connection: Connection | Session, count_id: str) -> int:
    """How many assets of an audit wait for somebody to decide."""
    found = select(func.count()).select_from(AuditLine).where(*waiting(count_id))
    return connection.execute(found).scalar_one()


def to_settle(line_ids: Collection[int], way: str) -> tuple[ColumnElement[bool], ...]:
    """Those of these lines that nobody has settled and that can be settled in that way."""
    return (
        AuditLine.id.in_(line_ids),
        AuditLine.settled == "",
        AuditLine.state.in_(WAYS.get(way, ())),
    )


def not_seen_in(room: str) -> tuple[ColumnElement[bool], ...]:
    """The lines of what is looked for in the room with this code and was not seen."""
    return (_expected_in(room), AuditLine.state.not_in(SEEN), ~IS_HELD)


def held_from(room: str) -> tuple[ColumnElement[bool], ...]:
    """The lines of what the books have in a room, but somebody has, and was not seen."""
    return (_expected_in(room), AuditLine.state.not_in(SEEN), IS_HELD)


def _expected_in(room: str) -> ColumnElement[bool]:
    wanted = select(Location.id).where(Location.code == room).scalar_subquery()
    return AuditLine.expected_id == wanted


def last_seen(connection: Connection | Session, asset_id: int) -> SeenRow | None:
    """The newest sighting of an asset in any audit."""
    return _newest(connection, AuditSighting.asset_id == asset_id)


def seen_in(
    connection: Connection | Session, count_id: str, asset_id: int, location_id: int
) -> SeenRow | None:
    """The newest sighting of an asset in one place in one audit."""
    return _newest(
        connection,
        AuditSighting.asset_id == asset_id,
        AuditSighting.session_id == count_id,
        AuditSighting.location_id == location_id,
    )


def _newest(connection: Connection | Session, *conditions: ColumnElement[bool]) -> SeenRow | None:
    row = connection.execute(
        select(
            AuditSighting.at_us,
            Location.code,
            Location.name,
            Person.name,
            CountSession.id,
            CountSession.number,
        )
        .join(Location, Location.id == AuditSighting.location_id)
        .join(Person, Person.id == AuditSighting.person_id)
        .join(CountSession, CountSession.id == AuditSighting.session_id)
        .where(*conditions, AuditSighting.voided_us.is_(None))
        .order_by(AuditSighting.at_us.desc(), AuditSighting.id.desc())
        .limit(1)
    ).first()
    return SeenRow(*row) if row else None


def _tallies(*states: AuditState) -> tuple[Any, Any]:
    """How many are in one of the states, and how many are looked for, as sums over the lines."""
    seen = func.sum(case((AuditLine.state.in_(states), 1), else_=0))
    return seen, func.sum(case((_LOOKED_FOR, 1), else_=0))


def _heads() -> Any:
    return (
        select(
            CountSession.id,
            CountSession.code,
            CountSession.number,
            CountSession.name,
            CountSession.state,
            CountSession.due_on,
            CountSession.opened_us,
            CountSession.submitted_us,
            CountSession.posted_us,
            CountSession.ended_us,
            Person.name,
        )
        .join(Person, Person.id == CountSession.created_by)
        .where(CountSession.things == "assets")
    )


@cache  # put together once: that costs more than running it
def _lines() -> Any:
    place, found = aliased(Location), aliased(Location)
    seen_by, settled_by, holder = aliased(Person), aliased(Person), aliased(Person)
    carrier = aliased(Asset)
    return (
        select(
            AuditLine.id,
            Asset.code,
            Asset.tag,
            Asset.name,
            Asset.status,
            AuditLine.state,
            AuditLine.settled,
            place.code,
            place.name,
            found.code,
            found.name,
            AuditLine.found_us,
            seen_by.name,
            AuditLine.settled_us,
            settled_by.name,
            func.coalesce(holder.name, carrier.name),
            case((IS_HELD, Asset.out_since_us)),
        )
        .join(Asset, Asset.id == AuditLine.asset_id)
        .outerjoin(place, place.id == AuditLine.expected_id)
        .outerjoin(found, found.id == AuditLine.found_id)
        .outerjoin(seen_by, seen_by.id == AuditLine.counter_id)
        .outerjoin(settled_by, settled_by.id == AuditLine.settled_by)
        .outerjoin(holder, holder.id == Asset.custodian_person_id)
        .outerjoin(carrier, carrier.id == Asset.custodian_asset_id)
    )
