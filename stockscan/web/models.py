"""Models: the list, the page of one with its usual parts, a new one."""

from flask import Blueprint, Response
from wtforms import StringField

from stockscan.domain.access import Permission, require
from stockscan.services import models
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, create, name_field
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
