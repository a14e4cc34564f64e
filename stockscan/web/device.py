"""This device's own choices: light or dark, and the hand that holds it. Kept in its cookies."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request

from stockscan.web import htmx, security

blueprint = Blueprint("device", __name__)

THEMES: Final = {"": "System", "light": "Light", "dark": "Dark"}
HANDS: Final = {"": "Right", "left": "Left"}


@dataclass(frozen=True, slots=True)
class Appearance:
    """How pages look on this device; an empty choice is the usual one."""

    theme: str
    hand: str


@blueprint.app_context_processor
def _appearance() -> dict[str, Appearance]:
    """Every page reads it while it is made, so nothing changes after the first picture."""
    return {"appearance": Appearance(_kept("theme", THEMES), _kept("hand", HANDS))}


@blueprint.get("/device")
def show() -> Response:
    """What can be chosen for this device."""
    return htmx.render("device/device.html", "main", themes=THEMES, hands=HANDS)


@blueprint.post("/device")
def save() -> Response:
    """Keep the choices in this browser."""
    response = htmx.see_other("/device", "Kept on this device.")
    for name, known in (("theme", THEMES), ("hand", HANDS)):
        chosen = request.form.get(name, "")
        security.keep_choice(response, name, chosen if chosen in known else "")
    return response


def _kept(name: str, known: dict[str, str]) -> str:
    chosen = security.kept_choice(name)
    return chosen if chosen in known else ""
