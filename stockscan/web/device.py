"""This device: light or dark, the hand that holds it, and whether people share it."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from stockscan.domain.errors import Invalid
from stockscan.services import access
from stockscan.web import htmx, security
from stockscan.web.security import current_context

blueprint = Blueprint("device", __name__)

THEMES: Final = {"": "System", "light": "Light", "dark": "Dark"}
HANDS: Final = {"": "Right", "left": "Left"}


@dataclass(frozen=True, slots=True)
class Appearance:
    """How pages look on this device; an empty choice is the usual one."""

    theme: str
    hand: str


class ShareForm(FlaskForm):  # type: ignore[misc]
    """What a shared phone is called, and after how long without a touch it locks."""

    name = StringField("Name of this phone", [InputRequired("Enter a name."), Length(max=60)])
    idle = SelectField(
        "Minutes until it locks",
        choices=[f"{minutes}" for minutes in access.IDLE_MINUTES],  # type: ignore[misc]
        default="5",
    )


@blueprint.app_context_processor
def _appearance() -> dict[str, Appearance]:
    """Every page reads it while it is made, so nothing changes after the first picture."""
    return {"appearance": Appearance(_kept("theme", THEMES), _kept("hand", HANDS))}


@blueprint.get("/device")
def show() -> Response:
    """What can be chosen for this device."""
    return _page(ShareForm(formdata=None))


@blueprint.post("/device")
def save() -> Response:
    """Keep the choices in this browser."""
    response = htmx.see_other("/device", "Kept on this device.")
    for name, known in (("theme", THEMES), ("hand", HANDS)):
        chosen = request.form.get(name, "")
        security.keep_choice(response, name, chosen if chosen in known else "")
    return response


@blueprint.post("/device/sharing")
def share() -> Response:
    """Make this phone a shared one, or give it another name and time."""
    form = ShareForm()
    secret = _share(form) if form.validate() else None
    if secret is None:
        return _page(form, 422)
    notice = "This phone is shared now. A badge signs in here."
    return security.keep_device(htmx.see_other("/device", notice), secret)


@blueprint.get("/devices")
def index() -> Response:
    """The shared phones: who is signed in there, and what to do when one is lost."""
    page = access.devices(current_context())
    return htmx.render("device/devices.html", "main", page=page)


@blueprint.post("/devices/<int:device_id>/loss")
def lose(device_id: int) -> Response:
    """A phone is lost: nobody is signed in there any more, at once."""
    name = access.lose_device(current_context(), device_id)
    return htmx.see_other("/devices", f"{name} is shut out. Who was signed in there is out.")


@blueprint.post("/devices/<int:device_id>/withdrawal")
def unshare(device_id: int) -> Response:
    """Make a phone an ordinary one again."""
    name = access.unshare_device(current_context(), device_id)
    return htmx.see_other("/devices", f"{name} is no shared phone any more.")


def _share(form: ShareForm) -> str | None:
    """The phone's new secret; None when the form now says what is wrong."""
    name, idle_min = form.name.data or "", int(form.idle.data)
    try:
        return access.share_device(current_context(), security.device(), name, idle_min)
    except Invalid as error:
        form.name.errors = [error.message]
        if error.code == "sign_in_badge":
            form.name.data = ""  # no page repeats a badge
    return None


def _page(form: ShareForm, status: int = 200) -> Response:
    shared = access.shared_device(security.device())
    if shared is not None and not form.is_submitted():
        form.name.data, form.idle.data = shared.name, str(shared.idle_s // 60)
    values = {"themes": THEMES, "hands": HANDS, "form": form, "shared": shared}
    return htmx.render("device/device.html", "main", status, **values)


def _kept(name: str, known: dict[str, str]) -> str:
    chosen = security.kept_choice(name)
    return chosen if chosen in known else ""
