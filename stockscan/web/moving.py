"""A part from one machine to another by a form: for when there is none in stock."""

from flask import Blueprint, Response, request
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.operations import KINDS
from stockscan.services import assets, operations, scanning
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, has_its_shape
from stockscan.web.security import current_context, local_path

blueprint = Blueprint("moving", __name__)


class MovePartForm(OperationForm):
    """What is taken out of a machine, and which one it goes on."""

    part = StringField("Part", [InputRequired("Say which part.")])
    lot = HiddenField()
    serial = StringField("Serial")
    quantity = StringField("How many", [InputRequired("Say how many.")], default="1")
    to_asset = StringField("Onto which machine", [InputRequired("Say which machine.")])
    note = StringField("Why")
    work = HiddenField()
    back = HiddenField()


@blueprint.get("/assets/<ref>/parts/moving")
def ask(ref: str) -> Response:
    """The form: which part, how many, onto which machine."""
    require(current_context().actor, Permission.PART_INSTALL)
    return _page(ref, MovePartForm(request.args))


@blueprint.post("/assets/<ref>/parts/moving")
def move(ref: str) -> Response:
    """Move it, once; the machine's parts then show it with an undo."""
    form, ctx = MovePartForm(), current_context()
    if not (form.validate() & has_its_shape(form, KINDS["move_part"])):
        return _page(ref, form, 422)
    said = {name: text for name, text in form.values().items() if name != "back"}
    outcome = operations.apply(ctx, {**said, "kind": "move_part", "from_asset": ref})
    if not outcome.done:
        blame(form, outcome)
        return _page(ref, form, 422)
    if form.back.data:
        return htmx.see_other(local_path(form.back.data), "Moved over.")
    return htmx.see_other(f"/assets/{ref}/parts?done={outcome.id}")


def _page(ref: str, form: MovePartForm, status: int = 200) -> Response:
    machine = assets.asset_page(current_context(), ref).asset
    values = {"form": form, "machine": machine, "part_name": _part_name(form.part.data or "")}
    return htmx.render("installs/moving.html", "main", status, **values)


def _part_name(text: str) -> str:
    """What the part is called whose code stands in the form, "" while none does."""
    found = scanning.look_up(current_context(), text).thing if text else None
    return found.title if found and found.kind is Kind.PART else ""
