"""Taps on the scan screen that are no scan: undo, an answer, a hand-over, acting on a list."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from stockscan.domain.codes import Kind
from stockscan.domain.operations import ids_of, parse_id
from stockscan.services import operations, scanning
from stockscan.services.operations import Outcome
from stockscan.services.scanning import Batch, Situation
from stockscan.web import htmx
from stockscan.web.scan.doing import done_by, record
from stockscan.web.scan.stage import blueprint, chosen, my_code, render, situation, stage_of
from stockscan.web.security import current_context, local_path


@blueprint.post("/operations/<action>/reversal")
def reverse(action: str) -> Response:
    """Take back all that was recorded by an action, newest first, from a screen or a history."""
    raws = [{"kind": "reverse", "operation": one} for one in reversed(ids_of(action))]
    return _answered(raws, "Taken back.")


@blueprint.post("/operations/<operation_id>/answer")
def answer(operation_id: str) -> Response:
    """Answer "before or after the count?"."""
    side = "before_count" if request.form.get("side") == "before" else "after_count"
    raw = {"kind": "retime", "operation": operation_id, side: request.form.get("line")}
    return _answered([raw], "Noted.")


@blueprint.post("/handovers")
def hand_over() -> Response:
    """ "I have it now": back from whoever had it, and out to the person who is named."""
    form = request.form
    back = {"kind": "check_in", "asset": form.get("asset")}
    out = {
        "kind": "check_out",
        "asset": form.get("asset"),
        "to_person": form.get("to") or my_code(),
    }
    return record(_id(), [back, out], Situation(situation(form).mode, on=form.get("asset", "")))


@blueprint.post("/batches")
def act() -> Response:
    """Act on everything that was collected: hand it out, or bring it back."""
    form, now = request.form, situation(request.form)
    known = done_by(_id(), now)
    return known or carry_out(planned(now, form.get("to", ""), form.get("act", "")), now)


def planned(now: Situation, to: str, act: str) -> Batch:
    """What acting on the list would do; `resolve` in the form says to resolve what blocks it."""
    ctx, resolve = current_context(), bool(request.form.get("resolve"))
    receiver = chosen(to)
    if act == "check_out" and receiver is not None:
        return scanning.hand_out(ctx, now.many, receiver, resolve=resolve)
    place = receiver if receiver is not None and receiver.kind is Kind.LOCATION else None
    return scanning.bring_back(ctx, now.many, place)


def carry_out(batch: Batch, now: Situation) -> Response:
    """Write what the list means, or show what stands in the way until it was resolved."""
    if not batch.operations or (batch.blockers and not request.form.get("resolve")):
        return render(replace(stage_of(now), batch=batch), 422)
    after = Situation(now.mode)
    return record(_id(), batch.operations, after)


def _answered(raws: list[dict[str, Any]], notice: str) -> Response:
    """Record from a history, which is shown again with a sentence, or from the scan screen."""
    form = request.form
    if not form.get("back"):
        now = situation(form)
        return record(_id(), raws, Situation(now.mode, on=now.on, many=now.many))
    outcomes: list[Outcome] = operations.perform(current_context(), _id(), raws)
    refusals = [outcome.error["message"] for outcome in outcomes if outcome.error]
    return htmx.see_other(local_path(form["back"]), refusals[0] if refusals else notice)


def _id() -> str:
    return parse_id(request.form.get("id"))
