"""Counts over JSON: read one, post what waits for review."""

from typing import Any

from flask import Blueprint, Response, jsonify

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MILLI, parse_scaled
from stockscan.services import counts
from stockscan.web.api.bodies import Malformed, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("counts", __name__)


@blueprint.get("/counts/<count_id>")
def show(count_id: str) -> Response:
    """One count with its lines."""
    return jsonify(counts.count_json(counts.count_page(current_context(), count_id)))


@blueprint.post("/counts/<count_id>/posting")
def post(count_id: str) -> Response:
    """Post lines of a count; a repetition answers the same and changes nothing."""
    body = read_object()
    done = counts.post(
        current_context(),
        count_id,
        line_ids=_lines(body.get("lines")),
        approve=body.get("approve") is True,
        seen=_seen(body.get("seen")),
    )
    return jsonify(done)


def _lines(raw: Any) -> list[int] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(type(line) is int for line in raw):
        raise Malformed("lines must be a list of line ids.", field="lines")
    return raw


def _seen(raw: Any) -> dict[int, int]:
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(str(line).isdecimal() for line in raw):
        raise Malformed("seen must be an object of line id and variance.", field="seen")
    try:
        return {
            int(line): parse_scaled(variance, scale=MILLI, field="seen")
            for line, variance in raw.items()
        }
    except Invalid as error:
        raise Malformed(error.message, field="seen") from None
