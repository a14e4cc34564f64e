"""The nightly work's page: what the last nights did, when it begins, and doing it now."""

from functools import partial
from typing import ClassVar, Final

from flask import Blueprint, Response, current_app
from wtforms import StringField

from stockscan.domain.access import Permission, require
from stockscan.services import nightly
from stockscan.services.nightly import Night
from stockscan.web import background, htmx, scheduler
from stockscan.web.security import current_context
from stockscan.web.settings_form import SettingsForm, Typed, save

blueprint = Blueprint("nightly", __name__)

_TITLES: Final = {step.name: step.title for step in nightly.STEPS}


class NightlyForm(SettingsForm):
    """When the work begins."""

    typed: ClassVar = {"nightly_at": Typed(lambda raw: (raw or "").strip(), str)}
    nightly_at = StringField("Begins at")


@blueprint.get("/settings/nightly")
def show() -> Response:
    """When it begins, and what the last nights did."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return _page(NightlyForm.in_force())


@blueprint.post("/settings/nightly")
def change() -> Response:
    """Change when it begins."""
    return save(NightlyForm(), _page, "/settings/nightly")


@blueprint.post("/settings/nightly/run")
def begin() -> Response:
    """Do it now, once more if it is done already."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    background.begin(partial(_run, scheduler.night_of(current_app)))
    return htmx.see_other("/settings/nightly", "It has begun. Open this page again in a minute.")


def _run(night: Night) -> None:
    nightly.run(night, again=True)


def _page(form: NightlyForm, status: int = 200) -> Response:
    config = current_app.config["STOCKSCAN"]
    return htmx.render(
        "settings/nightly.html",
        "main",
        status,
        form=form,
        titles=_TITLES,
        runs=nightly.runs(current_context()),
        does_itself=config.nightly,
        sends_mail=config.mailbox is not None,
    )
