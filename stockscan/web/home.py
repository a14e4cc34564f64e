"""The first page of each role."""

from datetime import datetime

from flask import Blueprint, Response

from stockscan.services.home import home
from stockscan.web import htmx, security
from stockscan.web.security import current_context

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> Response:
    """What I have, what waits, what runs low, what I did last."""
    page = home(current_context())
    today = datetime.now().astimezone().date()
    hidden = security.kept_choice("first-steps") == "hidden"
    steps = None if hidden else page.steps
    return htmx.render("home/home.html", "main", home=page, steps=steps, today=today)
