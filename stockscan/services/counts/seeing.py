"""Seeing an asset in an audit: an operation, applied once, and taking that back."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import CLOSED, SessionState
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import iso
from stockscan.domain.operations import Op, is_id
from stockscan.services.work import Context
from stockscan.store import custody, goods, limits
from stockscan.store.counts import (
    AuditLine,
    AuditSighting,
    CountSession,
    audits,
    sessions,
)
from stockscan.store.counts import audit_reading as reads

_NOT_OPEN: Final = "That audit is not open any more. This was kept as a sighting of its own."


def audit(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say that an asset was seen in a place: an operation, so it counts exactly once.

    It is always stored. For an audit that is over, cancelled or unknown, or for none, it is a
    sighting of its own. Nothing is moved by it: what stands elsewhere than the books say waits for
    somebody to relocate or leave it.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    asset, location = goods.asset_row(session, op), goods.location_row(session, op)
    limits.refuse_outside(session, actor, (location.id,))
    joined = _joined(session, op["count"])
    head = joined or _on_its_own(ctx, session, op, actor)
    custody.lock(session, asset.id)
    before = reads.seen_in(session, head.id, asset.id, location.id)
    _keep_sighting(session, op, head, asset.id, location.id, actor)
    if op["condition"]:
        custody.append(session, op, "condition", asset.id, actor, ctx.now_us,
                       condition=op["condition"], note=op["note"] or "")  # fmt: skip
    elif op["note"]:
        custody.append(session, op, "note", asset.id, actor, ctx.now_us, note=op["note"])
    line = audits.refold(session, head, asset.id)
    assert line is not None
    audits.go_on(session, head, ctx.now_us, location.id)
    again = {"again": {"at": iso(before.at_us), "by": before.by}} if before else {}
    return {
        "count": head.id,
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset.name,
        "location": location.code,
        "location_name": location.name,
        **_found_json(session, head, line),
        **again,
        **({"attention": _NOT_OPEN} if op["count"] and joined is None else {}),
    }


def unsee(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take a sighting back; None if the operation is none.

    Raises `RuleBroken` when it was taken back already, or its audit is over.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    sighting = session.scalars(
        select(AuditSighting).where(AuditSighting.operation_id == target_id)
    ).first()
    if sighting is None:
        return None
    if sighting.voided_us is not None:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    head = sessions.held(session, sighting.session_id)
    assert head is not None
    if head.number is not None and head.state in CLOSED:
        raise RuleBroken("That audit is over. See it again in a new one.", code="audit_over")
    custody.lock(session, sighting.asset_id)
    sighting.voided_us = ctx.now_us
    session.flush()
    if custody.event_of(session, target_id) is not None:
        custody.take_back(session, op, target_id, actor, ctx.now_us)
    line = audits.refold(session, head, sighting.asset_id)
    audits.go_on(session, head, ctx.now_us, sighting.location_id)
    asset = custody.asset_of(session, sighting.asset_id)
    names = {"asset": asset.code, "asset_tag": asset.tag, "asset_name": asset.name}
    return {"reversed": target_id, **names, "state": line.state if line else ""}


def unsettle(session: Session, operation_id: str) -> None:
    """What an operation settled in an audit waits for a decision again: it is taken back."""
    audits.unsettle_by(session, operation_id)


def _joined(session: Session, audit_id: str | None) -> CountSession | None:
    """The audit that a sighting says it belongs to, where that still takes it."""
    head = sessions.held(session, audit_id) if audit_id and is_id(audit_id) else None
    if head is None or head.things != "assets" or head.number is None or head.state in CLOSED:
        return None
    return head


def _on_its_own(ctx: Context, session: Session, op: Op, actor: Actor) -> CountSession:
    """A sighting outside of any audit is one of its own, which ends with it."""
    head = CountSession(
        id=op.id,
        method="adhoc",
        things="assets",
        state=SessionState.SUBMITTED,
        blind=False,
        created_by=actor.person_id,
        opened_us=op.timing.effective_us,
        submitted_us=ctx.now_us,
    )
    session.add(head)
    session.flush()
    return head


def _keep_sighting(
    session: Session,
    op: Op,
    head: CountSession,
    asset_id: int,
    location_id: int,
    actor: Actor,
) -> None:
    session.add(
        AuditSighting(
            session_id=head.id,
            asset_id=asset_id,
            location_id=location_id,
            at_us=op.timing.effective_us,
            person_id=actor.person_id,
            operation_id=op.id,
        )
    )
    session.flush()


def _found_json(session: Session, head: CountSession, line: AuditLine) -> dict[str, Any]:
    """What an audit makes of an asset, where the books have it, and how far its room is."""
    row = reads.lines(session, head.id, AuditLine.id == line.id)[0]
    room = reads.room_progress(session, head.id, line.found_id)
    return {
        "line": line.id,
        "state": line.state,
        "settled": line.settled,
        "belongs": row.place_code,
        "belongs_name": row.place,
        "holder": row.holder,
        **({"seen": room.seen, "expected": room.expected} if room else {}),
    }
