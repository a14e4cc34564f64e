"""What goes in and out of the API: JSON objects, pages of lists, and the status of a refusal."""

import json
from collections.abc import Callable
from typing import Any, Final

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.operations import parse_id
from stockscan.services import operations
from stockscan.services.operations import Outcome
from stockscan.store.once import Once
from stockscan.web.security import current_context, who

# Reads the thing with this code as the API shows it.
Show = Callable[[str], dict[str, Any]]

LARGEST_PAGE: Final = 500
USUAL_PAGE: Final = 100

# The codes of refusals and their statuses; every other refusal is a 422.
STATUS: Final = {
    "malformed": 400,
    "unknown_kind": 400,
    "not_signed_in": 401,
    "not_allowed": 403,
    "outside_places": 403,
    "not_found": 404,
    "unknown_reference": 404,
    "unknown_job": 404,
    "unknown_work": 404,
    "conflict": 409,
    "id_reused": 409,
    "taken": 409,
    "too_large": 413,
}


def read_object() -> dict[str, Any]:
    """The JSON object of the request. Raises `Invalid` for anything else."""
    try:
        body = request.get_json()
    except (BadRequest, UnsupportedMediaType, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Malformed("Send a JSON object with Content-Type application/json.")
    return body


def well_formed(body: dict[str, Any]) -> dict[str, Any]:
    """The same body. Raises `Malformed` for half a character, which nothing can store."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("The body holds half a character. Send whole ones.") from None
    return body


def insist_on_person(body: dict[str, Any]) -> None:
    """Nobody else may send what a phone that many use captured for its `person`.

    Raises `Conflict` other_person; a body that names nobody is anybody's.
    """
    code, person = body.get("person"), who()
    if code is not None and (person is None or person.code != code):
        message = "Someone else is signed in here now. Whoever scanned these has to sign in."
        raise Conflict(message, code="other_person", field="person")


def once(body: dict[str, Any]) -> Once | None:
    """The id that makes a repetition harmless, with its body; None where the client gave none.

    Raises `Malformed` for what is no id.
    """
    if body.get("id") is None:
        return None
    try:
        return Once(parse_id(body["id"]), body)
    except Invalid as error:
        raise Malformed(error.message, field="id") from None


def page_limit() -> int:
    """How many rows the client asked for. Raises `Invalid` outside 1 to 500."""
    return whole_number("limit", USUAL_PAGE, 1, LARGEST_PAGE)


def whole_number(name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the query string. Raises `Malformed` for anything else."""
    raw = request.args.get(name, str(usual))
    if not raw.isdecimal() or len(raw) > 19 or not least <= int(raw) <= most:
        message = f"{name} must be a whole number from {least} to {most}."
        raise Malformed(message, field=name)
    return int(raw)


def listed(name: str, rows: list[dict[str, Any]], following: Any) -> Response:
    """One page of a list; `next` is what to send as `after` for the following one, or null."""
    return jsonify({name: rows, "next": following or None})


def make(kind: str, values: dict[str, Any], show: Show | None = None) -> Response:
    """201 with the new thing, the same thing again for the same id; or what was wrong.

    `show` reads it by its code; else it is what the operation says. Without an id of the client's
    own a repetition makes another thing.
    """
    ctx = current_context()
    values = {**well_formed(values), "id": values.get("id") or ctx.new_id()}
    return _answer(operations.create(ctx, kind, values), 201, show)


def change(kind: str, values: dict[str, Any], show: Show | None = None) -> Response:
    """200 with the thing as it is by now, the same thing again for the same id; see `make`."""
    ctx = current_context()
    values = {**well_formed(values), "id": values.get("id") or ctx.new_id()}
    return _answer(operations.edit(ctx, kind, values), 200, show)


def _answer(outcome: Outcome, status: int, show: Show | None) -> Response:
    if outcome.done and outcome.result is not None:
        told = show(outcome.result["code"]) if show else outcome.result
        return make_response(jsonify(told), status)
    error = {key: value for key, value in (outcome.error or {}).items() if value is not None}
    return make_response(jsonify(error=error), STATUS.get(error.get("code", ""), 422))


class Malformed(Invalid):
    """The server could not read this request."""

    code = "malformed"
