"""Models: the list, the page of one with its usual parts, a new one."""

from flask import Blueprint, Response
from wtforms import StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.services import models
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, create, name_field
from stockscan.web.editing import EditForm, save
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
    notes = TextAreaField("Notes")


class EditModelForm(ModelForm, EditForm):
    """What the books say about a model."""


@blueprint.get("/models")
def index() -> Response:
    """Every model, by name."""
    return htmx.render("assets/models.html", "main", models=models.model_list(current_context()))


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
    page = models.model_page(current_context(), name)
    return htmx.render("assets/model.html", "main", page=page)


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
