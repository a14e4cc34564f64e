"""Counts over JSON: open one, read it, submit what was counted, post what was decided, cancel."""

import re
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, request

from stockscan.domain.access import Permission
from stockscan.domain.counts import SessionState
from stockscan.domain.counts.asking import Asked
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MILLI, parse_scaled
from stockscan.services import counts
from stockscan.store.once import Once
from stockscan.web.api.bodies import (
    LARGEST_PAGE,
    Malformed,
    listed,
    once,
    page_limit,
    read_object,
    well_formed,
    whole_number,
)
from stockscan.web.security import current_context

blueprint = Blueprint("counts", __name__)

_LINE: Final = re.compile(r"[0-9]{1,18}")
_MOST_LINES: Final = 10_000
_LARGEST_ID: Final = 2**63 - 1
_LARGEST_NUMBER: Final = 2**31 - 1


@blueprint.get("/counts")
def index() -> Response:
    """Planned counts, the newest first; `state` may be said several times."""
    states = request.args.getlist("state")
    if not set(SessionState).issuperset(states):
        raise Malformed(f"state must be one of {', '.join(SessionState)}.", field="state")
    after = whole_number("after", _LARGEST_NUMBER, 1, _LARGEST_NUMBER)
    ctx = current_context()
    rows, following = counts.list_counts(ctx, after=after, limit=page_limit(), states=states)
    return listed("counts", rows, following)


@blueprint.post("/counts")
def open_one() -> Response:
    """Open a count: 201 with its lines; the same id with the same body answers the same."""
    ctx, body = current_context(), well_formed(read_object())
    named = once(body) or Once(ctx.new_id(), body)
    opened = counts.open_asked(ctx, named, Asked.from_json(body))
    shown = counts.read_count(ctx, opened.id, limit=LARGEST_PAGE)
    return make_response(jsonify({**shown, "left_out": opened.left_out}), 201)


@blueprint.get("/counts/<count_id>")
def show(count_id: str) -> Response:
    """One count with a page of its lines."""
    limit = whole_number("limit", LARGEST_PAGE, 1, LARGEST_PAGE)
    after = whole_number("after", 0, 0, _LARGEST_ID)
    return jsonify(counts.read_count(current_context(), count_id, after=after, limit=limit))


@blueprint.post("/counts/<count_id>/submission")
def submit(count_id: str) -> Response:
    """Submit the whole count, or (`mine`, and who may not plan counts) what one counted oneself."""
    ctx, body = current_context(), _body()
    plans = ctx.actor is not None and ctx.actor.may(Permission.COUNT_PLAN)
    mine = _flag(body, "mine", usual=not plans)
    return jsonify(counts.submit(ctx, count_id, mine=mine))


@blueprint.post("/counts/<count_id>/posting")
def post(count_id: str) -> Response:
    """Post lines of a count; a repetition answers the same and changes nothing."""
    body = _body()
    done = counts.post(
        current_context(),
        count_id,
        line_ids=_lines(body.get("lines")),
        approve=body.get("approve") is True,
        seen=_seen(body.get("seen")),
    )
    return jsonify(done)


@blueprint.post("/counts/<count_id>/cancellation")
def cancel(count_id: str) -> Response:
    """Call a count off; a repetition answers the same and changes nothing."""
    return jsonify(counts.cancel(current_context(), count_id))


def _body() -> dict[str, Any]:
    """The JSON object of the request; none was sent is an empty one."""
    return read_object() if request.get_data(cache=True) else {}


def _flag(body: dict[str, Any], name: str, *, usual: bool) -> bool:
    flag = body.get(name, usual)
    if not isinstance(flag, bool):
        raise Malformed(f"{name} must be true or false.", field=name)
    return flag


def _lines(raw: Any) -> list[int] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(
        type(line) is int and 0 < line <= _LARGEST_ID for line in raw
    ):
        raise Malformed("lines must be a list of line ids.", field="lines")
    if len(raw) > _MOST_LINES:
        raise Malformed(f"Name at most {_MOST_LINES} lines at once.", field="lines")
    return raw


def _seen(raw: Any) -> dict[int, int]:
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(_LINE.fullmatch(line) for line in raw):
        raise Malformed("seen must be an object of line id and variance.", field="seen")
    try:
        return {
            int(line): parse_scaled(variance, scale=MILLI, field="seen")
            for line, variance in raw.items()
        }
    except Invalid as error:
        raise Malformed(error.message, field="seen") from None
