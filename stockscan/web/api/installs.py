"""Parts in machines over JSON: what belongs in one, and what is in it."""

from flask import Blueprint, Response, jsonify

from stockscan.services import installs
from stockscan.web.security import current_context

blueprint = Blueprint("installs", __name__)


@blueprint.get("/assets/<ref>/parts")
def asset_parts(ref: str) -> Response:
    """The parts list of an asset, and its installed base."""
    return jsonify(installs.asset_parts_json(installs.asset_parts(current_context(), ref)))
