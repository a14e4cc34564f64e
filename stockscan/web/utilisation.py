"""The page of what stands idle and what is always out."""

from flask import Blueprint, Response, request

from stockscan.services import utilisation
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("utilisation", __name__)


@blueprint.get("/assets/utilisation")
def index() -> Response:
    """Assets by how long they were out, the idle or the busy ones first."""
    days = request.args.get("days", 90, type=int)
    order = request.args.get("sort", "idle")
    page = utilisation.usage(current_context(), days, order)
    return htmx.render(
        "assets/utilisation.html", "main", page=page, days=days, order=order,
        periods=utilisation.PERIODS,
    )  # fmt: skip
