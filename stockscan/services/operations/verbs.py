"""Which verb applies each kind of operation, and which takes it back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require, to_take_back
from stockscan.domain.errors import NeedsAttention, RuleBroken
from stockscan.domain.operations import Op
from stockscan.services import (
    aliases,
    assets,
    counts,
    custody,
    fields,
    installs,
    locations,
    maintenance,
    meters,
    models,
    parts,
    people,
    reports,
    stock,
)
from stockscan.services.work import Context
from stockscan.store.operations import Operation

Verb = Callable[[Context, Session, Op], dict[str, Any]]


def reverse(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a wrongly recorded operation back, as if it had never been recorded.

    One's own, or anyone's with the right for it. Raises `NeedsAttention` while the operation is
    unknown; this is then applied by itself when that arrives.
    """
    target = session.get(Operation, op["operation"], with_for_update=True)
    actor = require(ctx.actor, to_take_back(target.kind if target else ""))
    if target is None:
        raise NeedsAttention(
            "What this takes back has not arrived yet.",
            code="waits_for_operation",
            waits_for=op["operation"],
        )
    if target.actor_id != actor.person_id:
        require(actor, Permission.OPERATION_REVERSE_ANY)
    if target.status == "attention" and target.kind != "count":
        target.status = "dismissed"
        return {"reversed": target.id}
    undo = _UNDO.get(target.kind)
    result = undo(ctx, session, op, target.id) if undo else None
    if result is not None:
        return {**result, "kind": target.kind}
    if undo is not None and target.status == "applied":
        raise RuleBroken("This was taken back already.", code="already_reversed")
    raise RuleBroken(
        "This can't be taken back. Record what is true instead.", code="not_reversible"
    )


def reverse_custody(
    ctx: Context, session: Session, op: Op, target_id: str
) -> dict[str, Any] | None:
    """Take a custody event back; what it settled in an audit waits for a decision again."""
    counts.unsettle(session, target_id)
    return custody.reverse_custody(ctx, session, op, target_id)


def dispose(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take out of stock what nobody needs any more, and remember what became of it."""
    scrapped = replace(op, fields={**op.fields, "reason": op["how"].capitalize()})
    return {**stock.scrap(ctx, session, scrapped), **reports.keep_disposal(session, op)}


VERBS: dict[str, Verb] = {
    "audit": counts.audit,
    "claim": aliases.claim,
    "cancel_job": maintenance.cancel_job,
    "check_in": custody.check_in,
    "check_out": custody.check_out,
    "condition": custody.condition,
    "count": counts.count,
    "create_asset": assets.create_asset,
    "create_bins": locations.create_bins,
    "create_field": fields.create_field,
    "create_job": maintenance.create_job,
    "create_location": locations.create_location,
    "create_model": models.create_model,
    "create_part": parts.create_part,
    "create_plan": maintenance.create_plan,
    "create_person": people.create_person,
    "dispose": dispose,
    "edit_asset": assets.edit_asset,
    "edit_field": fields.edit_field,
    "edit_job": maintenance.edit_job,
    "edit_location": locations.edit_location,
    "edit_model": models.edit_model,
    "edit_person": people.edit_person,
    "edit_plan": maintenance.edit_plan,
    "edit_part": parts.edit_part,
    "finish_job": maintenance.finish_job,
    "install": installs.install,
    "issue": stock.issue,
    "link": aliases.link,
    "log_work": maintenance.log_work,
    "move_asset": custody.move_asset,
    "move_part": installs.move_part,
    "note": custody.note,
    "pause_job": maintenance.pause_job,
    "pick": maintenance.pick,
    "put_back": maintenance.put_back,
    "read_meter": meters.read_meter,
    "receive": stock.receive,
    "release_kit": maintenance.release_kit,
    "remove_asset_part": installs.remove_asset_part,
    "remove_job_part": maintenance.remove_job_part,
    "remove_plan_part": maintenance.remove_plan_part,
    "remove_model_part": models.remove_model_part,
    "remove_substitute": parts.remove_substitute,
    "remove_supplier_part": parts.remove_supplier_part,
    "report_fault": maintenance.report_fault,
    "reserve_kit": maintenance.reserve_kit,
    "retime": counts.retime,
    "return_part": installs.return_part,
    "reverse": reverse,
    "scrap": stock.scrap,
    "set_asset_part": installs.set_asset_part,
    "set_due": custody.set_due,
    "set_job_part": maintenance.set_job_part,
    "set_plan_part": maintenance.set_plan_part,
    "set_model_part": models.set_model_part,
    "set_running": maintenance.set_running,
    "set_status": custody.set_status,
    "set_substitute": parts.set_substitute,
    "set_supplier_part": parts.set_supplier_part,
    "start_job": maintenance.start_job,
    "tick_job": maintenance.tick_job,
    "transfer": stock.transfer,
    "unlink": aliases.unlink,
}

_UNDO: dict[str, Callable[[Context, Session, Op, str], dict[str, Any] | None]] = {
    **dict.fromkeys(
        (
            "dispose",
            "install",
            "issue",
            "move_part",
            "pick",
            "put_back",
            "receive",
            "return_part",
            "scrap",
            "transfer",
        ),
        stock.reverse_goods,
    ),
    **dict.fromkeys(
        ("check_in", "check_out", "condition", "move_asset", "note", "set_due", "set_status"),
        reverse_custody,
    ),
    "read_meter": meters.reverse_reading,
    "audit": counts.unsee,
    "count": counts.void_count,
    **dict.fromkeys(
        (
            "cancel_job",
            "create_job",
            "finish_job",
            "pause_job",
            "report_fault",
            "set_running",
            "start_job",
            "tick_job",
        ),
        maintenance.reverse_job,
    ),
    **dict.fromkeys(("claim", "link"), aliases.reverse_link),
}

# The kinds that can be taken back as if they had never been recorded.
UNDOABLE = frozenset(_UNDO)
