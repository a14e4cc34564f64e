"""Everything that knows htmx: a page or just its block, redirects, and the out-of-band regions."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block

PARTIAL = "partial"


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page and not for all of it."""
    return request.headers.get("HX-Request-Type") == PARTIAL


def render(template: str, block: str, status: int = 200, **values: Any) -> Response:
    """The whole page, or only its block (and the notices) when htmx asked for a fragment.

    The block carries the name of the element that it fills. What a block imports, it imports
    inside itself: imports at the top of a page are not run for a fragment.
    """
    if not wants_fragment():
        return make_response(render_template(template, **values), status)
    parts = [render_block(template, block, **values), render_block("base.html", "toast", oob=True)]
    return make_response("\n".join(parts), status)


def say(message: str, status: int) -> Response:
    """A fragment that changes nothing on the page and shows a sentence."""
    return make_response(render_block("base.html", "toast", oob=True, notice=message), status)


def see_other(path: str, notice: str = "", *, done: bool = True) -> Response:
    """A 303 to a page of ours, with a sentence to show there; the browser (or htmx) follows it.

    `done` tells whether the sentence says what was done or, in amber, why it was not.
    """
    if notice:
        flash(notice, "done" if done else "warn")
    return make_response(redirect(path, 303))


def leave_to(path: str) -> Response:
    """A 401 without a body that makes htmx open another page in place of this one."""
    return Response(status=401, headers={"HX-Redirect": path})


def current_page() -> str:
    """The local path of the page that the person looks at, for coming back to it."""
    if request.method in {"GET", "HEAD"} and not wants_fragment():
        return request.full_path.rstrip("?")
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "/")
    return f"{shown.path}?{shown.query}" if shown.query else shown.path or "/"
