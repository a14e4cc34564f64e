"""Around a part: who supplies it, which barcodes stand for it, what may be used instead."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from wtforms import BooleanField, StringField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotAllowed, NotFound
from stockscan.domain.figures import format_cost, format_quantity
from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import operations, parts
from stockscan.services.operations import Outcome
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, has_its_shape, name_field, operate
from stockscan.web.security import current_context

blueprint = Blueprint("supplies", __name__)


class SupplierForm(OperationForm):
    """What one supplier asks for a part; an emptied field is emptied there."""

    supplier = name_field("Supplier")
    number = StringField("Their number for it")
    price = StringField("Price of one")
    pack = StringField("Pieces in a pack")
    lead_time_days = StringField("Lead time in days")
    usual = BooleanField("We usually buy it here")


@blueprint.get("/parts/<ref>/suppliers")
def supplier(ref: str) -> Response:
    """The form for a further supplier, or for the one that the address names."""
    ctx = current_context()
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    page, name = parts.part_page(ctx, ref), request.args.get("supplier", "")
    form = SupplierForm(formdata=None, **_offer(page, name) if name else {})
    return htmx.render("parts/supplier.html", "main", form=form, part=page.part, name=name)


@blueprint.post("/parts/<ref>/suppliers")
def set_supplier(ref: str) -> Response:
    """Note what a supplier asks."""
    form = SupplierForm()
    if form.validate() & has_its_shape(form, EDIT_KINDS["set_supplier_part"]):
        outcome = _edit("set_supplier_part", ref, **form.values())
        if outcome.done:
            return _back(ref, outcome, f"{form.supplier.data} supplies it.")
        blame(form, outcome)
    part, name = parts.part_page(current_context(), ref).part, request.args.get("supplier", "")
    return htmx.render("parts/supplier.html", "main", 422, form=form, part=part, name=name)


@blueprint.post("/parts/<ref>/suppliers/usual")
def make_usual(ref: str) -> Response:
    """Buy it here from now on; who was usual before stays a supplier."""
    name = request.form.get("supplier", "")
    outcome = _edit("set_supplier_part", ref, id=_id(), supplier=name, usual=True)
    return _back(ref, outcome, f"{name} is its usual supplier now.")


@blueprint.post("/parts/<ref>/suppliers/removal")
def remove_supplier(ref: str) -> Response:
    """Forget that somebody supplies it."""
    name = request.form.get("supplier", "")
    outcome = _edit("remove_supplier_part", ref, id=_id(), supplier=name)
    return _back(ref, outcome, f"{name} is no supplier of it any more.")


@blueprint.post("/parts/<ref>/barcodes")
def link(ref: str) -> Response:
    """Let a further barcode stand for it."""
    text = request.form.get("text", "").strip()
    return _back(ref, operate("link", text=text, thing=ref), f"{text} stands for it now.")


@blueprint.post("/parts/<ref>/barcodes/removal")
def unlink(ref: str) -> Response:
    """Let a barcode stand for nothing again."""
    text = request.form.get("text", "").strip()
    return _back(ref, operate("unlink", text=text), f"{text} stands for nothing now.")


@blueprint.post("/parts/<ref>/substitutes")
def add_substitute(ref: str) -> Response:
    """Let another part stand in for it, and it for the other."""
    other, note = request.form.get("substitute", ""), request.form.get("note", "")
    outcome = _edit("set_substitute", ref, id=_id(), substitute=other, note=note)
    return _back(ref, outcome, "Each can stand in for the other now.")


@blueprint.post("/parts/<ref>/substitutes/removal")
def remove_substitute(ref: str) -> Response:
    """No longer let the two stand in for each other."""
    other = request.form.get("substitute", "")
    outcome = _edit("remove_substitute", ref, id=_id(), substitute=other)
    return _back(ref, outcome, "They no longer stand in for each other.")


def _offer(page: parts.PartPage, name: str) -> dict[str, Any]:
    offer = next((one for one in page.offers if one.supplier.lower() == name.lower()), None)
    if offer is None:
        raise NotFound(f"{name} is no supplier of {page.part.name}.")
    return {
        "supplier": offer.supplier,
        "number": offer.number,
        "price": "" if offer.price_e4 is None else format_cost(offer.price_e4),
        "pack": format_quantity(offer.pack_milli),
        "lead_time_days": "" if offer.lead_time_days is None else offer.lead_time_days,
        "usual": offer.usual,
    }


def _edit(kind: str, ref: str, **values: Any) -> Outcome:
    return operations.edit(current_context(), kind, {**values, "part": ref})


def _id() -> str:
    return request.form.get("id", "")


def _back(ref: str, outcome: Outcome, done: str) -> Response:
    """The page of the part, with what was done or why it was not. Raises `NotAllowed`."""
    error = outcome.error or {}
    if error.get("code") == "not_allowed":
        raise NotAllowed(error["message"])
    words = done if outcome.done else f"Nothing was changed. {error.get('message', '')}"
    return htmx.see_other(f"/parts/{quote(ref, safe='')}", words, done=outcome.done)
