"""The digest: what waits, on one page; and who gets which of it by e-mail."""

from flask import Blueprint, Response, request

from stockscan.services import digests
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("digests", __name__)


@blueprint.get("/digest")
def show() -> Response:
    """What is low, late, short, due or ending today."""
    ctx = current_context()
    return htmx.render("digests/digest.html", "main", sections=digests.digest(ctx), today=ctx.today)


@blueprint.post("/profile/digests")
def choose() -> Response:
    """Choose which of it comes by e-mail."""
    kinds, weekly = request.form.getlist("kinds"), request.form.get("every") == "week"
    digests.choose(current_context(), kinds, weekly=weekly)
    words = "Your digests are chosen." if kinds else "You get no digests any more."
    return htmx.see_other("/profile", words)
