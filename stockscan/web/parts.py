"""Parts: the list, the page of one, a new one, and changing what the books say about one."""

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.services import parts
from stockscan.services.labels import log
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, ThingForm, create, name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

blueprint = Blueprint("parts", __name__)


class PartFields(OperationForm):
    """What the books say about a part, in the form for a new one and in the one that changes it."""

    custom_of = "part"

    name = name_field("Name")
    part_number = name_field("Part number")
    unit = StringField("Unit", default="pcs")
    cost = StringField("Unit cost")
    location = StringField("Bin")
    tracking = SelectField(
        "Tracked by",
        choices={"none": "Quantity only", "lot": "Lot", "serial": "Serial of each piece"},
        default="none",
    )
    reorder_point = StringField("Reorder at")
    reorder_quantity = StringField("Reorder how many")
    safety_stock = StringField("Safety stock")
    service_level = StringField("Service level, percent")
    supplier = StringField("Supplier")
    supplier_part_number = StringField("Supplier's number")
    pack = StringField("Pieces in a pack")
    lead_time_days = StringField("Lead time in days")
    manufacturer = StringField("Manufacturer")
    manufacturer_part_number = StringField("Manufacturer's number")
    category = StringField("Category")
    abc_class = SelectField(
        "Class", choices={"": "By usage", "A": "A", "B": "B", "C": "C"}, default=""
    )
    notes = TextAreaField("Notes")


class PartForm(ThingForm, PartFields):
    """A new part; what is left empty can be filled in later."""

    barcode = StringField("Barcode on the box")


class EditPartForm(PartFields, EditForm):
    """A part as the books have it."""

    stocked = BooleanField("Kept in stock")
    active = BooleanField("In use")


@blueprint.get("/parts/new")
def new() -> Response:
    """The form for a new part."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return htmx.render("parts/new.html", "main", form=PartForm(request.args))


@blueprint.post("/parts")
def add() -> Response:
    """Bring a new part into the books."""
    form = PartForm()
    made = create(form, "create_part")
    if made is None:
        return htmx.render("parts/new.html", "main", 422, form=form)
    return htmx.see_other(f"/parts/{made['code']}", f"{made['name']} is in the catalogue now.")


@blueprint.get("/parts/<ref>")
def show(ref: str) -> Response:
    """One part: where it lies, what it is worth, what it fits, how it moved."""
    ctx = current_context()
    before = request.args.get("before", type=row_number)
    page = parts.part_page(ctx, ref, before=before)
    done = request.args.get("done", "")
    printed = log.last_print(ctx, page.part.code)
    return htmx.render(
        "parts/part.html", "main", page=page, new_id=ctx.new_id, done=done, printed=printed
    )


@blueprint.get("/parts/<ref>/edit")
def edit(ref: str) -> Response:
    """What the books say about a part, to be changed."""
    found = parts.editable(current_context(), ref)
    form = EditPartForm(formdata=None).fill(found.texts, found.version)
    return htmx.render("parts/edit.html", "main", form=form, code=found.part.code)


@blueprint.post("/parts/<ref>/edit")
def change(ref: str) -> Response:
    """Change what the books say about a part."""
    form = EditPartForm()
    made = save(form, "edit_part", part=ref)
    if made is None:
        return htmx.render("parts/edit.html", "main", 422, form=form, code=ref)
    return htmx.see_other(f"/parts/{made['code']}", f"{made['name']} is saved.")
