"""Places: the tree, the list, the page of one, new ones, and changing or moving one."""

from typing import Any

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services import locations
from stockscan.services.labels import log
from stockscan.services.work import Context
from stockscan.store.catalogue.locations import LocationRow
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, ThingForm, create, name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.listing import answer, read_listing
from stockscan.web.security import current_context

blueprint = Blueprint("locations", __name__)

KINDS = {"bin": "Bins", "area": "Areas", "site": "Sites"}


class LocationFields(OperationForm):
    """What the books say about a place, for a new one and for one that is changed."""

    name = name_field("Name")
    kind_of_place = SelectField(
        "What it is",
        choices={"bin": "Bin or shelf", "area": "Area", "site": "Site"},
    )
    parent = StringField("Inside of")
    notes = TextAreaField("Notes")
    count_interval_days = StringField("Count every (days)")


class LocationForm(ThingForm, LocationFields):
    """A new place."""


class EditLocationForm(LocationFields, EditForm):
    """A place as the books have it."""

    active = BooleanField("In use")


class BinsForm(OperationForm):
    """Many new bins by a pattern of their names."""

    pattern = name_field("Names")
    parent = StringField("Inside of")


@blueprint.get("/locations")
def index() -> Response:
    """The tree of places; asked for some or for a kind, places by name."""
    ctx, asked = current_context(), request.args
    if not asked.keys() - {"top"}:
        grown = locations.tree(ctx, after=asked.get("top", ""))
        return htmx.render("locations/tree.html", "main", tree=grown)
    return _flat(ctx)


@blueprint.get("/locations/new")
def new() -> Response:
    """The form for a new place."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    form = LocationForm(request.args)
    outer = _outer(form)
    if outer and outer.kind == "site" and "kind_of_place" not in request.args:
        form.kind_of_place.data = "area"
    return htmx.render("locations/new.html", "main", form=form, outer=outer)


@blueprint.post("/locations")
def add() -> Response:
    """Set up a place."""
    form = LocationForm()
    made = create(form, "create_location")
    if made is None:
        return htmx.render("locations/new.html", "main", 422, form=form, outer=_outer(form))
    return htmx.see_other(f"/locations/{made['code']}", f"{made['name']} is set up.")


@blueprint.get("/locations/new-many")
def new_many() -> Response:
    """The form for many bins at once."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return _many_bins(BinsForm(request.args))


@blueprint.post("/locations/new-many/preview")
def look_first() -> Response:
    """The same form with what it would make; changes nothing."""
    return _many_bins(BinsForm())


@blueprint.post("/locations/new-many")
def add_many() -> Response:
    """Set up all bins of a pattern, or none."""
    form = BinsForm()
    made = create(form, "create_bins")
    if made is None:
        values = {"form": form, "plan": None, "outer": _outer(form)}
        return htmx.render("locations/new_many.html", "main", 422, **values)
    many = len(made["names"])
    notice = f"{made['names'][0]} is set up." if many == 1 else f"{many} bins are set up."
    return htmx.see_other(f"/locations/new-many/{form.id.data}", notice)


@blueprint.get("/locations/new-many/<operation_id>")
def made_many(operation_id: str) -> Response:
    """The bins that were made at once, and the way to their labels."""
    made = locations.made_bins(current_context(), operation_id)
    return htmx.render("locations/made_many.html", "main", made=made)


@blueprint.get("/locations/<ref>")
def show(ref: str) -> Response:
    """One place: what lies in it, which assets stand there, how things moved."""
    ctx = current_context()
    page = locations.location_page(ctx, ref, after=request.args.get("after", ""))
    printed = log.last_print(ctx, page.location.code)
    return htmx.render(
        "locations/location.html", "main", page=page, new_id=ctx.new_id, printed=printed
    )


@blueprint.get("/locations/<ref>/edit")
def edit(ref: str) -> Response:
    """What the books say about a place, to be changed."""
    found = locations.editable(current_context(), ref)
    form = EditLocationForm(formdata=None).fill(found.texts, found.version)
    return htmx.render("locations/edit.html", "main", form=form, code=found.location.code)


@blueprint.post("/locations/<ref>/edit")
def change(ref: str) -> Response:
    """Change what the books say about a place, or move it with all that is inside."""
    form = EditLocationForm()
    made = save(form, "edit_location", location=ref)
    if made is None:
        return htmx.render("locations/edit.html", "main", 422, form=form, code=ref)
    return htmx.see_other(f"/locations/{made['code']}", f"{made['name']} is saved.")


def _many_bins(form: BinsForm) -> Response:
    plan, pattern = None, form.pattern.data or ""
    try:
        if pattern:
            plan = locations.plan_bins(current_context(), pattern, form.parent.data or "")
    except Invalid as error:
        wrong = form.parent if error.field == "parent" else form.pattern
        wrong.errors = [error.message]
    return htmx.render("locations/new_many.html", "main", form=form, plan=plan, outer=_outer(form))


def _outer(form: LocationForm | BinsForm) -> LocationRow | None:
    """The place that a form names as the outer one, None for none that we know."""
    try:
        named = form.parent.data
        return locations.editable(current_context(), named).location if named else None
    except (NotFound, Invalid):
        return None


def _flat(ctx: Context) -> Response:
    """Places that the filters let through, by name."""
    choices = {"show": ("inactive",), "kind": KINDS}
    names = ("show", "kind", "q", "inside")
    listing = read_listing("/locations", names, sort="name", choices=choices)
    wanted: dict[str, Any] = {"sort": listing.sort, "after": listing.after, **listing.usual}
    return answer(
        "locations/locations.html",
        listing,
        lambda: {"page": locations.location_list(ctx, **wanted)},
        lambda **found: locations.location_codes(ctx, **found),
        kinds=KINDS,
    )
