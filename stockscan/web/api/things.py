"""Assets, parts, places, models and people: read one, read a list, make one."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from stockscan.services import assets, locations, models, parts, people
from stockscan.web.api.bodies import change, listed, make, page_limit, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("things", __name__)

_ASSET_FILTERS = ("show", "model", "category", "place", "person", "condition", "sort")


@blueprint.get("/assets")
def list_assets() -> Response:
    """Assets by tag, or as `sort` says; the filters are those of the page."""
    asked = {name: request.args[name] for name in _ASSET_FILTERS if request.args.get(name)}
    page = assets.asset_list(
        current_context(),
        **asked,
        text=request.args.get("q", ""),
        after=request.args.get("after", ""),
        limit=page_limit(),
    )
    return listed("assets", [assets.line_json(row) for row in page.rows], page.next)


@blueprint.get("/assets/<path:ref>")
def show_asset(ref: str) -> Response:
    """One asset with its custodian, its costs and its timeline."""
    return jsonify(_asset(ref))


@blueprint.post("/assets")
def add_asset() -> Response:
    """Bring a new asset into the books."""
    return make("create_asset", read_object(), _asset)


@blueprint.post("/assets/<path:ref>")
def edit_asset(ref: str) -> Response:
    """Change what the books say about an asset."""
    return change("edit_asset", {**read_object(), "asset": ref}, _asset)


@blueprint.get("/parts")
def list_parts() -> Response:
    """Parts by part number; `low=1` are those at or below their reorder point."""
    asked = request.args
    page = parts.part_list(
        current_context(),
        show="low" if asked.get("low") == "1" else "all",
        text=asked.get("q", ""),
        after=asked.get("after", ""),
        limit=page_limit(),
    )
    return listed("parts", [parts.line_json(row) for row in page.rows], page.next)


@blueprint.get("/parts/<path:ref>")
def show_part(ref: str) -> Response:
    """One part with its balances."""
    return jsonify(_part(ref))


@blueprint.post("/parts")
def add_part() -> Response:
    """Bring a new part into the books."""
    return make("create_part", read_object(), _part)


@blueprint.post("/parts/<path:ref>")
def edit_part(ref: str) -> Response:
    """Change what the books say about a part."""
    return change("edit_part", {**read_object(), "part": ref}, _part)


@blueprint.get("/locations")
def list_locations() -> Response:
    """Places by name."""
    asked = request.args
    page = locations.location_list(
        current_context(),
        kind=asked.get("kind", ""),
        text=asked.get("q", ""),
        after=asked.get("after", ""),
        limit=page_limit(),
    )
    return listed("locations", [locations.line_json(row) for row in page.rows], page.next)


@blueprint.get("/locations/<path:ref>")
def show_location(ref: str) -> Response:
    """One place with what lies and stands in it."""
    return jsonify(_location(ref))


@blueprint.post("/locations")
def add_location() -> Response:
    """Set up a place. Its `kind` is what the operation calls the kind of place."""
    values = read_object()
    values["kind_of_place"] = values.pop("kind", None)
    return make("create_location", values, _location)


@blueprint.post("/locations/<path:ref>")
def edit_location(ref: str) -> Response:
    """Change what the books say about a place."""
    values = read_object()
    if "kind" in values:
        values["kind_of_place"] = values.pop("kind")
    return change("edit_location", {**values, "location": ref}, _location)


@blueprint.get("/models")
def list_models() -> Response:
    """Every model, by name."""
    rows = models.model_list(current_context())
    return listed("models", [models.line_json(row) for row in rows], None)


@blueprint.get("/models/<path:ref>")
def show_model(ref: str) -> Response:
    """One model with its usual parts."""
    return jsonify(models.model_json(models.model_page(current_context(), ref)))


@blueprint.post("/models")
def add_model() -> Response:
    """Add a model."""
    return make("create_model", read_object())


@blueprint.post("/models/<path:ref>")
def edit_model(ref: str) -> Response:
    """Change what the books say about a model."""
    return change("edit_model", {**read_object(), "model": ref})


@blueprint.get("/people")
def list_people() -> Response:
    """People by name."""
    page = people.people(current_context(), request.args.get("after"))
    return listed("people", [people.person_json(row) for row in page.people], page.after)


@blueprint.get("/people/<path:ref>")
def show_person(ref: str) -> Response:
    """One person with the assets that they have."""
    page = people.person(current_context(), ref)
    held = [{"code": row.code, "tag": row.tag, "name": row.name} for row in page.held]
    return jsonify({**people.person_json(page.person), "assets": held})


@blueprint.post("/people")
def add_person() -> Response:
    """Add a person, who cannot sign in yet."""
    return make("create_person", read_object())


@blueprint.post("/people/<path:ref>")
def edit_person(ref: str) -> Response:
    """Change what the books say about a person."""
    return change("edit_person", {**read_object(), "person": ref})


def _asset(ref: str) -> dict[str, Any]:
    return assets.asset_json(assets.asset_page(current_context(), ref))


def _part(ref: str) -> dict[str, Any]:
    return parts.part_json(parts.part_page(current_context(), ref))


def _location(ref: str) -> dict[str, Any]:
    return locations.location_json(locations.location_page(current_context(), ref))
