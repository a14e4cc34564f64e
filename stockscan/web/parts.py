"""Parts: the list, the page of one, a new one."""

from datetime import date, datetime

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField

from stockscan.domain.access import Permission, require
from stockscan.services import parts
from stockscan.web import htmx
from stockscan.web.creating import ThingForm, create, name_field
from stockscan.web.security import current_context

blueprint = Blueprint("parts", __name__)


class PartForm(ThingForm):
    """A new part; what is left empty can be filled in later."""

    name = name_field("Name")
    part_number = name_field("Part number")
    unit = StringField("Unit", default="pcs")
    location = StringField("Bin")
    cost = StringField("Unit cost")
    reorder_point = StringField("Reorder at")
    reorder_quantity = StringField("Reorder how many")
    supplier = StringField("Supplier")
    supplier_part_number = StringField("Supplier's number")
    manufacturer = StringField("Manufacturer")
    manufacturer_part_number = StringField("Manufacturer's number")
    barcode = StringField("Barcode on the box")
    category = StringField("Category")
    tracking = SelectField(
        "Tracked by",
        choices={"none": "Quantity only", "lot": "Lot", "serial": "Serial of each piece"},
        default="none",
    )
    abc_class = SelectField("Class", choices={letter: letter for letter in "ABC"}, default="C")


@blueprint.get("/parts")
def index() -> Response:
    """Parts by part number: all of them, or those that run low."""
    asked = request.args
    show, text = asked.get("show", "all"), asked.get("q", "").strip()
    page = parts.part_list(
        current_context(), low=show == "low", text=text, after=asked.get("after", "")
    )
    return htmx.render("parts/parts.html", "main", page=page, show=show, text=text)


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
    before = request.args.get("before", type=int)
    page = parts.part_page(ctx, ref, before=before)
    return htmx.render("parts/part.html", "main", page=page, new_id=ctx.new_id)


@blueprint.app_template_filter("expiry")
def expiry(expires_on: date) -> str:
    """When a lot expires, or that it has: "until 2027-06-30", "expired 2020-01-31"."""
    word = "until" if expires_on >= datetime.now().astimezone().date() else "expired"
    return f"{word} {expires_on.isoformat()}"
