"""What the server could not simply take: a list with what to do, and the two ways to settle it."""

from flask import Blueprint, Response, request

from stockscan.domain.errors import Conflict, Invalid, NotFound, RuleBroken
from stockscan.domain.operations import parse_id
from stockscan.services import operations
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("attention", __name__)


@blueprint.get("/attention")
def index() -> Response:
    """Everything that waits for a person: all of it for those who decide, else one's own."""
    ctx = current_context()
    waiting = operations.waiting(ctx)
    return htmx.render("home/attention.html", "waiting", waiting=waiting, new_id=ctx.new_id)


@blueprint.post("/attention/<operation_id>/retry")
def retry(operation_id: str) -> Response:
    """Take it after all, where what stood in its way is gone, or the missing lot is said."""
    missing = {name: request.form[name] for name in ("lot", "serial") if request.form.get(name)}
    outcome = operations.try_again(current_context(), parse_id(operation_id), missing)
    if outcome.error:
        return htmx.see_other("/attention", f"Not taken. {outcome.error['message']}", done=False)
    return htmx.see_other("/attention", "Taken. It is in the books now.")


@blueprint.post("/attention/<operation_id>/handover")
def hand_over(operation_id: str) -> Response:
    """It went on from hand to hand: back from the one who was shown, and out as was said."""
    form, identity = request.form, parse_id(operation_id)
    action, shown = parse_id(form.get("id")), form.get("from", "")
    try:
        operations.hand_over(current_context(), identity, action, shown)
    except (Conflict, Invalid, NotFound, RuleBroken) as refused:
        return htmx.see_other("/attention", f"Nothing was done. {refused.message}", done=False)
    return htmx.see_other("/attention", "Handed over. It is in the books now.")


@blueprint.post("/attention/<operation_id>/dismissal")
def dismiss(operation_id: str) -> Response:
    """Settle it by doing nothing."""
    operations.dismiss(current_context(), parse_id(operation_id))
    return htmx.see_other("/attention", "Settled. Nothing was booked.")
