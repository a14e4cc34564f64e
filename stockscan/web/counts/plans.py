"""Planning a count: what, by whom and how, with how much it is; then opening or keeping it."""

import re
import uuid
from typing import Any, Final

from flask import Response, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import UUID, InputRequired, Length, Optional, Regexp

from stockscan.domain.errors import Invalid, NotAllowed, StockScanError
from stockscan.services import counts
from stockscan.services.counts.planning import CHOICES, Preview, Wish
from stockscan.services.counts.plans import Plan
from stockscan.services.settings import settings_in_force
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.counts.people import small_number
from stockscan.web.security import current_context

# What may be chosen, with what it means.
WORDS: Final = {
    "places": ("Places", "All that lies there"),
    "parts": ("Parts", "Wherever they lie"),
    "due": ("What is due", "By class and last count"),
    "odd": ("Looks odd", "Below zero, just emptied, often wrong, or much went through"),
    "negative": ("Below zero", "The books say less than none"),
    "zero": ("At zero", "The books say none"),
    "mine": ("I moved today", "Each part where I moved it"),
}

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}\Z")


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What somebody wants counted, and how."""

    id = HiddenField(default=lambda: str(uuid.uuid4()), validators=[InputRequired(), UUID()])
    what = StringField("What?", default="places")
    place = StringField("Where?", validators=[Length(max=512)])
    places = SelectMultipleField("Places", validate_choice=False)
    part = StringField("Which part?", validators=[Length(max=512)])
    parts = SelectMultipleField("Parts", validate_choice=False)
    classes = SelectMultipleField("Classes", validate_choice=False)
    most = StringField(
        "At most", validators=[Optional(), Regexp(_NUMBER, message="Enter a number.")]
    )
    not_since = DateField("Not counted since", validators=[Optional()])
    who = SelectMultipleField("Who counts?", coerce=small_number, validate_choice=False)
    independent = BooleanField("Two count each line on their own")
    blind = BooleanField("Blind", default=True)
    name = StringField("Name", validators=[Length(max=200)])
    due_on = DateField("Done by", validators=[Optional()])

    def wish(self, *, typed: bool = True) -> Wish:
        """What is chosen; what was typed last counts as chosen, unless `typed` is false."""
        most = (self.most.data or "").strip()
        place, part = (self.place.data or "", self.part.data or "") if typed else ("", "")
        return Wish(
            self.what.data or "",
            tuple(filter(None, (*(self.places.data or ()), place.strip()))),
            tuple(filter(None, (*(self.parts.data or ()), part.strip()))),
            tuple(self.classes.data or ()),
            int(most) if _NUMBER.fullmatch(most) else None,
            self.not_since.data,
        )

    def plan(self, shown: Preview, *, draft: bool) -> Plan:
        """The plan of all that is chosen; what is not asked here is the company's way."""
        now = settings_in_force()
        return Plan(
            name=(self.name.data or "").strip() or self._called(shown),
            scope=shown.scope,
            counters=tuple(self.who.data or ()),
            independent=self.independent.data,
            blind=self.blind.data,
            max_attempts=now.count_attempts,
            posts_itself=now.count_posts_itself,
            due_on=self.due_on.data,
            draft=draft,
        )

    def _called(self, shown: Preview) -> str:
        kind = "" if self.what.data in {"places", "parts"} else WORDS[self.what.data or ""][0]
        return ": ".join(filter(None, (kind, shown.called))) or "Everything"


@blueprint.get("/counts/new")
def new_plan() -> Response:
    """The form, filled with what the address says, and how much that comes to."""
    if "id" in request.args:
        form = PlanForm(request.args)
    else:
        form = PlanForm(formdata=None, **_preset(), blind=settings_in_force().count_blind)
    return _plan_page(form)


@blueprint.post("/counts")
def open_plan() -> Response:
    """Open the count, or keep it as a draft; the same form again opens it once."""
    form, ctx = PlanForm(), current_context()
    if not form.validate():
        return _plan_page(form, 422)
    draft = request.form.get("do") == "draft"
    try:
        shown = counts.preview(ctx, form.wish())
        opened = counts.open_count(ctx, form.id.data or "", form.plan(shown, draft=draft))
    except StockScanError as error:
        return _blamed(form, error)
    left = f" {opened.left_out} are being counted already." if opened.left_out else ""
    said = f"{opened.called} is kept." if draft else f"{opened.called} is open.{left}"
    return htmx.see_other(f"/counts/{opened.id}/people", said)


def _preset() -> dict[str, Any]:
    """What a link to the form may say."""
    args = request.args
    what = args.get("what", "places")
    return {
        "what": what if what in CHOICES else "places",
        "places": args.getlist("places"),
        "parts": args.get("parts", "").split(),
        "classes": args.getlist("classes"),
        "most": args.get("most", "")[:6],
    }


def _plan_page(form: PlanForm, status: int = 200) -> Response:
    ctx = current_context()
    shown = _shown(form)
    return htmx.render(
        "counts/plan/new.html",
        "chosen",
        status,
        form=form,
        words=WORDS,
        shown=shown,
        people=counts.counters(ctx),
        intervals=settings_in_force(),
    )


def _shown(form: PlanForm) -> Preview | None:
    """How much it is; what was typed last is ticked then, or names nothing and is blamed."""
    ctx = current_context()
    try:
        shown = counts.preview(ctx, form.wish())
    except Invalid as error:
        _blame(form, error)
    else:
        form.place.data = form.part.data = ""
        return shown
    try:
        return counts.preview(ctx, form.wish(typed=False))
    except Invalid:
        return None


def _blamed(form: PlanForm, error: StockScanError) -> Response:
    _blame(form, error)
    return _plan_page(form, 422)


def _blame(form: PlanForm, error: StockScanError) -> None:
    """Say what is wrong at the field where it was chosen."""
    typed = {"places": "place", "parts": "part", "counters": "who"}
    usual = "place" if isinstance(error, NotAllowed) else "what"
    name = typed.get(error.field or "", error.field or usual)
    control = form[name if name in form else usual]
    if error.message not in control.errors:
        control.errors = [*control.errors, error.message]
