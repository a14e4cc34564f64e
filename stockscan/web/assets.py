"""Assets: the list, the page of one, a new one, and a usual part with one tap."""

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import from_us
from stockscan.services import assets, models
from stockscan.services.work import Context
from stockscan.web import htmx
from stockscan.web.creating import ThingForm, create, name_field, operate
from stockscan.web.drawing import gauge
from stockscan.web.security import current_context

blueprint = Blueprint("assets", __name__)

SHOWN = ("all", "out", "in", "retired")


class AssetForm(ThingForm):
    """A new asset; what is left empty can be filled in later."""

    name = name_field("Name")
    tag = StringField("Tag")
    model = SelectField("Model", validate_choice=False)
    serial = StringField("Serial number")
    location = StringField("Place")
    purchase_date = StringField("Bought on")
    purchase_cost = StringField("Price")
    salvage = StringField("Value at the end")
    life_months = StringField("Life in months")
    warranty_until = StringField("Warranty until")
    notes = TextAreaField("Notes")


@blueprint.get("/assets")
def index() -> Response:
    """Assets by tag: all of them, or those that are out, in, or retired."""
    ctx, asked = current_context(), _asked()
    page = assets.asset_list(ctx, **asked, after=request.args.get("after", ""))
    return htmx.render("assets/assets.html", "main", page=page, today=_today(ctx), **asked)


@blueprint.get("/assets/new")
def new() -> Response:
    """The form for a new asset."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    return _form_page(AssetForm(request.args))


@blueprint.post("/assets")
def add() -> Response:
    """Bring a new asset into the books."""
    form = AssetForm()
    made = create(form, "create_asset")
    if made is None:
        return _form_page(form, 422)
    return htmx.see_other(f"/assets/{made['code']}", f"{made['name']} is {made['tag']} now.")


@blueprint.get("/assets/<ref>")
def show(ref: str) -> Response:
    """One asset: who has it, what it cost, its usual parts, everything that happened."""
    ctx = current_context()
    page = assets.asset_page(ctx, ref)
    worth = page.book_value_e4
    drawn = None if worth is None else gauge(page.asset.parts_e4, worth)
    return htmx.render(
        "assets/asset.html", "main", page=page, gauge=drawn, new_id=ctx.new_id, today=_today(ctx)
    )


@blueprint.post("/assets/<ref>/installs")
def install(ref: str) -> Response:
    """Put a usual part into an asset."""
    part, quantity = request.form.get("part"), request.form.get("quantity", "1")
    outcome = operate("install", asset=ref, part=part, quantity=quantity)
    if outcome.done and outcome.result is not None:
        done = outcome.result
        words = f"{done['part_name']} installed, {done['before']} to {done['after']} left."
    else:
        words = (outcome.error or {}).get("message", "")
    return htmx.see_other(f"/assets/{quote(ref, safe='')}", words, done=outcome.done)


def _form_page(form: AssetForm, status: int = 200) -> Response:
    known = models.model_list(current_context())
    form.model.choices = {"": "No model", **{model.name: model.name for model in known}}
    return htmx.render("assets/new.html", "main", status, form=form)


def _asked() -> dict[str, Any]:
    """Which assets the address asks for."""
    show = request.args.get("show", "all")
    return {
        "show": show if show in SHOWN else "all",
        "model": request.args.get("model", ""),
        "text": request.args.get("q", "").strip(),
    }


def _today(ctx: Context) -> date:
    """The day it is here, from which "3 days late" is counted."""
    return from_us(ctx.now_us).astimezone().date()
