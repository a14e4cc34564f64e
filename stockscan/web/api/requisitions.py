"""Requisitions over JSON: what is to be bought, and what has come of it."""

from flask import Blueprint, Response, jsonify, request

from stockscan.services import purchasing
from stockscan.web.api.bodies import listed, page_limit, whole_number
from stockscan.web.security import current_context

blueprint = Blueprint("requisitions", __name__)

_LARGEST = 2**31 - 1


@blueprint.get("/requisitions")
def index() -> Response:
    """Requisitions, the newest first; `state` narrows them, `q` looks for parts and suppliers."""
    state, text = request.args.get("state", "open"), request.args.get("q", "")
    after = whole_number("after", _LARGEST, 1, _LARGEST)
    rows, following = purchasing.requisitions_json(
        current_context(), state, text, after, page_limit()
    )
    return listed("requisitions", rows, following)


@blueprint.get("/requisitions/<ref>")
def show(ref: str) -> Response:
    """One requisition (R-7 or 7) with its lines."""
    page = purchasing.requisition_page(current_context(), ref)
    return jsonify(purchasing.requisition_json(page))
