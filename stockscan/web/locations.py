"""Places: the list, the page of one, a new one."""

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField

from stockscan.domain.access import Permission, require
from stockscan.services import locations
from stockscan.web import htmx
from stockscan.web.creating import ThingForm, create, name_field
from stockscan.web.security import current_context

blueprint = Blueprint("locations", __name__)

KINDS = {"bin": "Bins", "area": "Areas", "site": "Sites"}


class LocationForm(ThingForm):
    """A new place."""

    name = name_field("Name")
    kind_of_place = SelectField(
        "What it is",
        choices={"bin": "Bin or shelf", "area": "Area", "site": "Site"},
    )
    parent = StringField("Inside of")


@blueprint.get("/locations")
def index() -> Response:
    """Places by name: all of them, or one kind."""
    asked = request.args
    kind = asked.get("kind", "")
    kind, text = kind if kind in KINDS else "", asked.get("q", "").strip()
    page = locations.location_list(
        current_context(), kind=kind, text=text, after=asked.get("after", "")
    )
    return htmx.render(
        "locations/locations.html", "main", page=page, kind=kind, kinds=KINDS, text=text
    )


@blueprint.get("/locations/new")
def new() -> Response:
    """The form for a new place."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return htmx.render("locations/new.html", "main", form=LocationForm(request.args))


@blueprint.post("/locations")
def add() -> Response:
    """Set up a place."""
    form = LocationForm()
    made = create(form, "create_location")
    if made is None:
        return htmx.render("locations/new.html", "main", 422, form=form)
    return htmx.see_other(f"/locations/{made['code']}", f"{made['name']} is set up.")


@blueprint.get("/locations/<ref>")
def show(ref: str) -> Response:
    """One place: what lies in it, which assets stand there, how things moved."""
    ctx = current_context()
    page = locations.location_page(ctx, ref)
    return htmx.render("locations/location.html", "main", page=page, new_id=ctx.new_id)
