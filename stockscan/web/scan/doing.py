"""Recording what a scan or a tap means, once, and showing what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from stockscan.domain.operations import derived_id, ids_of
from stockscan.services import operations
from stockscan.services.scanning import Situation, after_doing
from stockscan.store.operations import Recorded
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
    outcomes = operations.perform(current_context(), action_id, raws)
    if outcomes[0].status == "rejected":
        return refused(now, outcomes[0].error or {}, raw)
    action = action_id if len(raws) == 1 else f"{action_id}*{len(raws)}"
    found = operations.find_all(current_context(), ids_of(action))
    return _done(now, found, action, goes_on=goes_on)


def done_by(action_id: str, now: Situation, *, goes_on: bool = False) -> Response | None:
    """The result of an action that was sent before, None for a new one."""
    ctx = current_context()
    found = operations.find_all(ctx, [action_id, derived_id(action_id, 0)])
    if not found:
        return None
    if found[0].id == action_id:
        return _done(now, found, action_id, goes_on=goes_on)
    everything = operations.find_all(ctx, ids_of(f"{action_id}*999"))
    return _done(now, everything, f"{action_id}*{len(everything)}", goes_on=goes_on)


def _done(now: Situation, found: list[Recorded], action: str, *, goes_on: bool) -> Response:
    whole = f"{now.done}.{action}" if goes_on and now.done else action
    return show(stage_of(after_doing(now, found, whole)))
