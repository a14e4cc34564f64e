"""The forms about people: a new one, a change, and what lets them in."""

from collections.abc import Mapping
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.access import Role
from stockscan.store.limits import PlaceRow
from stockscan.web.creating import ThingForm, name_field
from stockscan.web.editing import EditForm

# What each role may do, as people read it.
ROLES: Final = {
    Role.VIEWER: "Looks things up and changes nothing.",
    Role.TECHNICIAN: "Takes and brings back, installs parts, counts, reads meters.",
    Role.STOREKEEPER: "Also receives and moves stock, adds and edits things, prints labels.",
    Role.SUPERVISOR: "Also approves counts, settles what was not taken, retires, imports.",
    Role.ADMIN: "Also runs the people and the settings.",
}


class PlacesField(StringField):
    """Boxes to tick, one for each place; its data is one text, as operations name several."""

    offered: Mapping[str, str] = {}

    def offer(self, known: list[PlaceRow]) -> None:
        """The places to choose from; what is chosen already stays on offer."""
        labels = {
            place.called: f"{place.name} in {place.inside}" if place.inside else place.name
            for place in known
        }
        self.offered = {**labels, **{each: each for each in self.chosen() if each not in labels}}

    def chosen(self) -> list[str]:
        """The places that are ticked."""
        return [each for each in (self.data or "").split(", ") if each]

    # (typing.override comes with Python 3.12; we run on 3.11 too.)
    def process_formdata(self, valuelist: list[str]) -> None:  # type: ignore[explicit-override]
        """Take what was ticked."""
        self.data = ", ".join(valuelist)


class RoleFields:
    """What everybody has who works here."""

    name = name_field("Name")
    email = StringField("E-mail")
    username = StringField("Sign-in name")
    role = RadioField(
        "Role",
        choices={role.value: role.value.capitalize() for role in Role},
        default=Role.TECHNICIAN.value,
    )
    places = PlacesField("Only at these places")


class PersonForm(RoleFields, ThingForm):
    """A new person."""

    invite = BooleanField("Invite them to sign in", default=True)

    def values(self) -> dict[str, Any]:  # type: ignore[explicit-override]
        """What the operation says; the invitation is a step of its own."""
        return {name: value for name, value in super().values().items() if name != "invite"}


class EditPersonForm(RoleFields, EditForm):
    """What the books say about a person."""


class GrantForm(FlaskForm):  # type: ignore[misc]
    """What a person signs in with."""

    username = StringField("Sign-in name", [InputRequired("Enter a sign-in name.")])
    password = PasswordField("New password", [InputRequired("Enter a password.")])


class PinForm(FlaskForm):  # type: ignore[misc]
    """A new PIN; whoever sets their own shows by the password that it is them."""

    pin = PasswordField("New PIN", [InputRequired("Enter a PIN.")])
    own_password = PasswordField("Your password")
