"""Who counts which bins of a count: shared, handed over, taken over; a draft is started here."""

from typing import Any, Final

from flask import Response
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from stockscan.domain.errors import Invalid
from stockscan.services import counts
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context

# What a row's number or an order fits in, on every database.
_IN_RANGE: Final = NumberRange(0, 2**31 - 1)


def small_number(raw: str) -> int:
    """The number of a row as a form sends it. Raises `ValueError` for what is none."""
    number = int(raw)
    if not 0 <= number < 2**31:
        raise ValueError
    return number


class HandingForm(FlaskForm):  # type: ignore[misc]
    """A stretch, by its two ends, and who counts it from now on; 0 for whoever comes."""

    first = StringField("From bin", validators=[InputRequired(), Length(max=512)])
    last = StringField("To bin", validators=[Length(max=512)])
    person = IntegerField("Who?", validators=[InputRequired(), _IN_RANGE])


class SharingForm(FlaskForm):  # type: ignore[misc]
    """Who shares what is left."""

    who = SelectMultipleField("Who shares it?", coerce=small_number, validate_choice=False)


class StretchForm(FlaskForm):  # type: ignore[misc]
    """A stretch by its first and last order; `second` for the independent counter of it."""

    first = IntegerField(validators=[InputRequired(), _IN_RANGE])
    last = IntegerField(validators=[InputRequired(), _IN_RANGE])
    person = IntegerField(validators=[InputRequired(), _IN_RANGE])
    second = IntegerField(validators=[Optional()])


@blueprint.get("/counts/<count_id>/people")
def people(count_id: str) -> Response:
    """Who counts what."""
    return _page(count_id)


@blueprint.post("/counts/<count_id>/people")
def share(count_id: str) -> Response:
    """Share what is left among the ticked people."""
    form = SharingForm()
    try:
        stay = counts.share(current_context(), count_id, tuple(form.who.data or ()))
    except Invalid as error:
        form.who.errors = [error.message]
        return _page(count_id, 422, sharing=form)
    return _told(count_id, stay)


@blueprint.post("/counts/<count_id>/stretches")
def give(count_id: str) -> Response:
    """Give a whole stretch to somebody."""
    form = StretchForm()
    if not form.validate():
        return _page(count_id, 422)
    stretch, person = (form.first.data or 0, form.last.data or 0), form.person.data or None
    second = bool(form.second.data)
    try:
        stay = counts.hand_over(current_context(), count_id, stretch, person, second=second)
    except Invalid as error:
        return htmx.see_other(f"/counts/{count_id}/people", error.message, done=False)
    return _told(count_id, stay)


@blueprint.post("/counts/<count_id>/handing")
def hand(count_id: str) -> Response:
    """Give the bins between two that are named to somebody."""
    form, ctx = HandingForm(), current_context()
    if not form.validate():
        return _page(count_id, 422, handing=form)
    first, last = form.first.data or "", form.last.data or ""
    try:
        stretch = counts.stretch_of(ctx, count_id, first, last)
        stay = counts.hand_over(ctx, count_id, stretch, form.person.data or None)
    except Invalid as error:
        field = form[error.field if error.field in form else "person"]
        field.errors = [error.message]
        return _page(count_id, 422, handing=form)
    return _told(count_id, stay)


@blueprint.post("/counts/<count_id>/start")
def start(count_id: str) -> Response:
    """Open a count that was kept as a draft."""
    opened = counts.start_draft(current_context(), count_id)
    return htmx.see_other(f"/counts/{opened.id}/people", f"{opened.called} is open.")


def _told(count_id: str, stay: int) -> Response:
    said = "Changed."
    if stay:
        said = f"Changed, but {stay} stay: that person counts the same elsewhere."
    return htmx.see_other(f"/counts/{count_id}/people", said, done=not stay)


def _page(count_id: str, status: int = 200, **forms: Any) -> Response:
    ctx = current_context()
    page = counts.assignments(ctx, count_id)
    shown = {"sharing": SharingForm(formdata=None), "handing": HandingForm(formdata=None), **forms}
    return htmx.render(
        "counts/plan/people.html",
        "main",
        status,
        page=page,
        people=counts.counters(ctx),
        **shown,
    )
