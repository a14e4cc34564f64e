"""Audits of assets: opening one, finishing its rooms, submitting, settling, cancelling it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.counts import CLOSED, SessionState
from stockscan.domain.errors import Conflict, Invalid, NotFound, RuleBroken
from stockscan.domain.operations import is_id, parse_id
from stockscan.services.counts.answers import refuse_places
from stockscan.services.counts.plans import Opened, Plan
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import goods, limits, locks
from stockscan.store.counts import (
    AuditLine,
    CountSession,
    audits,
    opening,
    sessions,
)
from stockscan.store.counts import audit_reading as reads


def open_audit(ctx: Context, audit_id: str, plan: Plan) -> Opened:
    """Open an audit of all assets that the books have in the plan's places, and inside them.

    The same id again answers the same. Raises `RuleBroken` where the books have no asset there,
    `NotAllowed` for places that are not the actor's, `Conflict` for an id that was used otherwise.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)
    audit_id = parse_id(audit_id)

    def work() -> Opened:
        with unit_of_work() as session:
            locks.hold_count_numbers(session)
            head = session.get(CountSession, audit_id) or _open(ctx, session, audit_id, plan, actor)
            if head.things != "assets" or head.number is None:
                raise Conflict("This id was used for something else.", code="id_reused")
            return _opened(session, head)

    return retrying(work)


def finish_room(ctx: Context, audit_id: str, room: str) -> None:
    """Say that all assets of a room were looked at: what was not seen there is not there.

    It may still turn up elsewhere. Raises `NotFound` for a room that the audit has not.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)

    def work() -> None:
        with unit_of_work() as session:
            head = _held(session, audit_id)
            location_id = goods.find(session, Kind.LOCATION, "room", room)
            limits.refuse_outside(session, actor, (location_id,))
            place = sessions.place_of(session, head.id, location_id)
            if place is None:
                raise NotFound("That room is not in this audit.", field="room")
            place.done_us = place.done_us or ctx.now_us
            session.flush()
            audits.go_on(session, head, ctx.now_us)

    retrying(work)


def submit_audit(ctx: Context, audit_id: str) -> None:
    """End the looking: what was not seen is missing, or was not looked for.

    It is missing where its room was visited. What is found later still counts, until everything
    is settled. Again it only brings in what was recorded since. Raises `NotFound`, `NotAllowed`
    for one with rooms that are not among the actor's places.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)

    def work() -> None:
        with unit_of_work() as session:
            head = _held(session, audit_id)
            refuse_places(session, actor, head.id)
            if head.state == SessionState.OPEN:
                head.state, head.submitted_us = SessionState.SUBMITTED, ctx.now_us
            audits.go_on(session, head, ctx.now_us)

    retrying(work)


def settle_audit(ctx: Context, audit_id: str, lines: Mapping[int, str | None], way: str) -> int:
    """Keep what somebody did about assets that the books had wrong: how many lines it settled.

    `lines` says by which operation, None where the books stay as they are. The ways: `relocated`,
    `left`, `missing`. What is settled already, or does not fit the way, stays as it is. Raises
    `NotFound`, `NotAllowed` where one lies or belongs outside the actor's places, and `Invalid`
    for another way.
    """
    decides = way == "missing"
    actor = require(ctx.actor, Permission.COUNT_APPROVE if decides else Permission.COUNT_RECORD)
    if way not in reads.WAYS:
        raise Invalid("Relocate it, leave it, or mark it missing.", field="way")

    def work() -> int:
        with unit_of_work() as session:
            head = _held(session, audit_id)
            wanted = (AuditLine.session_id == head.id, *reads.to_settle([*lines], way))
            found = session.scalars(select(AuditLine).where(*wanted)).all()
            places = {place for line in found for place in (line.expected_id, line.found_id)}
            limits.refuse_outside(session, actor, places)
            for line in found:
                line.settled, line.settled_by, line.settled_us = way, actor.person_id, ctx.now_us
                line.settled_operation_id = lines[line.id]
            session.flush()
            audits.go_on(session, head, ctx.now_us)
            return len(found)

    return retrying(work)


def cancel_audit(ctx: Context, audit_id: str) -> None:
    """Stop an audit: what was seen stays on record, nothing else follows from it.

    Raises `NotAllowed` for one with rooms that are not among the actor's places.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> None:
        with unit_of_work() as session:
            head = _held(session, audit_id)
            if head.state in CLOSED:
                return
            refuse_places(session, actor, head.id)
            head.state, head.ended_us = SessionState.CANCELLED, ctx.now_us
            audits.leave_uncounted(session, head)

    retrying(work)


def _open(ctx: Context, session: Session, audit_id: str, plan: Plan, actor: Actor) -> CountSession:
    roots = plan.scope.locations
    limits.refuse_outside(session, actor, roots)
    head = CountSession(
        id=audit_id,
        name=plan.name,
        method="planned",
        things="assets",
        state=SessionState.OPEN,
        blind=False,
        scope=plan.scope.to_json(),
        created_by=actor.person_id,
        due_on=plan.due_on,
        opened_us=ctx.now_us,
    )
    session.add(head)
    session.flush()
    opening.give_number(session, head, ctx.now_us)
    if not roots or not audits.expect(session, audit_id, roots):
        message = "The books have no asset there. Choose another place."
        raise RuleBroken(message, code="nothing_to_count")
    audits.add_rooms(session, audit_id, roots, plan.counters)
    return head


def _opened(session: Session, head: CountSession) -> Opened:
    expected = sum(reads.states(session, head.id).values())
    _, places = sessions.size(session, head.id)
    return Opened(head.id, head.number or 0, head.code or "", head.state, expected, places)


def _held(session: Session, audit_id: str) -> CountSession:
    """The audit, which nobody else changes or adds to until the commit. Raises `NotFound`."""
    head = sessions.held(session, audit_id) if is_id(audit_id) else None
    if head is None or head.things != "assets":
        raise NotFound("There is no such audit.")
    return head
