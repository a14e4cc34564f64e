"""What a scan means while an audit goes on: its room, then what stands in it."""

from dataclasses import replace

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.scanning import Mode, Step
from stockscan.services.scanning.looking import Resolved, look_up
from stockscan.services.scanning.plans import Plan, Situation
from stockscan.services.work import Context, reading
from stockscan.store.counts import audit_reading


def plan(ctx: Context, scanned: Resolved, now: Situation) -> Plan | None:
    """What a scan means in an audit; None where the count that goes on is none.

    Raises `Invalid` for what is no asset, and for an asset before its room was scanned.
    """
    require(ctx.actor, Permission.COUNT_RECORD)
    here = scanned.thing
    if here is None or not _is_audit(now.count):
        return None
    if here.kind is Kind.LOCATION:
        after = Situation(Mode.COUNT, on=here.code, many=now.many, count=now.count)
        return Plan(Step.CHOOSE, scanned, after, on=here)
    if here.kind is not Kind.ASSET:
        message = f"{here.title} is no asset. Scan what stands here, or the next room."
        raise Invalid(message, code="not_counted")
    room = look_up(ctx, now.on).thing if now.on else None
    if room is None or room.kind is not Kind.LOCATION:
        raise Invalid(f"Scan the room first, then {here.title}.", code="need_room")
    operation = {
        "kind": "audit",
        "asset": here.code,
        "location": room.code,
        "count": now.count,
    }
    return Plan(Step.AUDIT, scanned, replace(now, done=""), (operation,))


def _is_audit(count_id: str) -> bool:
    with reading() as connection:
        return audit_reading.head(connection, count_id) is not None
