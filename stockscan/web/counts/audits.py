"""Audits of assets: opening one, its rooms, and settling what the books had wrong."""

import uuid
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import UUID, AnyOf, InputRequired, Length, Optional

from stockscan.domain.errors import StockScanError
from stockscan.domain.operations import derived_id
from stockscan.services import counts, operations
from stockscan.services.counts.plans import Plan
from stockscan.services.work import Context
from stockscan.store.counts.audit_reading import AuditRow
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context, local_path

# What was done, in a sentence.
_DONE: Final = {
    "relocated": "The books say now where it was seen.",
    "left": "Left as the books say.",
    "missing": "Marked missing, with a note in the history.",
}


class AuditForm(FlaskForm):  # type: ignore[misc]
    """What is to be audited, and by whom."""

    id = HiddenField(validators=[InputRequired(), UUID()])
    places = SelectMultipleField("Places", validate_choice=False)
    counters = SelectMultipleField("Who walks", validate_choice=False)
    name = StringField("Name", validators=[Length(max=200)])
    due_on = DateField("Done by", validators=[Optional()])

    def plan(self, ctx: Context) -> Plan:
        """What is asked for, as a plan. Raises `Invalid` where no place is ticked."""
        places, counters = self.places.data or [], self.counters.data or []
        name, due_on = self.name.data or "", self.due_on.data
        return counts.audit_plan(ctx, places, counters, name=name, due_on=due_on)


class SettlingForm(FlaskForm):  # type: ignore[misc]
    """What to do about some assets that the books have wrong."""

    id = HiddenField(validators=[InputRequired(), UUID()])
    lines = SelectMultipleField("Assets", coerce=int, validate_choice=False)
    shown = SelectMultipleField("Shown", coerce=int, validate_choice=False)
    all = BooleanField("All that are shown")
    way = StringField(validators=[AnyOf([*_DONE])])
    back = HiddenField()

    @property
    def chosen(self) -> list[int]:
        """The lines that are ticked, or all that the page showed."""
        return list((self.shown.data if self.all.data else self.lines.data) or [])


@blueprint.get("/audits")
def audits() -> Response:
    """The audits, those that run first."""
    found = counts.audit_list(current_context())
    return htmx.render("counts/audit/audits.html", "main", audits=found)


@blueprint.get("/audits/new")
def new_audit() -> Response:
    """The form of a new audit; `place` is ticked already."""
    place = request.args.get("place", "")[:20]
    form = AuditForm(id=str(uuid.uuid4()), places=[place] if place else [])
    return _audit_form(form, also=place)


@blueprint.post("/audits")
def open_audit() -> Response:
    """Open an audit; the same form again opens it once."""
    form, ctx = AuditForm(), current_context()
    if not form.validate():
        return _audit_form(form, 422)
    try:
        opened = counts.open_audit(ctx, form.id.data or "", form.plan(ctx))
    except StockScanError as error:
        form.places.errors = [error.message]
        return _audit_form(form, 422)
    things = "1 asset" if opened.lines == 1 else f"{opened.lines} assets"
    return htmx.see_other(f"/audits/{opened.id}", f"{things} to look for.")


@blueprint.get("/audits/<audit_id>")
def audit(audit_id: str) -> Response:
    """One audit: its rooms, and what waits for somebody to decide; or one group of it alone."""
    state, after = request.args.get("state", ""), request.args.get("after", "")
    after_id = int(after) if after.isdecimal() and len(after) < 19 else 0
    page = counts.audit_page(current_context(), audit_id, state, after_id)
    return htmx.render("counts/audit/audit.html", "main", page=page, state=state)


@blueprint.get("/audits/<audit_id>/rooms/<code>")
def audit_room(audit_id: str, code: str) -> Response:
    """One room of an audit: what was seen in it and what was not."""
    page = counts.audit_room(current_context(), audit_id, code)
    return htmx.render("counts/audit/room.html", "main", page=page)


@blueprint.post("/audits/<audit_id>/rooms/<code>/finish")
def finish_room(audit_id: str, code: str) -> Response:
    """Say that all of a room was looked at; its page names what is missing."""
    counts.finish_room(current_context(), audit_id, code)
    return htmx.see_other(f"/audits/{quote(audit_id)}/rooms/{quote(code)}")


@blueprint.post("/audits/<audit_id>/submission")
def submit_audit(audit_id: str) -> Response:
    """End the looking: what was not seen is missing, or was not looked for."""
    counts.submit_audit(current_context(), audit_id)
    return htmx.see_other(f"/audits/{quote(audit_id)}", "Submitted.")


@blueprint.post("/audits/<audit_id>/settlements")
def settle_audit(audit_id: str) -> Response:
    """Relocate, leave or mark missing what is ticked; what can't be stays, and why is said."""
    form = SettlingForm()
    back, way = local_path(form.back.data or f"/audits/{quote(audit_id)}"), form.way.data or ""
    if not form.validate() or not form.chosen:
        return htmx.see_other(back, "Tick the assets first.", done=False)
    done, refusal = _settle(audit_id, form.id.data or "", form.chosen, way)
    if back.startswith("/scan?") and any(done.values()):
        return htmx.see_other(f"{back}&done={next(filter(None, done.values()))}")
    return htmx.see_other(back, refusal or _DONE[way], done=not refusal)


@blueprint.post("/audits/<audit_id>/cancellation")
def cancel_audit(audit_id: str) -> Response:
    """Stop an audit; what was seen stays on record."""
    counts.cancel_audit(current_context(), audit_id)
    return htmx.see_other(f"/audits/{quote(audit_id)}", "Cancelled. Nothing was changed by it.")


def _audit_form(form: AuditForm, status: int = 200, also: str = "") -> Response:
    choices = counts.audit_choices(current_context(), also)
    values = {"form": form, "choices": choices}
    return htmx.render("counts/audit/new.html", "main", status, **values)


def _settle(
    audit_id: str, action_id: str, line_ids: list[int], way: str
) -> tuple[dict[int, str | None], str]:
    """Write what was decided about each asset, then keep that it was; and the first refusal."""
    ctx = current_context()
    done: dict[int, str | None] = {}
    refusals = []
    for row in counts.audit_rows(ctx, audit_id, line_ids, way):
        raw = _operation(row, way, ctx.now_us)
        if raw is None:
            done[row.id] = None
            continue
        outcome = operations.apply(ctx, {**raw, "id": derived_id(action_id, row.id)})
        if outcome.done:
            done[row.id] = outcome.id
        else:
            refusals.append(outcome.message)
    counts.settle_audit(ctx, audit_id, done, way)
    return done, refusals[0] if refusals else ""


def _operation(row: AuditRow, way: str, now_us: int) -> dict[str, Any] | None:
    """What is to be recorded of an asset; as of when it was seen, where it is relocated."""
    if way == "missing":
        return {"kind": "note", "asset": row.code, "note": "Not found in an audit."}
    if way != "relocated" or row.found_code is None:
        return None
    kind = "check_in" if row.was_held else "move_asset"
    age_ms = max(0, now_us - (row.found_us or now_us)) // 1000
    return {"kind": kind, "asset": row.code, "location": row.found_code, "age_ms": age_ms}
