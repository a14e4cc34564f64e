"""How the company counts: tolerances, attempts, who decides, how often; one page, for admins."""

from collections.abc import Callable
from typing import Any, Final

from flask import Response
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField

from stockscan.domain.access import GRANTS, Permission, require
from stockscan.domain.company import read_money, read_percent, read_whole
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, format_money, format_quantity, parse_quantity
from stockscan.services import settings
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context

_APPROVERS: Final = {
    role.value: f"{role.value.capitalize()}s"
    for role, granted in GRANTS.items()
    if Permission.COUNT_APPROVE in granted
}


class CountSettingsForm(FlaskForm):  # type: ignore[misc]
    """The settings of counts as people type them; what fits is the service's to say."""

    count_tolerance_a_bp = StringField("A, %")
    count_tolerance_b_bp = StringField("B, %")
    count_tolerance_c_bp = StringField("C, %")
    count_tolerance_milli = StringField("Pieces, always")
    count_tolerance_minor = StringField("Value, at most")
    count_attempts = StringField("Times a line is counted")
    count_approver = SelectField("Who decides", choices=_APPROVERS)
    count_blind = BooleanField("Counts are blind")
    count_posts_itself = BooleanField("What is within tolerance is booked at once")
    single_user = BooleanField("Whoever works alone may decide about their own counts")
    count_interval_a_days = StringField("A, days")
    count_interval_b_days = StringField("B, days")
    count_interval_c_days = StringField("C, days")
    count_turnover_minor = StringField("Value that went through")
    count_low_bp = StringField("Accuracy below, %")
    count_target_bp = StringField("Accuracy to reach, %")

    def values(self) -> dict[str, Any]:
        """The settings that were typed, None for what can't be read."""
        return {
            name: _READ.get(name, str)(field.data) if field.type == "StringField" else field.data
            for name, field in self._fields.items()
            if name != "csrf_token"
        }


@blueprint.get("/settings/counts")
def show_settings() -> Response:
    """The settings of counts as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    now = settings.settings_in_force()
    form = CountSettingsForm(formdata=None, obj=now)
    for name, show in _SHOWN.items():
        form[name].data = show(getattr(now, name))
    return _page(form)


@blueprint.post("/settings/counts")
def save_settings() -> Response:
    """Change them; a wrong one changes nothing and every wrong one says why."""
    form = CountSettingsForm()
    try:
        settings.change(current_context(), **form.values())
    except Invalid as error:
        for name, sentence in error.details["faults"].items():
            form[name].errors = [sentence]
        return _page(form, 422)
    return htmx.see_other("/settings/counts", "Saved.")


def _page(form: CountSettingsForm, status: int = 200) -> Response:
    return htmx.render("counts/plan/settings.html", "main", status, form=form)


def _quantity(raw: str | None) -> int | None:
    try:
        return parse_quantity((raw or "0").strip() or "0", zero=True)
    except Invalid:
        return None


def _amount(raw: str | None) -> int | None:
    """An amount of money, None for an empty field, -1 for what is no amount."""
    if not (raw or "").strip():
        return None
    read = read_money(raw)
    return -1 if read is None else read


def _percent(value_bp: int) -> str:
    return f"{value_bp / 100:g}"


def _money(value_minor: int | None) -> str:
    return "" if value_minor is None else format_money(value_minor * (E4 // MINOR))


_READ: Final[dict[str, Callable[[str | None], int | None]]] = {
    "count_tolerance_a_bp": read_percent,
    "count_tolerance_b_bp": read_percent,
    "count_tolerance_c_bp": read_percent,
    "count_tolerance_milli": _quantity,
    "count_tolerance_minor": _amount,
    "count_attempts": read_whole,
    "count_interval_a_days": read_whole,
    "count_interval_b_days": read_whole,
    "count_interval_c_days": read_whole,
    "count_turnover_minor": _amount,
    "count_low_bp": read_percent,
    "count_target_bp": read_percent,
}
_SHOWN: Final[dict[str, Callable[[Any], str]]] = {
    "count_tolerance_a_bp": _percent,
    "count_tolerance_b_bp": _percent,
    "count_tolerance_c_bp": _percent,
    "count_tolerance_milli": format_quantity,
    "count_tolerance_minor": _money,
    "count_attempts": str,
    "count_interval_a_days": str,
    "count_interval_b_days": str,
    "count_interval_c_days": str,
    "count_turnover_minor": _money,
    "count_low_bp": _percent,
    "count_target_bp": _percent,
}
