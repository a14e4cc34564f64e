"""The JSON API: one blueprint, made of one file for each group of resources.

Errors answer in JSON by the table of web/errors.py, which knows the API by its address.
"""

from flask import Blueprint, Response, jsonify, make_response

from stockscan.web.api import (
    counts,
    fields,
    files,
    installs,
    jobs,
    labels,
    me,
    movements,
    openapi,
    operations,
    requisitions,
    scanning,
    sync,
    things,
)
from stockscan.web.api.bodies import Malformed
from stockscan.web.errors import body_of

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

for part in (
    counts,
    fields,
    files,
    installs,
    jobs,
    labels,
    me,
    movements,
    openapi,
    operations,
    requisitions,
    scanning,
    sync,
    things,
):
    blueprint.register_blueprint(part.blueprint)


@blueprint.errorhandler(Malformed)
def malformed(error: Malformed) -> Response:
    """A request that can't be read is a 400, a value that can't be used a 422."""
    return make_response(jsonify(error=body_of(error)), 400)
