"""Signing in and out, the list of people and each person's page."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.access import Permission, Role, require
from stockscan.domain.errors import Invalid, NotAllowed, TooMany
from stockscan.services import access, people
from stockscan.store.people import PersonRow
from stockscan.web import creating, htmx, security
from stockscan.web.creating import ThingForm, name_field
from stockscan.web.security import current_context

blueprint = Blueprint("people", __name__)


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Name and password, and where the person wanted to go."""

    username = StringField("Sign-in name", [InputRequired("Enter your sign-in name.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    next = HiddenField()


class PersonForm(ThingForm):
    """A new person."""

    name = name_field("Name")
    role = SelectField("Role", choices=[role.value for role in Role])  # type: ignore[misc]


class GrantForm(FlaskForm):  # type: ignore[misc]
    """What a person signs in with."""

    username = StringField("Sign-in name", [InputRequired("Enter a sign-in name.")])
    password = PasswordField("New password", [InputRequired("Enter a password.")])


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask for name and password; right ones lead to where the person wanted to go."""
    if security.who() is not None:
        return make_response(redirect(security.local_path(request.args.get("next")), 303))
    form = SignInForm(next=request.args.get("next", "/"))
    if form.validate_on_submit():
        return _try_to_sign_in(form)
    return _sign_in_page(form, 422 if form.is_submitted() else 200)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session of this browser."""
    return security.drop_session(make_response(redirect("/sign-in", 303)))


@blueprint.get("/people")
def index() -> Response:
    """The people who work here, by name."""
    page = people.people(current_context(), request.args.get("after"))
    return htmx.render("people/people.html", "people", page=page)


@blueprint.get("/people/new")
def new() -> Response:
    """The form for a new person."""
    require(current_context().actor, Permission.PEOPLE_EDIT)
    return htmx.render("people/new.html", "main", form=PersonForm(request.args))


@blueprint.post("/people")
def create() -> Response:
    """Add a person; signing in is granted on their page."""
    form = PersonForm()
    made = creating.create(form, "create_person")
    if made is None:
        return htmx.render("people/new.html", "main", 422, form=form)
    return htmx.see_other(made["url"], f"{made['name']} is on the list now.")


@blueprint.get("/people/<ref>")
def show(ref: str) -> Response:
    """A person: what they have, what they did, how they sign in."""
    return _person_page(ref)


@blueprint.post("/people/<ref>/sign-in")
def grant(ref: str) -> Response:
    """Give a person a sign-in name and a password."""
    form = GrantForm()
    given = _grant(ref, form) if form.validate() else None
    if given is None:
        return _person_page(ref, form, 422)
    notice = f"{given.name} signs in as {given.username} now."
    return htmx.see_other(f"/people/{given.code}", notice)


@blueprint.post("/people/<ref>/activation")
def activate(ref: str) -> Response:
    """Let a person work here again."""
    person = people.set_active(current_context(), ref, active=True)
    return htmx.see_other(f"/people/{person.code}", f"{person.name} is active again.")


@blueprint.post("/people/<ref>/deactivation")
def deactivate(ref: str) -> Response:
    """Take a person off: signed out everywhere, at once."""
    person = people.set_active(current_context(), ref, active=False)
    return htmx.see_other(f"/people/{person.code}", f"{person.name} is not active any more.")


def _try_to_sign_in(form: SignInForm) -> Response:
    try:
        token = access.sign_in(
            current_context(),
            form.username.data or "",
            form.password.data or "",
            security.device(),
        )
    except (Invalid, NotAllowed) as error:
        form.password.errors = [error.message]
        return _sign_in_page(form, 422)
    except TooMany as error:
        form.password.errors = [error.message]
        return _sign_in_page(form, 429)
    return security.keep_session(
        security.keep_device(make_response(redirect(security.local_path(form.next.data), 303))),
        token,
    )


def _sign_in_page(form: SignInForm, status: int) -> Response:
    page = make_response(render_template("people/sign_in.html", form=form), status)
    return security.keep_device(page)


def _person_page(ref: str, form: GrantForm | None = None, status: int = 200) -> Response:
    page = people.person(current_context(), ref)
    form = form or GrantForm(username=page.person.username)
    return htmx.render("people/person.html", "main", status, page=page, form=form)


def _grant(ref: str, form: GrantForm) -> PersonRow | None:
    """The person with their new sign-in; None when the form now says what is wrong."""
    username, password = form.username.data or "", form.password.data or ""
    try:
        return people.grant_sign_in(current_context(), ref, username=username, password=password)
    except Invalid as error:
        field = form.password if error.field == "password" else form.username
        field.errors = [*field.errors, error.message]
        return None
