"""The ledger as a feed: every movement once, ascending, none ever missing."""

from flask import Blueprint, Response, jsonify

from stockscan.services import feed
from stockscan.web.api.bodies import page_limit, whole_number
from stockscan.web.security import current_context

blueprint = Blueprint("movements", __name__)


@blueprint.get("/movements")
def list_movements() -> Response:
    """Movements after a sequence number; `next` is the number to go on from, always.

    While somebody counts a part blind, their feed waits before its next movement.
    """
    after = whole_number("after", 0, 0, 2**63 - 1)
    rows = feed.movements(current_context(), after=after, limit=page_limit())
    return jsonify(movements=rows, next=rows[-1]["seq"] if rows else after)
