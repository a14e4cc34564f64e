"""Audits of assets: what they expect, what was seen, and what both make of each asset.

An audit line is the fold of its sightings against the books, so the order in which they are
recorded makes no difference.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from stockscan.domain.counts import AuditState, SessionState
from stockscan.domain.counts.audits import decisive, judge_seen
from stockscan.domain.counts.scope import Scope
from stockscan.domain.counts.walking import shares
from stockscan.store import custody, standing
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.counts.booked import IS_HELD, LIVE, PLACE_NOW, books_at
from stockscan.store.counts.opening import walking_order
from stockscan.store.counts.rows import AuditLine, AuditSighting, CountPlace, CountSession
from stockscan.store.counts.schedule import inside

SEEN: Final = (AuditState.FOUND, AuditState.MOVED, AuditState.UNEXPECTED)
UNSEEN: Final = (AuditState.PENDING, AuditState.MISSING, AuditState.NOT_COUNTED)


def expect(session: Session, count_id: str, roots: Collection[int]) -> int:
    """Write a line for each asset that the books have in these places; how many there are."""
    expected = select(Asset.id, PLACE_NOW.label("place_id"), Asset.status).subquery()
    lines = select(
        _text(count_id), expected.c.id, _text(AuditState.PENDING), expected.c.place_id, _text("")
    ).where(expected.c.status.in_(LIVE), expected.c.place_id.in_(inside(tuple(roots))))
    columns = ["session_id", "asset_id", "state", "expected_id", "settled"]
    session.execute(insert(AuditLine).from_select(columns, lines))
    written = select(func.count()).where(AuditLine.session_id == count_id)
    return session.execute(written).scalar_one()


def add_rooms(
    session: Session, count_id: str, roots: Collection[int], people: Sequence[int]
) -> int:
    """Add the places where the audit expects something and those named for it, in walking order.

    People share the way by how much is expected on it. Returns how many places there are.
    """
    rows = session.execute(
        select(AuditLine.expected_id, func.count())
        .where(AuditLine.session_id == count_id)
        .group_by(AuditLine.expected_id)
    )
    expected: dict[Any, int] = {row[0]: row[1] for row in rows}
    order = walking_order(session, {*expected, *roots})
    weights = [1 + expected.get(location_id, 0) for location_id in order]
    stretches = shares(weights, max(len(people), 1))
    values = [
        {
            "session_id": count_id,
            "location_id": location_id,
            "place_order": number,
            "counter_id": people[stretch] if people else None,
        }
        for number, (location_id, stretch) in enumerate(zip(order, stretches, strict=True), 1)
    ]
    session.execute(insert(CountPlace), values)
    return len(values)


def refold(session: Session, head: CountSession, asset_id: int) -> AuditLine | None:
    """Bring what an audit says of an asset up to date with its sightings and with the books.

    The asset must be locked. What somebody settled stays until it is seen somewhere else; what
    was come upon and is seen no more has no line (None).
    """
    line = line_of(session, head.id, asset_id)
    sightings = _sightings(session, head.id, asset_id)
    if not sightings:
        return _unseen(session, head, line)
    seen = decisive([(sighting.location_id, sighting) for sighting in sightings])
    if line is None:
        line = AuditLine(session_id=head.id, asset_id=asset_id, state=AuditState.FOUND)
        session.add(line)
    elif line.settled and line.operation_id == seen.operation_id:
        return line
    books = books_at(session, asset_id, seen.at_us)
    line.state = judge_seen(books, seen.location_id, roots_of(head))
    line.expected_id, line.found_id, line.found_us = books.place_id, seen.location_id, seen.at_us
    line.counter_id, line.operation_id = seen.person_id, seen.operation_id
    unsettle(line)
    session.flush()
    return line


def unsettle(line: AuditLine) -> None:
    """Nothing is decided about it yet, or any more."""
    line.settled, line.settled_by, line.settled_us = "", None, None
    line.settled_operation_id = None


def unsettle_by(session: Session, operation_id: str) -> None:
    """What an operation settled waits again: it was taken back."""
    settled = select(AuditLine).where(AuditLine.settled_operation_id == operation_id)
    for line in session.scalars(settled).all():
        unsettle(line)
        head = session.get_one(CountSession, line.session_id)
        if head.state == SessionState.POSTED:
            head.state, head.posted_us = SessionState.SUBMITTED, None
    session.flush()


def books_changed(session: Session, head: CountSession) -> Collection[int]:
    """The assets of which something was recorded later that happened before they were seen."""
    return session.scalars(
        select(AuditLine.asset_id)
        .join(AssetEvent, AssetEvent.asset_id == AuditLine.asset_id)
        .where(
            AuditLine.session_id == head.id,
            AuditLine.state.in_(SEEN),
            AuditLine.settled == "",
            AssetEvent.kind.in_((*standing.HANDOVERS, "move", "reversal")),
            AssetEvent.effective_us <= AuditLine.found_us,
            AssetEvent.recorded_us > AuditLine.found_us,
        )
        .distinct()
        .order_by(AuditLine.asset_id)
    ).all()


def place_unseen(session: Session, head: CountSession) -> None:
    """Note of all that was not seen where the books have it by now."""
    place_now = select(PLACE_NOW).where(Asset.id == AuditLine.asset_id).scalar_subquery()
    _update(session, update(AuditLine).where(*_unseen_in(head)).values(expected_id=place_now))


def close_unseen(session: Session, head: CountSession, room_id: int | None = None) -> None:
    """Say of all that was not seen, or of one room, whether it is missing or was not looked for.

    It is missing where its room was visited; not what somebody has, nor what has left the places
    of the audit or is gone for good. What somebody settled stays.
    """
    looked_for = and_(
        AuditLine.asset_id.in_(select(Asset.id).where(Asset.status.in_(LIVE), ~IS_HELD)),
        AuditLine.expected_id.in_(inside(tuple(roots_of(head) or ()))),
        _was_visited(head.id),
    )
    state = case((looked_for, AuditState.MISSING.value), else_=AuditState.NOT_COUNTED.value)
    fresh = or_(AuditLine.expected_id == room_id, AuditLine.state == AuditState.PENDING)
    only = () if room_id is None else (fresh,)
    _update(session, update(AuditLine).where(*_unseen_in(head), *only).values(state=state))


def leave_uncounted(session: Session, head: CountSession) -> None:
    """Say of all that was not seen that it was not looked for."""
    unseen = (AuditLine.session_id == head.id, AuditLine.state.in_(UNSEEN))
    _update(session, update(AuditLine).where(*unseen).values(state=AuditState.NOT_COUNTED.value))


def has_work_left(session: Session, head: CountSession) -> bool:
    """Whether an asset of the audit still waits for somebody to decide about it."""
    return session.scalar(select(AuditLine.id).where(*waiting(head.id)).limit(1)) is not None


def go_on(session: Session, head: CountSession, now_us: int, room_id: int | None = None) -> None:
    """Of a submitted audit: say what it makes of all by now, and end it when all is settled.

    With a room only what was seen there is new.
    """
    if head.state != SessionState.SUBMITTED:
        return
    if head.number is not None and room_id is None:
        for asset_id in books_changed(session, head):
            custody.lock(session, asset_id)
            refold(session, head, asset_id)
        place_unseen(session, head)
    if head.number is not None:
        close_unseen(session, head, room_id)
    if not has_work_left(session, head):
        head.state, head.posted_us = SessionState.POSTED, now_us
        session.flush()


def waiting(count_id: str) -> tuple[ColumnElement[bool], ...]:
    """Of an audit, what does not agree with the books and nobody has settled."""
    ended = (AuditState.FOUND, AuditState.NOT_COUNTED)
    return (
        AuditLine.session_id == count_id,
        AuditLine.settled == "",
        AuditLine.state.not_in(ended),
    )


def line_of(session: Session, count_id: str, asset_id: int) -> AuditLine | None:
    """What an audit says of an asset."""
    wanted = select(AuditLine).where(
        AuditLine.session_id == count_id, AuditLine.asset_id == asset_id
    )
    return session.scalars(wanted).first()


def roots_of(head: CountSession) -> frozenset[int] | None:
    """The places that were named for an audit; None for what was seen outside of any."""
    named = Scope.from_json(head.scope).locations
    return frozenset(named) if head.number is not None else None


def _sightings(session: Session, count_id: str, asset_id: int) -> list[AuditSighting]:
    """All that holds, as seen one after the other."""
    found = session.scalars(
        select(AuditSighting)
        .where(
            AuditSighting.session_id == count_id,
            AuditSighting.asset_id == asset_id,
            AuditSighting.voided_us.is_(None),
        )
        .order_by(AuditSighting.at_us, AuditSighting.operation_id)
    )
    return list(found)


def _unseen(session: Session, head: CountSession, line: AuditLine | None) -> AuditLine | None:
    if line is None or line.state in UNSEEN:
        return line
    if line.state == AuditState.UNEXPECTED or roots_of(head) is None:
        session.delete(line)
        session.flush()
        return None
    line.state, line.found_id, line.found_us = AuditState.PENDING, None, None
    line.counter_id, line.operation_id = None, None
    unsettle(line)
    session.flush()
    return line


def _unseen_in(head: CountSession) -> tuple[ColumnElement[bool], ...]:
    """The lines of what was not seen and nobody has settled."""
    return (
        AuditLine.session_id == head.id,
        AuditLine.state.in_(UNSEEN),
        AuditLine.settled == "",
    )


def _was_visited(count_id: str) -> ColumnElement[bool]:
    """Whether something was seen in a line's place, or somebody said that it was looked at."""
    seen = select(AuditSighting.location_id).where(
        AuditSighting.session_id == count_id, AuditSighting.voided_us.is_(None)
    )
    done = select(CountPlace.location_id).where(
        CountPlace.session_id == count_id, CountPlace.done_us.is_not(None)
    )
    return or_(AuditLine.expected_id.in_(seen), AuditLine.expected_id.in_(done))


def _update(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _text(value: str) -> Any:
    return cast(literal(value), String)
