"""How an asset is and until when it is out: condition, status, due date, notes."""

from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.operations import Op
from stockscan.services.custody.answering import GONE, answer, title
from stockscan.services.work import Context
from stockscan.store import custody, goods
from stockscan.store.catalogue.assets import things_on
from stockscan.store.maintenance.jobs import open_jobs_of

_WORDS: Final = {"in_service": "in service", "retired": "retired", "disposed": "disposed of"}


def condition(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say in what condition an asset is, from 1 (scrap) to 5 (as new)."""
    actor = require(ctx.actor, Permission.CUSTODY_CHANGE)
    asset = goods.asset_row(session, op)
    custody.lock(session, asset.id)
    event = custody.append(
        session,
        op,
        "condition",
        asset.id,
        actor,
        ctx.now_us,
        condition=op["value"],
        note=op["note"] or "",
    )
    return {**answer(session, asset, event), "condition": op["value"]}


def set_status(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Stop an asset or put it back in service, retire or dispose of it, and say why.

    What is out or carries other assets is settled first: raises `RuleBroken` still_out or
    has_on_it. Raises `RuleBroken` same_status when nothing would change.
    """
    require(ctx.actor, Permission.ASSET_STATUS)
    asset = goods.asset_row(session, op)
    status = custody.lock(session, asset.id)
    actor = _who_may(ctx, status, op["status"])
    if status == op["status"]:
        already = _WORDS.get(status, "stopped")
        raise RuleBroken(f"{title(asset)} is {already} already.", code="same_status")
    if op["proceeds"] is not None and op["status"] != "disposed":
        raise Invalid("proceeds are for what is disposed of.", field="proceeds")
    if op["status"] in GONE and status not in GONE:
        _refuse_unsettled(session, asset, op["status"])
    event = custody.append(
        session,
        op,
        "status",
        asset.id,
        actor,
        ctx.now_us,
        to_status=op["status"],
        amount_minor=op["proceeds"],
        note=op["reason"] or "",
    )
    told = {"status": op["status"], "from": status}
    warnings = _open_jobs(session, asset.id) if op["status"] in GONE else []
    return {**answer(session, asset, event), **told, "warnings": warnings}


def _open_jobs(session: Session, asset_id: int) -> list[dict[str, str]]:
    """A warning where something is left to do on an asset that is not in use any more."""
    names = [job.name for job in open_jobs_of(session, asset_id)]
    if not names:
        return []
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    message = f"{names[0]}{more} still open on it. Cancel what nobody will do."
    return [{"code": "open_jobs", "message": message}]


def set_due(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Move the day on which an asset that is out is to be back. Raises `RuleBroken` not_out."""
    actor = require(ctx.actor, Permission.CUSTODY_CHANGE)
    asset = goods.asset_row(session, op)
    custody.lock(session, asset.id)
    before = custody.around(session, asset.id, op.timing.effective_us).before
    if before is None or before.kind != "check_out":
        message = f"{title(asset)} is not checked out, so nothing is due. Hand it out first."
        raise RuleBroken(message, code="not_out")
    event = custody.append(
        session,
        op,
        "note",
        asset.id,
        actor,
        ctx.now_us,
        due_on=op["due_on"],
        note=op["note"] or "",
    )
    return {**answer(session, asset, event), "due_on": op["due_on"].isoformat()}


def note(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Keep a remark in an asset's history."""
    actor = require(ctx.actor, Permission.ASSET_STATUS)
    asset = goods.asset_row(session, op)
    custody.lock(session, asset.id)
    event = custody.append(session, op, "note", asset.id, actor, ctx.now_us, note=op["note"])
    return answer(session, asset, event)


def _who_may(ctx: Context, status: str, wanted: str) -> Actor:
    """Who ends the life of an asset, or begins it again, needs more than who stops it."""
    ends = wanted in GONE or status in GONE
    return require(ctx.actor, Permission.ASSET_RETIRE if ends else Permission.ASSET_STATUS)


def _refuse_unsettled(session: Session, asset: Row[Any], status: str) -> None:
    verb = "retire it" if status == "retired" else "dispose of it"
    holder = custody.state_of(session, asset.id).holder
    if holder is not None:
        raise RuleBroken(
            f"{title(asset)} is out with {holder.name}. Bring it back, then {verb}.",
            code="still_out",
            holder=holder.json(),
        )
    on_it = things_on(session, asset.id, limit=1)
    if on_it:
        message = f"{on_it[0].title} is on {title(asset)}. Take it off, then {verb}."
        raise RuleBroken(message, code="has_on_it")
