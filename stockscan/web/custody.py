"""Forms about one asset: hand it out, take it back, when it is due, how it is, a note."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services import assets, custody
from stockscan.web import htmx
from stockscan.web.creating import OperationForm
from stockscan.web.grades import GRADES
from stockscan.web.recording import record
from stockscan.web.security import current_context

blueprint = Blueprint("custody", __name__)

# Days from today.
DUE: Final = {"0": "Today", "1": "Tomorrow", "7": "In a week"}
WORDS: Final = {"in_service": "back in service", "down": "stopped", "retired": "retired",
                "disposed": "disposed of"}  # fmt: skip


class DueForm(OperationForm):
    """When an asset is to be back: one of a few days, or any."""

    due = RadioField("Due back", choices=DUE, validators=[Optional()])
    due_on = StringField("Or another day")
    note = StringField("Note")

    def day(self) -> str | None:
        """The day that was typed, else the one that was chosen; None for none."""
        if self.due_on.data or not self.due.data:
            return self.due_on.data or None
        return (current_context().today + timedelta(days=int(self.due.data))).isoformat()


class HandoverForm(DueForm):
    """Who gets an asset: chosen, or typed; it need not be back on any day."""

    due = RadioField("Due back", choices={"": "No day", **DUE}, default="", validators=[Optional()])
    person = RadioField("To", validate_choice=False)
    to = StringField("Someone or something else")

    def receiver(self) -> dict[str, str]:
        """Who gets it; none at all when the form now says why not."""
        try:
            return custody.receiver(current_context(), self.to.data or self.person.data or "")
        except Invalid as error:
            self.to.errors = [error.message]
            return {}


class ReturnForm(OperationForm):
    """An asset that came back: where to, and how it is."""

    location = StringField("Put it in")
    condition = RadioField("Condition", choices=GRADES, validators=[Optional()])
    note = StringField("Note")


class StatusForm(OperationForm):
    """Why an asset is stopped, retired or disposed of."""

    status = HiddenField()
    reason = StringField("Reason")
    proceeds = StringField("What it brought in")


class NoteForm(OperationForm):
    """A remark for the history."""

    note = TextAreaField("Note", [InputRequired("Write something first.")])


@blueprint.get("/assets/<ref>/handover")
def handover(ref: str) -> Response:
    """The form that hands an asset out."""
    require(current_context().actor, Permission.CUSTODY_CHANGE)
    return _handover_page(ref, HandoverForm())


@blueprint.post("/assets/<ref>/handover")
def hand_over(ref: str) -> Response:
    """Hand an asset to a person, a place or another asset."""
    form = HandoverForm()
    to = form.receiver() if form.validate() else {}
    values = {"asset": ref, "due_on": form.day(), "note": form.note.data, **to} if to else {}
    done = record(form, "check_out", values) if values else None
    if done is None:
        return _handover_page(ref, form, 422)
    return _told(done, f"{_name(done)} is with {done['custodian']['name']} now.")


@blueprint.get("/assets/<ref>/return")
def back(ref: str) -> Response:
    """The form that takes an asset back."""
    require(current_context().actor, Permission.CUSTODY_CHANGE)
    return _page("return", ref, ReturnForm())


@blueprint.post("/assets/<ref>/return")
def take_back(ref: str) -> Response:
    """Take an asset back."""
    form = ReturnForm()
    values = {name: form[name].data for name in ("location", "condition", "note")}
    done = record(form, "check_in", {"asset": ref, **values}) if form.validate() else None
    if done is None:
        return _page("return", ref, form, 422)
    return _told(done, f"{_name(done)} is back.")


@blueprint.get("/assets/<ref>/due")
def due(ref: str) -> Response:
    """The form that moves the day on which an asset is to be back."""
    require(current_context().actor, Permission.CUSTODY_CHANGE)
    return _page("due", ref, DueForm())


@blueprint.post("/assets/<ref>/due")
def set_due(ref: str) -> Response:
    """Move the day on which an asset is to be back."""
    form = DueForm()
    day = form.day() if form.validate() else None
    if day is None:
        form.due_on.errors = [*form.due_on.errors, "Choose a day."]
        return _page("due", ref, form, 422)
    done = record(form, "set_due", {"asset": ref, "due_on": day, "note": form.note.data})
    if done is None:
        return _page("due", ref, form, 422)
    return _told(done, f"{_name(done)} is due back on {done['due_on']}.")


@blueprint.get("/assets/<ref>/status/<status>")
def status_form(ref: str, status: str) -> Response:
    """The form that stops, retires or disposes of an asset."""
    if status not in WORDS:
        raise NotFound("There is no such status.")
    ends = status in {"retired", "disposed"}
    wanted = Permission.ASSET_RETIRE if ends else Permission.ASSET_STATUS
    require(current_context().actor, wanted)
    return _page("status", ref, StatusForm(formdata=None, status=status))


@blueprint.post("/assets/<ref>/status")
def set_status(ref: str) -> Response:
    """Stop an asset, put it back in service, retire it or dispose of it."""
    form = StatusForm()
    values = {name: form[name].data for name in ("status", "reason", "proceeds")}
    done = record(form, "set_status", {"asset": ref, **values}) if form.validate() else None
    if done is None:
        return _page("status", ref, form, 422)
    words = [f"{_name(done)} is {WORDS[done['status']]}."]
    words += [doubt["message"] for doubt in done["warnings"]]
    return htmx.see_other(f"/assets/{done['asset']}", " ".join(words), done=len(words) == 1)


@blueprint.get("/assets/<ref>/note")
def note_form(ref: str) -> Response:
    """The form for a remark."""
    require(current_context().actor, Permission.ASSET_STATUS)
    return _page("note", ref, NoteForm())


@blueprint.post("/assets/<ref>/note")
def add_note(ref: str) -> Response:
    """Keep a remark in an asset's history."""
    form = NoteForm()
    values = {"asset": ref, "note": form.note.data}
    done = record(form, "note", values) if form.validate() else None
    return _page("note", ref, form, 422) if done is None else _told(done, "Noted.")


def _handover_page(ref: str, form: HandoverForm, status: int = 200) -> Response:
    offer = custody.receivers(current_context())
    form.person.choices = {person.code: person.name for person in offer.lately}
    return _page("handover", ref, form, status, everyone=offer.everyone)


def _page(name: str, ref: str, form: OperationForm, status: int = 200, **more: Any) -> Response:
    asset = assets.asset_row(current_context(), ref)
    return htmx.render(
        f"assets/acts/{name}.html",
        "main",
        status,
        about=asset,
        form=form,
        today=current_context().today,
        **more,
    )


def _told(done: dict[str, Any], words: str) -> Response:
    return htmx.see_other(f"/assets/{done['asset']}", words)


def _name(done: dict[str, Any]) -> str:
    return str(done["asset_tag"])
