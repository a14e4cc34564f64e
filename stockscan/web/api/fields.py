"""The company's own fields for programs: which there are, making and changing one."""

from flask import Blueprint, Response, jsonify

from stockscan.services import fields
from stockscan.web.api.bodies import change, make, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("fields", __name__)


@blueprint.get("/fields")
def list_fields() -> Response:
    """All fields in their order, of assets and of parts, the retired ones too."""
    found = fields.every(current_context())
    return jsonify(fields=[fields.field_json(each) for of in found.values() for each in of])


@blueprint.post("/fields")
def add_field() -> Response:
    """Add a field."""
    return make("create_field", read_object())


@blueprint.post("/fields/<int:number>")
def edit_field(number: int) -> Response:
    """Change a field, or retire it."""
    return change("edit_field", {**read_object(), "field": number})
