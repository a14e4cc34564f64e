"""Recording what a scan or a tap means, once, and showing what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from stockscan.services import operations
from stockscan.services.scanning import Situation, after_doing
from stockscan.web.scan.onward import onward
from stockscan.web.scan.stage import refused, show, stage_of
from stockscan.web.security import current_context


def record(
    action_id: str,
    raws: Sequence[dict[str, Any]],
    now: Situation,
    raw: str = "",
    *,
    goes_on: bool = False,
) -> Response:
    """Apply the operations of one action, all or none, and show the result.

    Where they are refused all is as it was. `goes_on` tells that the action on the screen goes on,
    so that one Undo takes back both.
    """
    ctx, whole = current_context(), now.done if goes_on else ""
    outcomes = operations.perform(ctx, action_id, raws, part_of=whole)
    if outcomes[0].status == "rejected":
        return refused(now, outcomes[0].error or {}, raw)
    return show_done(now, whole or action_id)


def done_by(action_id: str, now: Situation) -> Response | None:
    """The result of an action that was sent before, None for a new one."""
    ctx = current_context()
    known = operations.find(ctx, action_id)
    if known is not None:
        return show_done(now, known.action_id)
    return show_done(now, action_id) if operations.of_action(ctx, action_id) else None


def show_done(now: Situation, action_id: str) -> Response:
    """What became of an action; in a count the next part is asked for at once."""
    found = operations.of_action(current_context(), action_id)
    after = after_doing(now, found, action_id)
    return show(onward(after, found[-1]) if after.count else stage_of(after))
