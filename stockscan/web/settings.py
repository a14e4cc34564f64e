"""The company's settings: one page, for admins."""

from typing import ClassVar

from flask import Blueprint, Response
from wtforms import BooleanField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.web import htmx
from stockscan.web.security import current_context
from stockscan.web.settings_form import MONEY, WHOLE, SettingsForm, Typed, save

blueprint = Blueprint("settings", __name__)


class CompanyForm(SettingsForm):
    """The settings of the company."""

    typed: ClassVar = {
        "company": Typed(lambda raw: (raw or "").strip(), str),
        "currency": Typed(lambda raw: (raw or "").strip().upper(), str),
        "found_contact": Typed(lambda raw: (raw or "").replace("\r\n", "\n").strip(), str),
        "asset_threshold_minor": MONEY,
        "carry_min": WHOLE,
    }
    company = StringField("Company")
    currency = StringField("Currency")
    found_contact = TextAreaField("Whom a finder may call")
    asset_threshold_minor = StringField("An asset costs more than")
    carry_min = StringField("Minutes a part is carried before it is scanned")
    strict_stock = BooleanField("Refuse what would take a bin below zero")
    only_https = BooleanField("Every phone trusts the certificate: let them come by https only")


@blueprint.get("/settings")
def show() -> Response:
    """The settings as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(CompanyForm.in_force())


@blueprint.post("/settings")
def change() -> Response:
    """Change the settings; a wrong one changes nothing and every wrong one says why."""
    return save(CompanyForm(), _page, "/settings")


def _page(form: CompanyForm, status: int = 200) -> Response:
    return htmx.render("settings/settings.html", "main", status, form=form)
