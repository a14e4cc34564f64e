"""What a scanned string stands for, and the scan log."""

from flask import Blueprint, Response, jsonify, make_response, request

from stockscan.domain.operations import seen_token
from stockscan.services import scanning
from stockscan.web.api.bodies import Malformed, insist_on_person, once, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("scanning", __name__)


@blueprint.get("/resolve")
def resolve() -> Response:
    """The thing behind a scanned string and what may be done with it; changes nothing."""
    ctx = current_context()
    found = scanning.look_up(ctx, request.args.get("code", ""))
    return jsonify({**found.json(), "seen": seen_token(ctx.now_us)})


@blueprint.post("/scans")
def keep() -> Response:
    """Keep a scan in the log, known or unknown, and answer what it stands for.

    `person` is by whom a phone that many use captured it: nobody else may send it.
    """
    body = read_object()
    insist_on_person(body)
    raw = body.get("code")
    if not isinstance(raw, str):
        raise Malformed("code must be the scanned text.", field="code")
    found = scanning.look_up(current_context(), raw)
    scanning.log(current_context(), found, once=once(body))
    return make_response(jsonify(found.json()), 201)
