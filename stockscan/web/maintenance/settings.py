"""How the company maintains: what an hour of work costs, where picked kits lie; for admins."""

from typing import ClassVar

from flask import Response
from wtforms import StringField

from stockscan.domain.access import Permission, require
from stockscan.domain.company import read_money
from stockscan.services import settings
from stockscan.web import htmx
from stockscan.web.maintenance.door import blueprint
from stockscan.web.security import current_context
from stockscan.web.settings_form import SettingsForm, Typed, save, show_money


class MaintenanceForm(SettingsForm):
    """The settings of maintenance."""

    typed: ClassVar = {
        "labour_hour_minor": Typed(lambda raw: read_money(raw or "0"), show_money),
        "kit_place": Typed(lambda raw: settings.place_code(raw or ""), settings.place_name),
    }
    labour_hour_minor = StringField("An hour of work costs")
    kit_place = StringField("Picked kits lie at")


@blueprint.get("/settings/maintenance")
def show_settings() -> Response:
    """The settings of maintenance as they are."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(MaintenanceForm.in_force())


@blueprint.post("/settings/maintenance")
def save_settings() -> Response:
    """Change them; a wrong one changes nothing and every wrong one says why."""
    return save(MaintenanceForm(), _page, "/settings/maintenance")


def _page(form: MaintenanceForm, status: int = 200) -> Response:
    return htmx.render("maintenance/plans/settings.html", "main", status, form=form)
