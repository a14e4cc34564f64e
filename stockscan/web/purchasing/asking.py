"""Asking for a part by hand, from its page or from the list of requisitions."""

from datetime import date

from flask import Response, request
from wtforms import StringField
from wtforms.validators import InputRequired

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import parse_quantity
from stockscan.services import purchasing
from stockscan.web import htmx
from stockscan.web.creating import OperationForm
from stockscan.web.purchasing.door import blueprint, requisition_path
from stockscan.web.security import current_context


class AskForm(OperationForm):
    """So much of a part, until a day."""

    part = StringField("Part", [InputRequired("Say which part.")])
    quantity = StringField("How many", [InputRequired("Say how many.")])
    need_by = StringField("Needed by")


@blueprint.get("/requisitions/new")
def new() -> Response:
    """The form, filled in as far as the address says."""
    require(current_context().actor, Permission.PURCHASE_REQUEST)
    return _form(AskForm(request.args))


@blueprint.post("/requisitions")
def add() -> Response:
    """Ask for it, once."""
    form, ctx = AskForm(), current_context()
    if not form.validate():
        return _form(form, 422)
    try:
        quantity = parse_quantity(form.quantity.data, field="quantity")
        part, uid = form.part.data or "", form.id.data or ""
        numbers = purchasing.ask_for(ctx, uid, part, quantity, _day(form.need_by.data))
    except (Invalid, NotFound) as error:
        return _wrong(form, error)
    return htmx.see_other(requisition_path(numbers[0]), f"R-{numbers[0]} asks for it.")


def _wrong(form: AskForm, error: Invalid | NotFound) -> Response:
    """The form again, with what is wrong at its field."""
    field = form._fields.get(error.field or "")
    if field is None:
        form.form_errors.append(error.message)
    else:
        field.errors = [error.message.replace("quantity", "How many")]
    return _form(form, 422)


def _day(raw: str | None) -> date | None:
    try:
        return date.fromisoformat(raw.strip()) if raw and raw.strip() else None
    except ValueError:
        raise Invalid("Enter a day, such as 2026-12-10.", field="need_by") from None


def _form(form: AskForm, status: int = 200) -> Response:
    return htmx.render("purchasing/new.html", "main", status, form=form)
