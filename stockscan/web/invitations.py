"""Invitations: an admin makes or withdraws one, the person behind it sets their password."""

from flask import Blueprint, Response, make_response, render_template
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.errors import Conflict, Invalid
from stockscan.services import access
from stockscan.services.settings import settings_in_force
from stockscan.store.people import PersonRow
from stockscan.web import htmx, security
from stockscan.web.inviting import invitation_page
from stockscan.web.security import current_context

blueprint = Blueprint("invitations", __name__)


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """What an invited person signs in with from now on."""

    username = StringField("Sign-in name", [InputRequired("Enter a sign-in name.")])
    password = PasswordField("Password", [InputRequired("Enter a password.")])


@blueprint.post("/people/<ref>/invitation")
def invite(ref: str) -> Response:
    """A fresh link for a person; the one before is void."""
    return invitation_page(ref)


@blueprint.post("/people/<ref>/invitation/withdrawal")
def withdraw(ref: str) -> Response:
    """Take back a link that was not used yet."""
    person = access.withdraw_invitation(current_context(), ref)
    return htmx.see_other(f"/people/{person.code}", "The invitation is not valid any more.")


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
def accept(token: str) -> Response:
    """Let an invited person choose how they sign in, and let them in."""
    person = access.invited(current_context(), token, security.device())
    form = AcceptForm(username=person.username or _suggested(person))
    opened = _accept(token, form) if form.validate_on_submit() else None
    if opened is None:
        return _page(person, form, 422 if form.is_submitted() else 200)
    response = htmx.see_other("/", f"Welcome, {person.name}.")
    return security.keep_session(security.keep_device(response), opened)


def _accept(token: str, form: AcceptForm) -> str | None:
    """The session that was opened; None when the form now says what is wrong."""
    username, password = form.username.data or "", form.password.data or ""
    try:
        return access.accept_invitation(
            current_context(), token, username=username, password=password,
            device=security.device(),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        field = form.password if error.field == "password" else form.username
        field.errors = [*field.errors, error.message]
        if error.code == "sign_in_badge":
            form.username.data = ""  # no page repeats a badge
        return None


def _suggested(person: PersonRow) -> str:
    """What the person may want to be called: as in their e-mail, else by their first name."""
    return (person.email.partition("@")[0] or person.name.split()[0]).lower()


def _page(person: PersonRow, form: AcceptForm, status: int) -> Response:
    company = settings_in_force().company
    page = render_template("access/invited.html", form=form, person=person, company=company)
    return security.keep_device(make_response(page, status))
