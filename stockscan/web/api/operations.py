"""Operations over JSON: up to 500 at once, in order, each applied exactly once."""

from flask import Blueprint, Response, jsonify

from stockscan.domain.operations import seen_token
from stockscan.services import operations
from stockscan.web.api.bodies import Malformed, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("operations", __name__)


@blueprint.post("/operations")
def apply() -> Response:
    """Apply the operations of the body; `seen` is to be kept and sent with later ones."""
    ctx, raws = current_context(), read_object().get("operations")
    if not isinstance(raws, list):
        raise Malformed("operations must be a list.", field="operations")
    outcomes = operations.apply_all(ctx, raws)
    return jsonify(results=[outcome.json() for outcome in outcomes], seen=seen_token(ctx.now_us))
