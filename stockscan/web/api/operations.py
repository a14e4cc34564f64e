"""Operations over JSON: up to 500 at once, in order, each applied exactly once."""

from flask import Blueprint, Response, jsonify

from stockscan.domain.operations import seen_token
from stockscan.services import operations, sync
from stockscan.web.api.bodies import Malformed, insist_on_person, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("operations", __name__)


@blueprint.post("/operations")
def apply() -> Response:
    """Apply the operations of the body; `seen` is to be kept and sent with later ones.

    A phone that many use says in `person` by whom they were captured: nobody else may send them.
    """
    ctx, body = current_context(), read_object()
    insist_on_person(body)
    raws = body.get("operations")
    if not isinstance(raws, list):
        raise Malformed("operations must be a list.", field="operations")
    outcomes = operations.apply_all(ctx, raws)
    return jsonify(
        results=[outcome.json() for outcome in outcomes],
        seen=seen_token(ctx.now_us),
        epoch=sync.epoch(ctx),
    )
