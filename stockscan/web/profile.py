"""One's own page: name, password, PIN and badge, and where one is signed in."""

from flask import Blueprint, Response, current_app
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.digests import TITLES
from stockscan.domain.errors import Invalid, NotAllowed, TooMany
from stockscan.services import access, people
from stockscan.services.digests import digests
from stockscan.services.people import person_texts
from stockscan.web import htmx, security
from stockscan.web.creating import name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.security import current_context

blueprint = Blueprint("profile", __name__)


class ProfileForm(EditForm):
    """What people say of themselves."""

    name = name_field("Name")
    email = StringField("E-mail")


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, by whoever knows the old one."""

    old = PasswordField("Password until now", [InputRequired("Enter your password.")])
    new = PasswordField("New password", [InputRequired("Enter a new password.")])


class OwnPinForm(FlaskForm):  # type: ignore[misc]
    """A new PIN, by whoever knows the password."""

    pin = PasswordField("New PIN", [InputRequired("Enter a PIN.")])
    own_password = PasswordField("Your password", [InputRequired("Enter your password.")])


@blueprint.get("/profile")
def show() -> Response:
    """What one may see and change of oneself."""
    return _page()


@blueprint.post("/profile")
def change() -> Response:
    """Change one's name or e-mail."""
    form = ProfileForm()
    if save(form, "edit_person", person=_my_code()) is None:
        return _page(form=form, status=422)
    return htmx.see_other("/profile", "Saved.")


@blueprint.post("/profile/password")
def set_password() -> Response:
    """Change one's password; every other browser is signed out."""
    form = PasswordForm()
    token = _set_password(form) if form.validate() else None
    if token is None:
        return _page(password_form=form, status=422)
    notice = "Your password is changed. Other browsers are signed out."
    return security.keep_session(htmx.see_other("/profile", notice), token)


@blueprint.post("/profile/pin")
def set_pin() -> Response:
    """Set one's PIN."""
    form = OwnPinForm()
    if not form.validate() or not _set_pin(form):
        return _page(pin_form=form, status=422)
    return htmx.see_other("/profile", "You have a new PIN.")


@blueprint.post("/profile/sign-out")
def sign_out_everywhere() -> Response:
    """Sign out on every browser, this one too."""
    access.sign_out_everywhere(current_context())
    return security.drop_session(htmx.see_other("/sign-in"))


def _set_password(form: PasswordForm) -> str | None:
    """The new session; None when the form now says what is wrong."""
    old, new = form.old.data or "", form.new.data or ""
    try:
        return access.change_password(current_context(), old, new, security.device())
    except Invalid as error:
        form.new.errors = [error.message]
    except (NotAllowed, TooMany) as error:
        form.old.errors = [error.message]
    return None


def _set_pin(form: OwnPinForm) -> bool:
    password = form.own_password.data or ""
    try:
        access.set_pin(
            current_context(), _my_code(), form.pin.data or "", password=password,
            device=security.device(),
        )  # fmt: skip
    except Invalid as error:
        form.pin.errors = [error.message]
    except (NotAllowed, TooMany) as error:
        form.own_password.errors = [error.message]
    return not form.errors


def _my_code() -> str:
    person = security.who()
    assert person is not None
    return person.code


def _page(
    *,
    form: ProfileForm | None = None,
    password_form: PasswordForm | None = None,
    pin_form: OwnPinForm | None = None,
    status: int = 200,
) -> Response:
    ctx, code = current_context(), _my_code()
    page = people.person(ctx, code)
    if form is None:
        form = ProfileForm(formdata=None)
        form.fill(person_texts(page.person, page.places), page.version)
    return htmx.render(
        "profile/profile.html",
        "main",
        status,
        page=page,
        form=form,
        password_form=password_form or PasswordForm(formdata=None),
        pin_form=pin_form or OwnPinForm(formdata=None),
        digests=digests(ctx),
        titles=TITLES,
        sends_mail=current_app.config["STOCKSCAN"].mailbox is not None,
        access=access.person_access(ctx, code),
        sessions=access.own_sessions(ctx, security.session_token() or ""),
    )
