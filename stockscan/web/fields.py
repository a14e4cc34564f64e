"""The company's own fields: the list, a new one, changing one, putting them in order."""

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.services import fields, operations
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, create, name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.errors import refusal
from stockscan.web.security import current_context

blueprint = Blueprint("fields", __name__)

TYPES = {
    "text": "Text",
    "number": "Number",
    "date": "Date",
    "choice": "One of several",
    "yes_no": "Yes or no",
}


class FieldForm(OperationForm):
    """A new field."""

    thing = SelectField("Of", choices={"asset": "Assets", "part": "Parts"})
    name = name_field("Name")
    type = SelectField("What it holds", choices=TYPES)
    choices = TextAreaField("Choices")
    category = StringField("Category")


class EditFieldForm(EditForm):
    """What can be changed of a field."""

    name = name_field("Name")
    choices = TextAreaField("Choices")
    category = StringField("Category")
    active = BooleanField("In use")


@blueprint.get("/fields")
def index() -> Response:
    """All fields, of assets and of parts."""
    ctx = current_context()
    require(ctx.actor, Permission.SETTINGS_EDIT)
    return htmx.render("fields/fields.html", "main", fields=fields.every(ctx), types=TYPES)


@blueprint.get("/fields/new")
def new() -> Response:
    """The form for a new field."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    form = FieldForm(formdata=None, thing=request.args.get("thing", "asset"))
    return htmx.render("fields/new_field.html", "main", form=form)


@blueprint.post("/fields")
def add() -> Response:
    """Add a field."""
    form = FieldForm()
    made = create(form, "create_field")
    if made is None:
        return htmx.render("fields/new_field.html", "main", 422, form=form)
    return htmx.see_other("/fields", f"{made['name']} is on the forms now.")


@blueprint.get("/fields/<int:number>/edit")
def edit(number: int) -> Response:
    """One field, to be changed."""
    page = fields.field_page(current_context(), number)
    form = EditFieldForm(formdata=None).fill(fields.field_texts(page.field), page.version)
    return htmx.render("fields/edit_field.html", "main", form=form, field=page.field, types=TYPES)


@blueprint.post("/fields/<int:number>/edit")
def change(number: int) -> Response:
    """Change a field."""
    form, page = EditFieldForm(), fields.field_page(current_context(), number)
    made = save(form, "edit_field", field=str(number))
    if made is None:
        values = {"form": form, "field": page.field, "types": TYPES}
        return htmx.render("fields/edit_field.html", "main", 422, **values)
    return htmx.see_other("/fields", f"{made['name']} is saved.")


@blueprint.post("/fields/<int:number>/position")
def move(number: int) -> Response:
    """Give a field another place among the fields of its thing."""
    raw = {"id": request.form.get("id"), "position": request.form.get("position")}
    outcome = operations.edit(current_context(), "edit_field", {**raw, "field": number})
    if not outcome.done:
        raise refusal(outcome.error)
    return htmx.see_other("/fields")
