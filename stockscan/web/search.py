"""Finding a thing from any page: by its exact code at once, else by what it is called."""

from flask import Blueprint, Response, request

from stockscan.domain.errors import Invalid
from stockscan.services import search
from stockscan.store.scanning import Found
from stockscan.web import htmx
from stockscan.web.security import current_context
from stockscan.web.urls import thing_path

blueprint = Blueprint("search", __name__)


@blueprint.get("/find")
def find() -> Response:
    """The page of the thing that was typed or scanned, or everything that is called like it."""
    text = request.args.get("q", "")
    exact = _exactly(text)
    if exact is not None:
        return htmx.see_other(thing_path(exact.kind, exact.code))
    hits = [(hit, thing_path(hit.kind, hit.code)) for hit in search.search(current_context(), text)]
    return htmx.render("labels/find.html", "main", hits=hits, text=text)


def _exactly(text: str) -> Found | None:
    try:
        return search.exactly(current_context(), text)
    except Invalid:
        return None
