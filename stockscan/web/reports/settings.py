"""What figures and reports are reckoned with: what stock costs, when something stands out."""

from typing import ClassVar

from flask import Response
from wtforms import StringField

from stockscan.domain.access import Permission, require
from stockscan.domain.company import read_percent
from stockscan.web import htmx
from stockscan.web.reports.door import blueprint
from stockscan.web.security import current_context
from stockscan.web.settings_form import MONEY, PERCENT, WHOLE, SettingsForm, Typed, save


def _read_times(raw: str | None) -> int | None:
    """How many times, such as 2.5, in basis points."""
    hundredths = read_percent(raw)
    return None if hundredths is None else hundredths * 100


_TIMES = Typed(_read_times, lambda ratio_bp: f"{ratio_bp / 10_000:g}")


class FiguresForm(SettingsForm):
    """The settings of figures."""

    typed: ClassVar = {
        "capital_bp": PERCENT,
        "storage_year_minor": MONEY,
        "insurance_year_minor": MONEY,
        "slow_days": WHOLE,
        "peer_ratio_bp": _TIMES,
        "peer_least_minor": MONEY,
        "anomaly_ratio_bp": _TIMES,
    }
    capital_bp = StringField("Money costs, % a year")
    storage_year_minor = StringField("Room, a year")
    insurance_year_minor = StringField("Insurance, a year")
    slow_days = StringField("Slow after, days")
    peer_ratio_bp = StringField("Above others, times")
    peer_least_minor = StringField("And by at least")
    anomaly_ratio_bp = StringField("Above the usual, times")


@blueprint.get("/settings/figures")
def show_settings() -> Response:
    """The settings of figures as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(FiguresForm.in_force())


@blueprint.post("/settings/figures")
def save_settings() -> Response:
    """Change them; a wrong one changes nothing and every wrong one says why."""
    return save(FiguresForm(), _page, "/settings/figures")


def _page(form: FiguresForm, status: int = 200) -> Response:
    return htmx.render("reports/settings.html", "main", status, form=form)
