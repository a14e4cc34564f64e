"""The company's settings: one page, for admins."""

import re
from typing import Any

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.company import read_money
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, format_money
from stockscan.services import settings
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("settings", __name__)


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """The settings as people type them; what fits is the service's to say."""

    company = StringField("Company")
    currency = StringField("Currency")
    found_contact = TextAreaField("Whom a finder may call")
    asset_threshold_minor = StringField("An asset costs more than")
    carry_min = StringField("Minutes a part is carried before it is scanned")
    strict_stock = BooleanField("Refuse what would take a bin below zero")
    only_https = BooleanField("Every phone trusts the certificate: let them come by https only")

    def values(self) -> dict[str, Any]:
        """The settings that were typed, cleaned of what nobody means to type."""
        company, currency = self.company.data or "", self.currency.data or ""
        contact, minutes = self.found_contact.data or "", (self.carry_min.data or "").strip()
        return {
            "company": company.strip(),
            "currency": currency.strip().upper(),
            "asset_threshold_minor": read_money(self.asset_threshold_minor.data),
            "found_contact": contact.replace("\r\n", "\n").strip(),
            "carry_min": int(minutes) if re.fullmatch("[0-9]{1,6}", minutes) else None,
            "strict_stock": self.strict_stock.data,
            "only_https": self.only_https.data,
        }


@blueprint.get("/settings")
def show() -> Response:
    """The settings as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    now = settings.settings_in_force()
    form = SettingsForm(obj=now)
    form.asset_threshold_minor.data = format_money(now.asset_threshold_minor * (E4 // MINOR))
    return _page(form)


@blueprint.post("/settings")
def save() -> Response:
    """Change the settings; a wrong one changes nothing and every wrong one says why."""
    form = SettingsForm()
    try:
        settings.change(current_context(), **form.values())
    except Invalid as error:
        for name, sentence in error.details["faults"].items():
            form[name].errors = [sentence]
        return _page(form, 422)
    return htmx.see_other("/settings", "Saved.")


def _page(form: SettingsForm, status: int = 200) -> Response:
    return htmx.render("settings/settings.html", "main", status, form=form)
