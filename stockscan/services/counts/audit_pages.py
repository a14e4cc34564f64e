"""The pages of audits: which there are, one with its rooms and groups, one of its rooms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.counts import CLOSED, AuditState
from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.operations import is_id
from stockscan.services.counts.plans import Plan
from stockscan.services.work import Context, reading
from stockscan.store.counts import AuditLine
from stockscan.store.counts import audit_reading as reads
from stockscan.store.counts.audit_choosing import PersonRow, PlaceRow, places_with_assets, walkers
from stockscan.store.counts.audit_reading import (
    AuditRow,
    HeadRow,
    Progress,
    RoomRow,
)
from stockscan.store.scanning import Called, resolve, thing_called

PAGE: Final = 50
# What somebody decides about, in the order in which it is shown.
TO_DECIDE: Final = (AuditState.MOVED, AuditState.UNEXPECTED, AuditState.MISSING)


@dataclass(frozen=True, slots=True)
class Group:
    """The assets of an audit in one state, by the page; `next` goes on, 0 at the end."""

    state: str
    total: int
    rows: list[AuditRow]
    next: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    """An audit with its rooms in walking order and the groups of its assets.

    `tallies` are how many assets are in each state, `waiting` how many nobody has settled.
    """

    head: HeadRow
    progress: Progress
    rooms: list[RoomRow]
    groups: list[Group]
    tallies: dict[str, int]
    waiting: int

    @property
    def right(self) -> int:
        """How many were where the books have them."""
        return self.tallies.get(AuditState.FOUND, 0)

    @property
    def looked_for(self) -> int:
        """Of how many the books said where they are, and somebody looked."""
        away = (AuditState.MOVED, AuditState.MISSING)
        return self.right + sum(self.tallies.get(state, 0) for state in away)


@dataclass(frozen=True, slots=True)
class AuditRoom:
    """One room of an audit: what was seen in it, what was not, and what people have.

    `following` is the next room on the way that is not done, None after the last.
    """

    head: HeadRow
    room: RoomRow
    seen: list[AuditRow]
    missing: list[AuditRow]
    held: list[AuditRow]
    following: RoomRow | None


@dataclass(frozen=True, slots=True)
class AuditScene:
    """An audit on the scan screen: the chosen room, what was not seen in it yet, where to go next.

    `room` is None while none is chosen, or where the chosen place is not one of the audit's;
    `rooms_left` are those with something left to see.
    """

    head: HeadRow
    room: RoomRow | None
    missing: list[AuditRow]
    following: RoomRow | None
    rooms_left: int


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """What an audit may be about, and who may walk it."""

    places: list[PlaceRow]
    people: list[PersonRow]


def audit_choices(ctx: Context, also: str = "") -> AuditChoices:
    """The places in which there are assets, with the one coded `also`, and the people."""
    require(ctx.actor, Permission.COUNT_PLAN)
    with reading() as connection:
        return AuditChoices(places_with_assets(connection, also), walkers(connection))


def audit_plan(
    ctx: Context,
    places: Sequence[str],
    counters: Sequence[str] = (),
    *,
    name: str = "",
    due_on: date | None = None,
) -> Plan:
    """The plan of an audit whose places and people are named by their codes.

    Without a name it is called as its places. Raises `Invalid` for no place, and `NotFound` for
    codes of nothing.
    """
    require(ctx.actor, Permission.COUNT_PLAN)
    if not places:
        raise Invalid("Tick at least one place.", field="places")
    with reading() as connection:
        found = [_found(connection, code, Kind.LOCATION) for code in places]
        people = [_found(connection, code, Kind.PERSON) for code in counters]
    called = name.strip() or ", ".join(place.name for place in found)
    scope = Scope(locations=tuple(place.id or 0 for place in found))
    return Plan(
        name=called[:200],
        scope=scope,
        counters=tuple(person.id or 0 for person in people),
        blind=False,
        due_on=due_on,
    )


def audit_list(ctx: Context) -> list[tuple[HeadRow, Progress]]:
    """The audits, those that run first, then the newest."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        heads = reads.heads(connection, PAGE)
        done = reads.progress(connection, [head.id for head in heads])
    return [(head, done.get(head.id, Progress(0, 0))) for head in heads]


def audit_page(ctx: Context, audit_id: str, state: str = "", after: int = 0) -> AuditPage:
    """One audit; of one group alone where `state` names it, from the line after `after` on.

    Raises `NotFound`.
    """
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        head = _head(connection, audit_id)
        tallies = reads.states(connection, audit_id)
        shown = (state,) if state in {*AuditState, reads.OUT} else TO_DECIDE
        return AuditPage(
            head,
            reads.progress(connection, [audit_id]).get(audit_id, Progress(0, 0)),
            reads.rooms(connection, audit_id),
            [_group(connection, audit_id, each, tallies.get(each, 0), after) for each in shown],
            tallies,
            reads.to_decide(connection, audit_id),
        )


def audit_room(ctx: Context, audit_id: str, room: str) -> AuditRoom:
    """One room of an audit. Raises `NotFound` also for a place that the audit has not."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        head = _head(connection, audit_id)
        found = resolve(connection, read(room), (Kind.LOCATION,))
        rooms = reads.rooms(connection, audit_id)
        here = next((each for each in rooms if found is not None and each.code == found.code), None)
        if found is None or found.id is None or here is None:
            raise NotFound("That room is not in this audit.")
        return AuditRoom(
            head,
            here,
            reads.lines(connection, audit_id, AuditLine.found_id == found.id),
            reads.lines(connection, audit_id, *reads.not_seen_in(here.code)),
            reads.lines(connection, audit_id, *reads.held_from(here.code)),
            _following(rooms, here),
        )


def audit_scene(ctx: Context, audit_id: str, place: str) -> AuditScene | None:
    """An audit as somebody sees it who walks it; None for what is none, or is over."""
    require(ctx.actor, Permission.SCAN)
    with reading() as connection:
        head = reads.head(connection, audit_id) if is_id(audit_id) else None
        if head is None or head.state in CLOSED:
            return None
        rooms = reads.rooms(connection, audit_id)
        room = next((each for each in rooms if each.code == place), None)
        missing = reads.not_seen_in(place)
        return AuditScene(
            head,
            room,
            reads.lines(connection, audit_id, *missing) if room else [],
            next((each for each in rooms if each.is_open and each.code != place), None)
            if room is None
            else _following(rooms, room),
            sum(each.is_open for each in rooms),
        )


def audit_rows(ctx: Context, audit_id: str, line_ids: Collection[int], way: str) -> list[AuditRow]:
    """Those of some assets of an audit that can still be settled in a way. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        _head(connection, audit_id)
        wanted = reads.to_settle(line_ids, way)
        return reads.lines(connection, audit_id, *wanted, limit=max(len(line_ids), 1))


def _found(connection: Connection, code: str, kind: Kind) -> Called:
    return thing_called(connection, code, kind)


def _head(connection: Connection, audit_id: str) -> HeadRow:
    head = reads.head(connection, audit_id) if is_id(audit_id) else None
    if head is None:
        raise NotFound("There is no such audit.")
    return head


def _group(connection: Connection, audit_id: str, state: str, total: int, after: int) -> Group:
    wanted = reads.in_state(state)
    rows = reads.lines(connection, audit_id, *wanted, after=after, limit=PAGE + 1)
    following = rows[PAGE - 1].id if len(rows) > PAGE else 0
    return Group(state, total, rows[:PAGE], following)


def _following(rooms: list[RoomRow], here: RoomRow) -> RoomRow | None:
    """The next room that is not done, on from here and then from the start."""
    at = rooms.index(here)
    on_the_way = rooms[at + 1 :] + rooms[:at]
    return next((room for room in on_the_way if room.is_open), None)
