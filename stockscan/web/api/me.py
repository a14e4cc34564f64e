"""For whom a browser acts just now, and the token that its writes must carry."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_wtf.csrf import generate_csrf

from stockscan.domain.access import GRANTS, Permission, require
from stockscan.domain.operations import seen_token
from stockscan.services.access import SignedIn
from stockscan.web.security import current_context, who

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
def me() -> Response:
    """Who is signed in and may do what; a page that was opened long ago asks before it sends."""
    ctx = current_context()
    require(ctx.actor, Permission.READ)
    person = who()
    assert person is not None
    return jsonify(
        person=described(person), csrf_token=generate_csrf(), seen=seen_token(ctx.now_us)
    )


def described(person: SignedIn) -> dict[str, Any]:
    """A person as their own browser keeps them, to go on without the server."""
    actor = person.actor
    granted = sorted(permission.value for permission in GRANTS[actor.role])
    return {"code": person.code, "name": actor.name, "role": actor.role.value, "may": granted}
