"""Models: the list, the page of one with its usual parts, a new one."""

from flask import Blueprint, Response, request
from wtforms import StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import models, operations
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, create, has_its_shape, name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.parts_lists import LineForm
from stockscan.web.security import current_context
from stockscan.web.urls import model_path

blueprint = Blueprint("models", __name__)


class ModelForm(OperationForm):
    """A new model."""

    name = name_field("Name")
    manufacturer = StringField("Manufacturer")
    model_number = StringField("Model number")
    category = StringField("Category")
    life_months = StringField("Life in months")
    replacement_cost = StringField("A new one costs")
    down_hour_cost = StringField("An hour down costs")
    notes = TextAreaField("Notes")


class EditModelForm(ModelForm, EditForm):
    """What the books say about a model."""


@blueprint.get("/models/new")
def new() -> Response:
    """The form for a new model."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return htmx.render("assets/new_model.html", "main", form=ModelForm())


@blueprint.post("/models")
def add() -> Response:
    """Add a model."""
    form = ModelForm()
    made = create(form, "create_model")
    if made is None:
        return htmx.render("assets/new_model.html", "main", 422, form=form)
    return htmx.see_other(model_path(made["name"]), f"{made['name']} is a model now.")


@blueprint.get("/models/<path:name>")
def show(name: str) -> Response:
    """One model: its usual parts and its assets."""
    ctx = current_context()
    page = models.model_page(ctx, name)
    return htmx.render("assets/model.html", "main", page=page, new_id=ctx.new_id)


@blueprint.get("/models/<path:name>/parts")
def parts(name: str) -> Response:
    """The parts list of a model, to be changed."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return _parts_page(name, LineForm(request.args))


@blueprint.post("/models/<path:name>/parts")
def set_part(name: str) -> Response:
    """Put a part on a model's list, or change its line."""
    form = LineForm()
    shape = EDIT_KINDS["set_model_part"]
    if not (form.validate() & has_its_shape(form, shape)):
        return _parts_page(name, form, 422)
    outcome = operations.edit(current_context(), "set_model_part", {**form.values(), "model": name})
    if not outcome.done:
        blame(form, outcome)
        return _parts_page(name, form, 422)
    return htmx.see_other(f"{model_path(name)}/parts", "It is on the list.")


@blueprint.post("/models/<path:name>/parts/removal")
def remove_part(name: str) -> Response:
    """Take a part off a model's list."""
    raw = {field: request.form.get(field, "") for field in ("id", "part", "place")}
    outcome = operations.edit(current_context(), "remove_model_part", {**raw, "model": name})
    words = "It is off the list." if outcome.done else outcome.message
    return htmx.see_other(f"{model_path(name)}/parts", words, done=outcome.done)


@blueprint.get("/models/<path:name>/edit")
def edit(name: str) -> Response:
    """What the books say about a model, to be changed."""
    ctx = current_context()
    page = models.model_page(ctx, name)
    form = EditModelForm(formdata=None)
    form.fill(models.model_texts(page.model), models.edit_version(ctx, page))
    return htmx.render("assets/edit_model.html", "main", form=form, name=page.model.name)


@blueprint.post("/models/<path:name>/edit")
def change(name: str) -> Response:
    """Change what the books say about a model."""
    form = EditModelForm()
    made = save(form, "edit_model", model=name)
    if made is None:
        return htmx.render("assets/edit_model.html", "main", 422, form=form, name=name)
    return htmx.see_other(model_path(made["name"]), f"{made['name']} is saved.")


def _parts_page(name: str, form: LineForm, status: int = 200) -> Response:
    ctx = current_context()
    page = models.model_page(ctx, name)
    return htmx.render(
        "assets/model_parts.html", "main", status, page=page, form=form, new_id=ctx.new_id
    )
