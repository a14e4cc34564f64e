"""Assets: the list, the page of one, a new one, changing it, its worth and its history."""

from typing import Any

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.domain.operations.values import as_day
from stockscan.services import assets, models
from stockscan.services.labels import log
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, ThingForm, create, name_field
from stockscan.web.drawing import gauge
from stockscan.web.editing import EditForm, save
from stockscan.web.grades import GRADES
from stockscan.web.security import current_context

blueprint = Blueprint("assets", __name__)


class AssetForm(OperationForm):
    """What the books say about an asset, new or not; what is left empty can be filled in later."""

    custom_of = "asset"

    name = name_field("Name")
    tag = StringField("Tag")
    model = SelectField("Model", validate_choice=False)
    serial = StringField("Serial number")
    category = StringField("Category")
    purchase_date = StringField("Bought on")
    purchase_cost = StringField("Price")
    supplier = StringField("Supplier")
    order_number = StringField("Order number")
    salvage = StringField("Value at the end")
    life_months = StringField("Life in months")
    warranty_until = StringField("Warranty until")
    replacement_cost = StringField("A new one costs")
    down_hour_cost = StringField("An hour down costs")
    notes = TextAreaField("Notes")


class NewAssetForm(ThingForm, AssetForm):
    """A new asset, with where it stands and how it is."""

    location = StringField("Place")
    condition = SelectField(
        "Condition", choices={"": "Not graded", **GRADES}, validate_choice=False
    )


class EditAssetForm(AssetForm, EditForm):
    """What the books say about an asset, to be changed."""


@blueprint.get("/assets/new")
def new() -> Response:
    """The form for a new asset."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return _form_page("new", NewAssetForm(request.args))


@blueprint.post("/assets")
def add() -> Response:
    """Bring a new asset into the books."""
    form = NewAssetForm()
    made = create(form, "create_asset")
    if made is None:
        return _form_page("new", form, 422)
    return htmx.see_other(f"/assets/{made['code']}", f"{made['name']} is {made['tag']} now.")


@blueprint.get("/assets/<ref>")
def show(ref: str) -> Response:
    """One asset: who has it, what it cost, its usual parts, everything that happened."""
    ctx = current_context()
    page = assets.asset_page(ctx, ref)
    worth = page.book_value_e4
    drawn = None if worth is None else gauge(page.asset.parts_e4, worth)
    printed = log.last_print(ctx, page.asset.code)
    values = {"page": page, "gauge": drawn, "printed": printed, "today": ctx.today}
    return htmx.render("assets/asset.html", "main", 200, new_id=ctx.new_id, **values)


@blueprint.get("/assets/<ref>/edit")
def edit(ref: str) -> Response:
    """What the books say about an asset, to be changed."""
    found = assets.editable(current_context(), ref)
    form = EditAssetForm(formdata=None)
    form.fill(found.texts, found.version)
    return _form_page("edit", form, about=found.asset)


@blueprint.post("/assets/<ref>/edit")
def change(ref: str) -> Response:
    """Change what the books say about an asset."""
    form = EditAssetForm()
    made = save(form, "edit_asset", asset=ref)
    if made is None:
        return _form_page("edit", form, 422, about=assets.asset_row(current_context(), ref))
    return htmx.see_other(f"/assets/{made['code']}", f"{made['tag']} is saved.")


@blueprint.get("/assets/<ref>/history")
def history(ref: str) -> Response:
    """Everything that happened to an asset, by the page."""
    ctx = current_context()
    page = assets.asset_history(ctx, ref, request.args.get("before", ""))
    return htmx.render("assets/history.html", "main", page=page, new_id=ctx.new_id)


@blueprint.get("/assets/<ref>/worth")
def worth(ref: str) -> Response:
    """What an asset is worth on paper: on a day, and year by year."""
    try:
        asked = request.args.get("on", "")
        day, wrong = as_day("on", asked) if asked else None, ""
    except Invalid:
        day, wrong = None, "Enter a day like 2026-11-22."
    page = assets.asset_worth(current_context(), ref, day)
    return htmx.render("assets/worth.html", "main", 422 if wrong else 200, page=page, wrong=wrong)


def _form_page(name: str, form: AssetForm, status: int = 200, **more: Any) -> Response:
    known = models.model_list(current_context())
    form.model.choices = {"": "No model", **{model.name: model.name for model in known}}
    return htmx.render(f"assets/{name}.html", "main", status, form=form, **more)
