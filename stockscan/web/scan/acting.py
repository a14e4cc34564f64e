"""Taps on the scan screen that are no scan: undo, an answer, a hand-over, acting on a list."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from stockscan.domain.codes import Kind
from stockscan.domain.operations import parse_id
from stockscan.services import operations, scanning
from stockscan.services.scanning import Situation
from stockscan.web import htmx
from stockscan.web.scan.doing import done_by, record
from stockscan.web.scan.stage import (
    blueprint,
    chosen,
    my_code,
    refused,
    render,
    show,
    situation,
    stage_of,
)
from stockscan.web.security import current_context, local_path


@blueprint.post("/operations/<action>/reversal")
def reverse(action: str) -> Response:
    """Take back all that was recorded by an action, newest first, from a screen or a history."""
    if request.form.get("back"):
        ids = operations.undoable(current_context(), action)
        return _from_history([{"kind": "reverse", "operation": one} for one in ids], "Taken back.")
    return take_back(_id(), action, situation(request.form))


def take_back(action_id: str, action: str, now: Situation) -> Response:
    """Undo an action as a whole; what of it was taken back before is left alone."""
    known = done_by(action_id, now)
    if known is not None:
        return known
    ids = operations.undoable(current_context(), action)
    if ids:
        raws = [{"kind": "reverse", "operation": one} for one in ids]
        return record(action_id, raws, now)
    sentence = "Older records are taken back in the history of the asset or the part."
    return refused(now, {"code": "nothing_to_undo", "message": sentence})


@blueprint.post("/operations/<operation_id>/answer")
def answer(operation_id: str) -> Response:
    """Answer "before or after the count?"."""
    side = "before_count" if request.form.get("side") == "before" else "after_count"
    raw = {"kind": "retime", "operation": operation_id, side: request.form.get("line")}
    if request.form.get("back"):
        return _from_history([raw], "Noted.")
    now = situation(request.form)
    return done_by(_id(), now) or record(_id(), [raw], now)


@blueprint.post("/handovers")
def hand_over() -> Response:
    """ "I have it now": back from whoever had it, and out to the person who is named.

    If somebody else than the page said has it by now, nothing is done and that is told.
    """
    form, now = request.form, situation(request.form)
    asset, to = form.get("asset", ""), form.get("to") or my_code()
    out = {"kind": "check_out", "asset": asset, "to_person": to}
    back = {"kind": "check_in", "asset": asset}
    known = done_by(_id(), now)
    if known is not None:
        return known
    shown = form.get("from", "")
    holder = scanning.thing(current_context(), asset).holder_code
    return record(_id(), [back, out] if holder and holder == shown else [out], now)


@blueprint.post("/batches")
def act() -> Response:
    """Act on everything that was collected: hand it out, or bring it back."""
    form, now = request.form, situation(request.form)
    done = done_by(_id(), now)
    return done or act_on(_id(), now, form.get("act", ""), form.get("to", ""))


def act_on(action_id: str, now: Situation, act: str, to: str) -> Response:
    """Write what acting on the list means, or show what stands in the way until it is resolved."""
    ctx, resolve = current_context(), bool(request.form.get("resolve"))
    receiver = chosen(to)
    if act == "check_out" and receiver is not None:
        batch = scanning.hand_out(ctx, now.many, receiver, resolve=resolve)
    elif act == "check_in":
        is_place = receiver is not None and receiver.kind is Kind.LOCATION
        batch = scanning.bring_back(ctx, now.many, receiver if is_place else None)
    else:
        return refused(now, {"message": "Choose what to do with the list."})
    if resolve and not batch.operations:
        return show(stage_of(replace(now, many=())))
    if not batch.operations or (batch.blockers and not resolve):
        return render(replace(stage_of(now), batch=batch), 422)
    return record(action_id, batch.operations, now)


def _from_history(raws: list[dict[str, Any]], notice: str) -> Response:
    """Record, and show the page again that was looked at, with a sentence."""
    outcomes = operations.perform(current_context(), _id(), raws) if raws else []
    refusals = [outcome.error["message"] for outcome in outcomes if outcome.error]
    sentence = (refusals or [notice if raws else "Nothing to take back."])[0]
    done = bool(raws) and not refusals
    return htmx.see_other(local_path(request.form["back"]), sentence, done=done)


def _id() -> str:
    return parse_id(request.form.get("id"))
