"""What each kind of error answers: one table of status codes, one page, one JSON form."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from stockscan.domain.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RuleBroken,
    StockScanError,
    TooLarge,
    TooMany,
)
from stockscan.web import htmx
from stockscan.web.headers import request_id

STATUS: Final[dict[type[StockScanError], int]] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Invalid: 422,
    RuleBroken: 422,
    TooMany: 429,
}

# Of what kind a rejected operation's error was, by its code; all others are `Invalid`.
_KINDS: Final[dict[str, type[StockScanError]]] = {
    **{kind.code: kind for kind in STATUS},
    "id_reused": Conflict,
    "taken": Conflict,
    "contradiction": Conflict,
    "outside_places": NotAllowed,
}

# What a person reads, instead of the words of the protocol.
SENTENCES: Final = {
    400: "The server could not read this request. Go back and try again.",
    403: "This page is too old to be sent. Load it again and repeat the last step.",
    404: "There is no page here. Scan the code again, or search by name.",
    405: "This address takes no such request. Go back and use the button.",
    413: "That is more than StockScan takes at once. Send less.",
    500: "Something went wrong here, not with you. Nothing was changed; try again.",
    503: "The database does not answer. Try again in a minute.",
}
HEADINGS: Final = {
    401: "Sign in",
    403: "Not allowed",
    404: "Not found",
    409: "Changed meanwhile",
    422: "Not possible",
    429: "Wait a little",
}


def init_app(app: Flask) -> None:
    """Answer every error in the form that the client asked for."""
    app.register_error_handler(StockScanError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)


def status_of(error: StockScanError) -> int:
    """The status code of an error's kind, the nearest kind that the table knows."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def body_of(error: StockScanError) -> dict[str, Any]:
    """An error as the API shows it: code, message, the field at fault, and details."""
    body = {"code": error.code, "message": error.message, "field": error.field, **error.details}
    return {name: value for name, value in body.items() if value is not None}


def refusal(error: Mapping[str, Any] | None) -> StockScanError:
    """The error behind a rejected operation, to be raised where the whole request is that one."""
    details = dict(error or {})
    code, message = details.pop("code", None), details.pop("message", None)
    return _KINDS.get(code or "", Invalid)(message, code=code, **details)


def wants_json() -> bool:
    """Whether this request is the API's."""
    return request.path.startswith("/api/")


def _domain_error(error: StockScanError) -> Response:
    response = _answer(status_of(error), body_of(error))
    if isinstance(error, TooMany) and "wait_s" in error.details:
        response.headers["Retry-After"] = str(error.details["wait_s"])
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        current_app.logger.error("request %s failed: %s", request_id(), request.path)
    status = 403 if isinstance(error, CSRFError) else error.code
    message = SENTENCES.get(status, error.description or "")
    code = "csrf" if isinstance(error, CSRFError) else error.name.lower().replace(" ", "_")
    response = _answer(status, {"code": code, "message": message})
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _answer(status: int, body: dict[str, Any]) -> Response:
    if wants_json():
        return make_response(jsonify(error={**body, "request_id": request_id()}), status)
    if htmx.wants_fragment():
        return htmx.say(body["message"], status)
    heading = HEADINGS.get(status, "Not done" if status < 500 else "Not working")
    values = {"heading": heading, "message": body["message"], "request_id": request_id()}
    return make_response(render_template("error.html", **values), status)
