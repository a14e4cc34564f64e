"""Changing many assets at once: all of them, or none."""

import re
from typing import Any, Final

from flask import Blueprint, Response, request
from wtforms import BooleanField, HiddenField, SelectField, StringField

from stockscan.domain.errors import Invalid, TooLarge
from stockscan.services import bulk, models, operations
from stockscan.services.bulk import Wish
from stockscan.store.catalogue.assets import AssetRow
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame
from stockscan.web.grades import GRADES
from stockscan.web.security import current_context

blueprint = Blueprint("bulk", __name__)

STATUSES: Final = {"": "As it is", "in_service": "In service", "down": "Stopped",
                   "retired": "Retired", "disposed": "Disposed of"}  # fmt: skip


class BulkForm(OperationForm):
    """What becomes of all assets that were chosen; what is left empty stays as it is."""

    codes = HiddenField()
    model = SelectField("Model", validate_choice=False)
    category = StringField("Category")
    location = StringField("Place")
    status = SelectField("Status", choices=STATUSES, validate_choice=False)
    reason = StringField("Reason")
    condition = SelectField("Condition", choices={"": "As it is", **GRADES}, validate_choice=False)
    back = BooleanField("Bring back what is out")


@blueprint.get("/assets/bulk")
def index() -> Response:
    """How many assets were chosen, and what can be set of all of them."""
    return _page(BulkForm(formdata=None, codes=" ".join(_chosen(request.args))))


@blueprint.post("/assets/bulk")
def change() -> Response:
    """Make all of them what the form says, as one action."""
    form, ctx = BulkForm(), current_context()
    codes = (form.codes.data or "").split()
    if operations.of_action(ctx, form.id.data or ""):
        return _done(codes)
    raws = _steps(form, bulk.chosen(ctx, codes)) if form.validate() else []
    if not raws:
        return _page(form, 422)
    first = operations.perform(ctx, form.id.data or "", raws, shapes=bulk.SHAPES)[0]
    if not first.done:
        blame(form, first)
        return _page(form, 422)
    return _done(codes)


def _steps(form: BulkForm, rows: list[AssetRow]) -> list[dict[str, Any]]:
    """What is to be recorded; nothing when the form now says why not."""
    names = ("model", "category", "location", "condition", "status", "reason", "back")
    wish = Wish(**{name: form[name].data for name in names if form[name].data})
    try:
        return bulk.steps(rows, wish)
    except (Invalid, TooLarge) as error:
        form.form_errors.append(error.message)
        return []


def _page(form: BulkForm, status: int = 200) -> Response:
    ctx = current_context()
    rows = bulk.chosen(ctx, (form.codes.data or "").split())
    form.model.choices = {"": "As it is"} | {row.name: row.name for row in models.model_list(ctx)}
    out = sum(row.is_out for row in rows)
    return htmx.render("assets/bulk.html", "main", status, form=form, rows=rows, out=out)


def _done(codes: list[str]) -> Response:
    words = "1 asset is changed." if len(codes) == 1 else f"{len(codes)} assets are changed."
    return htmx.see_other("/assets", words)


def _chosen(args: Any) -> list[str]:
    """The codes of what was ticked, each once: repeated fields, or one text of codes."""
    texts = [*args.getlist("code"), *args.getlist("codes")]
    return list(dict.fromkeys(code for text in texts for code in re.split(r"[\s,]+", text) if code))
