"""How the company counts: tolerances, attempts, who decides, how often; one page, for admins."""

from typing import ClassVar, Final

from flask import Response
from wtforms import BooleanField, SelectField, StringField

from stockscan.domain.access import GRANTS, Permission, require
from stockscan.domain.company import read_money
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_quantity, parse_quantity
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context
from stockscan.web.settings_form import PERCENT, WHOLE, SettingsForm, Typed, save, show_money

_APPROVERS: Final = {
    role.value: f"{role.value.capitalize()}s"
    for role, granted in GRANTS.items()
    if Permission.COUNT_APPROVE in granted
}


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


_OPTIONAL_MONEY: Final = Typed(_amount, show_money)


class CountSettingsForm(SettingsForm):
    """The settings of counts."""

    typed: ClassVar = {
        "count_tolerance_a_bp": PERCENT,
        "count_tolerance_b_bp": PERCENT,
        "count_tolerance_c_bp": PERCENT,
        "count_tolerance_milli": Typed(_quantity, format_quantity),
        "count_tolerance_minor": _OPTIONAL_MONEY,
        "count_attempts": WHOLE,
        "count_interval_a_days": WHOLE,
        "count_interval_b_days": WHOLE,
        "count_interval_c_days": WHOLE,
        "count_turnover_minor": _OPTIONAL_MONEY,
        "count_low_bp": PERCENT,
        "count_target_bp": PERCENT,
    }
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


@blueprint.get("/settings/counts")
def show_settings() -> Response:
    """The settings of counts as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(CountSettingsForm.in_force())


@blueprint.post("/settings/counts")
def save_settings() -> Response:
    """Change them; a wrong one changes nothing and every wrong one says why."""
    return save(CountSettingsForm(), _page, "/settings/counts")


def _page(form: CountSettingsForm, status: int = 200) -> Response:
    return htmx.render("counts/plan/settings.html", "main", status, form=form)
