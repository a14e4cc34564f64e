"""How the company buys: what an order costs, how far ahead is looked, how sure stock must be."""

from typing import ClassVar

from flask import Response
from wtforms import StringField

from stockscan.domain.access import Permission, require
from stockscan.web import htmx
from stockscan.web.purchasing.door import blueprint
from stockscan.web.security import current_context
from stockscan.web.settings_form import MONEY, PERCENT, WHOLE, SettingsForm, save


class BuyingForm(SettingsForm):
    """The settings of purchasing."""

    typed: ClassVar = {
        "plan_ahead_days": WHOLE,
        "order_buffer_days": WHOLE,
        "order_review_days": WHOLE,
        "lead_days": WHOLE,
        "service_level_bp": PERCENT,
        "order_cost_minor": MONEY,
    }
    plan_ahead_days = StringField("Look ahead, days")
    order_buffer_days = StringField("Order earlier, days")
    order_review_days = StringField("Look again every, days")
    lead_days = StringField("Lead time if unknown, days")
    service_level_bp = StringField("Served from stock, %")
    order_cost_minor = StringField("An order costs")


@blueprint.get("/settings/purchasing")
def show_settings() -> Response:
    """The settings of purchasing as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(BuyingForm.in_force())


@blueprint.post("/settings/purchasing")
def save_settings() -> Response:
    """Change them; a wrong one changes nothing and every wrong one says why."""
    return save(BuyingForm(), _page, "/settings/purchasing")


def _page(form: BuyingForm, status: int = 200) -> Response:
    return htmx.render("purchasing/settings.html", "main", status, form=form)
