"""Export: the page that offers every list, and the files."""

import re
from typing import Final

from flask import Blueprint, Response, request, stream_with_context

from stockscan.services import exporting
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("exporting", __name__)

# The format that the ending of an address means.
_FORMATS: Final = {"csv": "csv", "zip": "csv", "xlsx": "xlsx", "json": "json"}


# What narrows the list pages, as their addresses call it; `q` is the text.
_FILTERS: Final = (
    "category", "class", "condition", "count", "from", "kind", "model", "part", "person", "place",
    "role", "show", "supplier", "to", "tracking",
)  # fmt: skip


@blueprint.get("/export")
def show() -> Response:
    """What can be exported, in which formats."""
    lists = exporting.choices(current_context())
    return htmx.render("exporting/export.html", "main", lists=lists, forms_of=exporting.forms_of)


@blueprint.route("/export/<what>.<ending>", methods=["GET", "POST"])
def download(what: str, ending: str) -> Response:
    """The file; POST changes nothing, it only holds more codes than an address can."""
    form = _FORMATS.get(ending, ending)
    made = exporting.export(current_context(), what, form, codes=_codes(), filters=_filters())
    answer = Response(stream_with_context(made.chunks), content_type=made.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _codes() -> list[str]:
    """The codes of the things that were ticked; none for all."""
    ticked = " ".join(request.values.getlist("codes"))
    return [code for code in re.split(r"[\s,]+", ticked) if code]


def _filters() -> dict[str, str]:
    asked = {name: request.values.get(name, "").strip() for name in _FILTERS}
    asked["text"] = request.values.get("q", "").strip()
    return {name: value for name, value in asked.items() if value}
