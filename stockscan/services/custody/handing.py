"""Who has an asset and where it stands: check-out, check-in, moving.

Custody is the last event by (effective_us, seq), so a late replay of an older check-out does not
undo a newer check-in.
"""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import iso
from stockscan.domain.operations import Op
from stockscan.services.custody.answering import GONE, answer, title
from stockscan.services.work import Context
from stockscan.store import custody, goods


def check_out(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Hand an asset to a person, a place or another asset.

    Raises `RuleBroken` already_out (with whom and since when), asset_retired, or custody_since
    when a newer event shows that somebody else had it.
    """
    actor = require(ctx.actor, Permission.CUSTODY_CHANGE)
    asset = goods.asset_row(session, op)
    status = custody.lock(session, asset.id)
    if status in GONE:
        raise RuleBroken(
            f"{title(asset)} was {status}. It can't be checked out.", code="asset_retired"
        )
    receiver = _receiver(session, op, asset)
    around = custody.around(session, asset.id, op.timing.effective_us)
    _refuse_if_out(session, asset, around.before, receiver)
    if around.after is not None and around.after.kind == "check_out":
        _refuse_if_out(session, asset, custody.last(session, asset.id), receiver)
        raise RuleBroken(
            f"{title(asset)} was checked out again since. Look at its history.",
            code="custody_since",
        )
    event = custody.append(
        session,
        op,
        "check_out",
        asset.id,
        actor,
        ctx.now_us,
        due_on=op["due_on"],
        note=op["note"] or "",
        **receiver,
    )
    told = answer(session, asset, event)
    if status != "down":
        return told
    message = "It is stopped. Say so to who takes it, or put it back in service."
    return {**told, "warnings": [{"code": "is_stopped", "message": message}]}


def check_in(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take an asset back, into a place if one is given.

    Raises `RuleBroken` not_out; but a replay that says where the asset stands is never lost.
    """
    actor = require(ctx.actor, Permission.CUSTODY_CHANGE)
    asset = goods.asset_row(session, op)
    location = goods.location_row(session, op).id if op["location"] else None
    custody.lock(session, asset.id)
    before = custody.around(session, asset.id, op.timing.effective_us).before
    out = before if before is not None and before.kind == "check_out" else None
    if out is None and not (op.queued and location):
        raise RuleBroken(
            f"{title(asset)} is not checked out, so there is nothing to bring back.",
            code="not_out",
        )
    event = custody.append(
        session,
        op,
        "check_in",
        asset.id,
        actor,
        ctx.now_us,
        to_location_id=location,
        condition=op["condition"],
        note=op["note"] or "",
    )
    told = answer(session, asset, event)
    if out is None:
        message = f"{title(asset)} was in already. Only its place was noted."
        return {**told, "from": None, "warnings": [{"code": "was_in", "message": message}]}
    brought_by = custody.holder_of(session, out)
    return {**told, "from": brought_by and brought_by.json()}


def move_asset(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say where an asset stands; who has it stays as it is."""
    actor = require(ctx.actor, Permission.ASSET_MOVE)
    asset, location = goods.asset_row(session, op), goods.location_row(session, op)
    custody.lock(session, asset.id)
    around = custody.around(session, asset.id, op.timing.effective_us)
    event = custody.append(
        session,
        op,
        "move",
        asset.id,
        actor,
        ctx.now_us,
        to_location_id=location.id,
        note=op["note"] or "",
    )
    told = answer(session, asset, event)
    is_out = around.before is not None and around.before.kind == "check_out" and not around.after
    if not is_out:
        return told
    holder = told["custodian"]["name"]
    message = f"It is still out with {holder}. Return it, if it came back."
    return {**told, "warnings": [{"code": "still_out", "message": message}]}


def _receiver(session: Session, op: Op, asset: Row[Any]) -> dict[str, int]:
    if op["to_person"]:
        return {"to_person_id": custody.active_person(session, op["to_person"])}
    if op["to_location"]:
        return {"to_location_id": goods.location_row(session, op, "to_location").id}
    parent = goods.asset_row(session, op, "to_asset")
    if parent.id == asset.id or custody.stands_on(session, parent.id, asset.id):
        raise Invalid("An asset can't be checked out to itself.", field="to_asset")
    status = custody.lock(session, parent.id)
    if status in GONE:
        message = f"{title(parent)} was {status}. Nothing can go on it."
        raise RuleBroken(message, code="asset_retired")
    return {"to_asset_id": parent.id}


def _refuse_if_out(
    session: Session, asset: Row[Any], event: custody.Event | None, receiver: dict[str, int]
) -> None:
    if event is None or event.kind != "check_out":
        return
    holder = custody.holder_of(session, event)
    assert holder is not None
    wanted = custody.named(session, **receiver)
    raise RuleBroken(
        f"{title(asset)} is already out with {holder.name}. Bring it back first.",
        code="already_out",
        asset=asset.code,
        asset_name=asset.name,
        asset_tag=asset.tag,
        holder=holder.json(),
        to=wanted and wanted.json(),
        since=iso(event.effective_us),
        due_on=event.due_on.isoformat() if event.due_on else None,
    )
