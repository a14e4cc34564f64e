"""A number entered for a part in a bin: a count, a receipt, an issue or a move."""

from dataclasses import replace
from typing import Any

from flask import Response, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import UUID, AnyOf, InputRequired, Length

from stockscan.domain.barcodes import understand
from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.counts import entries
from stockscan.domain.operations import parse_id, seen_token
from stockscan.services import operations
from stockscan.services.operations import Outcome
from stockscan.services.scanning import Situation
from stockscan.services.work import Context
from stockscan.web.scan.doing import show_done
from stockscan.web.scan.stage import (
    ACTS,
    Given,
    Stage,
    blueprint,
    refused,
    render,
    show,
    since_ms,
    situation,
    stage_of,
)
from stockscan.web.security import current_context

_ASKED = {
    "quantity": "How many?",
    "to_location": "Which bin does it go to? Scan it, or type its name.",
}


class EntryForm(FlaskForm):  # type: ignore[misc]
    """A number typed for a part in a bin, and which lot or serials it is about.

    `lot` and `serial` are one of the choices that were offered, or "" for the one that was typed
    or scanned beside them. `serials` are all at once, one a line.
    """

    id = StringField(validators=[InputRequired(), UUID()])
    act = HiddenField(validators=[AnyOf([*ACTS])])
    on = HiddenField(validators=[InputRequired(), Length(max=20)])
    part = HiddenField(validators=[InputRequired(), Length(max=20)])
    quantity = StringField()
    lot = StringField(validators=[Length(max=LONGEST_SCAN)])
    lot_typed = StringField(validators=[Length(max=LONGEST_SCAN)])
    serial = StringField(validators=[Length(max=LONGEST_SCAN)])
    serial_typed = StringField(validators=[Length(max=LONGEST_SCAN)])
    serials = StringField(validators=[Length(max=60_000)])
    expires_on = StringField(validators=[Length(max=40)])
    reason = StringField(validators=[Length(max=200)])
    requisition = StringField(validators=[Length(max=20)])
    to_location = StringField(validators=[Length(max=LONGEST_SCAN)])
    opened = HiddenField(validators=[Length(max=40)])
    count = HiddenField(validators=[Length(max=40)])
    since = HiddenField(validators=[Length(max=40)])
    entries = HiddenField(validators=[Length(max=4000)])


@blueprint.post("/entries")
def enter() -> Response:
    """Record a typed quantity: a count, a receipt, an issue or a move."""
    form, ctx = EntryForm(), current_context()
    if not form.validate():
        return refused(Situation(), {"message": first_error(form)})
    outcome = _apply_once(form, ctx)
    if outcome.status == "rejected":
        return render(_again(form, outcome.error or {}), 422)
    now = situation({**request.form, "mode": ACTS[form.act.data or ""], "part": ""})
    if now.count:
        return show_done(now, outcome.id)
    return show(stage_of(Situation(now.mode, on=now.on, done=outcome.id)))


def _again(form: EntryForm, error: dict[str, Any]) -> Stage:
    """The form as it was filled in, with what is wrong; a count still began when it was opened."""
    now = situation({**request.form, "mode": ACTS[form.act.data or ""]})
    return replace(
        stage_of(now),
        given=_given(form),
        error=_sentence(error),
        error_field=error.get("field") or "",
        opened=form.opened.data or "",
    )


def _sentence(error: dict[str, Any]) -> str:
    """What is wrong, in the words of the form."""
    said = str(error["message"])
    return _ASKED.get(str(error.get("field")), said) if said.endswith("is missing.") else said


def first_error(form: FlaskForm) -> str:
    """The first thing that is wrong with a form."""
    return next((str(errors[0]) for errors in form.errors.values() if errors), "Scan again.")


def _apply_once(form: EntryForm, ctx: Context) -> Outcome:
    """Apply an entry; one sent twice is known by its id, for its window has grown meanwhile."""
    operation = _entry_operation(form, ctx.now_us)
    known = operations.find(ctx, operation["id"])
    if known is None:
        return operations.apply(ctx, operation)
    if operations.is_same(ctx, operation, known.id):
        return Outcome(known.id, "duplicate")
    sentence = "This page was used already. Look at what it recorded, and start anew."
    return Outcome(known.id, "rejected", error={"code": "id_reused", "message": sentence})


def _entry_operation(form: EntryForm, now_us: int) -> dict[str, Any]:
    """The operation that an entry means; a count covers the time since the form was opened."""
    base = {
        "id": parse_id(form.id.data),
        "kind": form.act.data,
        "part": form.part.data,
        "quantity": form.quantity.data,
        **_marks(form),
    }
    if form.act.data == "transfer":
        return {**base, "from_location": form.on.data, "to_location": form.to_location.data}
    if form.act.data == "issue":
        return {**base, "location": form.on.data, "reason": form.reason.data or "used"}
    if form.act.data == "count":
        opened = form.since.data or form.opened.data or seen_token(now_us)
        return {**base, **_counted(form), "window_ms": since_ms(opened, now_us)}
    order = {"requisition": form.requisition.data} if form.requisition.data else {}
    return {**base, **order, "location": form.on.data}


def _counted(form: EntryForm) -> dict[str, Any]:
    """Where, in which count, and how the number came about, if its entries come to it."""
    said = entries.unpacked(form.entries.data or "")
    figure = (form.quantity.data or "").strip().replace(",", ".")
    told = {"entries": list(said)} if said and entries.in_figures(said) == figure else {}
    count = {"count": form.count.data} if form.count.data else {}
    return {"location": form.on.data, **count, **told}


def _marks(form: EntryForm) -> dict[str, Any]:
    """The lot, or the serials, that the form is about; a scanned barcode is taken apart."""
    data = understand(form.lot_typed.data or "")
    lot = form.lot.data or (data.lot if data and data.lot else form.lot_typed.data)
    expires_on = form.expires_on.data or (data.expires_on if data else None)
    marks: dict[str, Any] = {
        "lot": lot,
        "serial": form.serial.data or _serial_in(form.serial_typed.data or ""),
        "expires_on": str(expires_on or "") if form.act.data == "receive" else "",
    }
    if form.serials.raw_data:
        lines = (form.serials.data or "").splitlines()
        # A count without one serial says that there is none.
        marks["serials"] = [_serial_in(line) for line in lines if line.strip()]
    return {name: value for name, value in marks.items() if value or name == "serials"}


def _serial_in(text: str) -> str:
    data = understand(text)
    return data.serial if data and data.serial else text


def _given(form: EntryForm) -> Given:
    """What was typed, for the form to show it again."""
    return Given(
        quantity=form.quantity.data or "",
        lot=form.lot.data or form.lot_typed.data or "",
        serial=form.serials.data or form.serial.data or form.serial_typed.data or "",
        expires_on=form.expires_on.data or "",
    )
