"""A number entered for a part in a bin: a count, a receipt, an issue or a move."""

from typing import Any

from flask import Response
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import UUID, AnyOf, InputRequired, Length

from stockscan.domain.barcodes import understand
from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.operations import parse_id, seen_token
from stockscan.services import operations, scanning
from stockscan.services.operations import Outcome
from stockscan.services.scanning import Situation
from stockscan.services.work import Context
from stockscan.web.scan.stage import ACTS, Given, Stage, blueprint, refused, render, show, stage_of
from stockscan.web.security import current_context

# As long as an operation may say.
LONGEST_WINDOW_MS = 86_400_000


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
    to_location = StringField(validators=[Length(max=LONGEST_SCAN)])
    opened = HiddenField(validators=[Length(max=40)])


@blueprint.post("/entries")
def enter() -> Response:
    """Record a typed quantity: a count, a receipt, an issue or a move."""
    form, ctx = EntryForm(), current_context()
    if not form.validate():
        return refused(Situation(), {"message": first_error(form)})
    act, on = form.act.data or "", form.on.data or ""
    outcome = _apply_once(form, ctx)
    if outcome.status != "rejected":
        return show(stage_of(Situation(ACTS[act], on=on, done=outcome.id)))
    return render(_again(form, outcome.error or {}), 422)


def _again(form: EntryForm, error: dict[str, Any]) -> Stage:
    """The form as it was filled in, with what is wrong; a count still began when it was opened."""
    ctx, act, on = current_context(), form.act.data or "", form.on.data or ""
    return Stage(
        Situation(ACTS[act], on=on, part=form.part.data or "", act=act),
        scanning.thing(ctx, on),
        part=scanning.thing(ctx, form.part.data or ""),
        act=act,
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
        opened = form.opened.data or seen_token(now_us)
        return {**base, "location": form.on.data, "window_ms": _since_ms(opened, now_us)}
    return {**base, "location": form.on.data}


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


def _since_ms(opened: str, now_us: int) -> int:
    try:
        opened_us = int(opened[1:], 16)
    except ValueError:
        return 0
    return min(max(0, now_us - opened_us) // 1000, LONGEST_WINDOW_MS)
