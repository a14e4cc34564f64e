"""Unknown codes: the list of what was scanned in vain, and linking one of them to a thing."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from stockscan.domain.access import Permission, require
from stockscan.services import operations, search, unknown
from stockscan.services.operations import Outcome
from stockscan.web import htmx
from stockscan.web.creating import operate
from stockscan.web.security import current_context

blueprint = Blueprint("unknown", __name__)

LARGEST_CURSOR = 2**63


@blueprint.get("/unknown")
def index() -> Response:
    """Codes that stand for nothing, newest first; `done` is the link that was just made."""
    ctx = current_context()
    page = unknown.unknown_codes(ctx, before=_cursor())
    done = operations.of_action(ctx, request.args.get("done", ""))
    return htmx.render("unknown/unknown.html", "main", page=page, done=done, new_id=ctx.new_id)


@blueprint.get("/unknown/links")
def choose() -> Response:
    """What one code could stand for: found by name, or made new."""
    if not request.args.get("text", "").strip():
        return htmx.see_other("/unknown")
    ctx, text = current_context(), request.args.get("q", "").strip()
    pending = unknown.pending(ctx, request.args.get("text", ""))
    found = {"text": text, "hits": search.search(ctx, text)}
    return htmx.render(
        "unknown/links.html", "main", 200, pending=pending, new_id=ctx.new_id, **found
    )


@blueprint.post("/unknown/links")
def link() -> Response:
    """Let a code stand for a thing: a blank label is claimed, any other text linked."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    text, thing = request.form.get("text", ""), request.form.get("thing", "")
    outcome = _link(text, thing)
    if outcome.done:
        return htmx.see_other(f"/unknown?{urlencode({'done': outcome.id})}")
    again = "/unknown/links?" + urlencode({"text": text})
    return htmx.see_other(again, outcome.message, done=False)


def _link(text: str, thing: str) -> Outcome:
    if unknown.pending(current_context(), text).is_blank:
        return operate("claim", label=text, thing=thing)
    return operate("link", text=text, thing=thing)


def _cursor() -> int | None:
    before = request.args.get("before", type=int)
    return before if before is not None and 0 < before < LARGEST_CURSOR else None
