"""Finding a thing from any page: by its exact code at once, else by what it is called."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from stockscan.domain.errors import Invalid
from stockscan.services import search
from stockscan.services.search import Finding
from stockscan.store.scanning import Found
from stockscan.web import htmx
from stockscan.web.security import current_context
from stockscan.web.urls import model_path, thing_path

blueprint = Blueprint("search", __name__)

# Of each kind; its list shows the rest.
SHOWN: Final = 10
_LISTS: Final = {"asset": "/assets", "part": "/parts", "location": "/locations",
                 "person": "/people", "model": "/models"}  # fmt: skip


@blueprint.get("/find")
def find() -> Response:
    """The page of the thing that was typed or scanned, or everything that is called like it."""
    text = request.args.get("q", "")
    exact = _exactly(text)
    if exact is not None:
        return htmx.see_other(thing_path(exact.kind, exact.code))
    return _page(text, search.find_everything(current_context(), text, limit=SHOWN))


def _page(text: str, finding: Finding) -> Response:
    groups = {kind: hits for kind, hits in finding.kinds.items() if hits}
    return htmx.render(
        "find/find.html",
        "main",
        text=text,
        finding=finding,
        groups=groups,
        shown=SHOWN,
        rest={kind: _list_path(kind, finding) for kind in groups},
        path_of=_path,
    )


def _exactly(text: str) -> Found | None:
    try:
        return search.exactly(current_context(), text)
    except Invalid:
        return None


def _path(kind: str, code: str) -> str:
    return model_path(code) if kind == "model" else thing_path(kind, code)


def _list_path(kind: str, finding: Finding) -> str:
    return f"{_LISTS[kind]}?{urlencode({'q': finding.text})}"
