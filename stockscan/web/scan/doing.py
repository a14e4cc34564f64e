"""Recording what a scan or a tap means, once, and showing what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response

from stockscan.domain.operations import derived_id
from stockscan.services import operations
from stockscan.services.scanning import MOST_COLLECTED, Situation
from stockscan.web.scan.stage import refused, render, show, stage_of
from stockscan.web.security import current_context


def record(
    action_id: str,
    raws: Sequence[dict[str, Any]],
    after: Situation,
    now: Situation | None = None,
    raw: str = "",
) -> Response:
    """Apply the operations of one action and show the result; `after` is what the next scan meets.

    What was refused is told: alone it is the answer, and all is as it was (`now`); among others it
    is a warning.
    """
    outcomes = operations.perform(current_context(), action_id, raws)
    refusals = [outcome.error or {} for outcome in outcomes if outcome.status == "rejected"]
    if len(refusals) == len(outcomes):
        return refused(now or after, refusals[0] if refusals else {}, raw)
    token = action_id if len(raws) == 1 else f"{action_id}*{len(raws)}"
    stage = stage_of(replace(after, done=f"{after.done}.{token}" if after.done else token))
    return render(replace(stage, refusals=tuple(refusals))) if refusals else show(stage)


def done_by(action_id: str, now: Situation) -> Response | None:
    """The result of an action that was sent before, None for a new one."""
    ctx = current_context()
    first = [action_id, derived_id(action_id, 0), derived_id(action_id, 1)]
    known = operations.find_all(ctx, first)
    if not known:
        return None
    token = action_id if known[0].id == action_id else f"{action_id}*{2 * MOST_COLLECTED}"
    after = Situation(now.mode, on=now.on, done=token)
    return show(stage_of(after))
