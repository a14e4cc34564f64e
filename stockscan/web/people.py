"""The list of people, and each person's page with what lets them in."""

from typing import Final

from flask import Blueprint, Response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from stockscan.services import access, people
from stockscan.services.people import person_texts
from stockscan.store.people import PersonRow
from stockscan.web import creating, htmx, security
from stockscan.web.editing import save
from stockscan.web.inviting import invitation_page
from stockscan.web.label_files import file_response
from stockscan.web.label_sheets import groups, size
from stockscan.web.people_forms import ROLES, EditPersonForm, GrantForm, PersonForm, PinForm
from stockscan.web.security import current_context

blueprint = Blueprint("people", __name__)

# What an address may bring along to the form for a new person.
_KNOWN: Final = ("name", "email", "label", "alias")


@blueprint.get("/people/new")
def new() -> Response:
    """The form for a new person."""
    require(current_context().actor, Permission.PEOPLE_EDIT)
    known = {name: request.args[name] for name in _KNOWN if name in request.args}
    return _form_page(PersonForm(formdata=None, **known))


@blueprint.post("/people")
def create() -> Response:
    """Add a person and, where that is asked for, show their invitation."""
    form = PersonForm()
    made = creating.create(form, "create_person")
    if made is None:
        return _form_page(form, 422)
    if form.invite.data:
        return invitation_page(made["code"])
    return htmx.see_other(made["url"], f"{made['name']} is on the list now.")


@blueprint.get("/people/<ref>/edit")
def edit(ref: str) -> Response:
    """What the books say about a person, to be changed."""
    require(current_context().actor, Permission.PEOPLE_EDIT)
    page = people.person(current_context(), ref)
    form = EditPersonForm(formdata=None)
    form.fill(person_texts(page.person, page.places), page.version)
    return _form_page(form, person=page.person)


@blueprint.post("/people/<ref>/edit")
def change(ref: str) -> Response:
    """Change what the books say about a person."""
    person, form = people.person(current_context(), ref).person, EditPersonForm()
    made = save(form, "edit_person", person=ref)
    if made is None:
        return _form_page(form, 422, person=person)
    return htmx.see_other(made["url"], f"{made['name']} is saved.")


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


@blueprint.post("/people/<ref>/badge")
def issue_badge(ref: str) -> Response:
    """A page with a new badge, this once; the one before opens nothing any more.

    No address leads back to it, so a second tap on what issues it can't happen unseen.
    """
    ctx = current_context()
    return htmx.render(
        "people/badge.html",
        "main",
        badge=access.issue_badge(ctx, ref),
        person=people.person(ctx, ref).person,
        groups=groups(access.badge_stocks(), {}),
        usual=access.USUAL_BADGE_STOCK,
        size=size,
    )


@blueprint.post("/people/<ref>/badge/sheet")
def print_badge(ref: str) -> Response:
    """The badge that this person's page has just shown, on paper."""
    text, stock = request.form.get("badge", ""), request.form.get("stock", "")
    return file_response(access.print_badge(current_context(), ref, text, stock), "badge")


@blueprint.post("/people/<ref>/badge/loss")
def lose_badge(ref: str) -> Response:
    """A badge is lost: it opens nothing any more, at once."""
    person = access.lose_badge(current_context(), ref)
    notice = f"{person.name}'s badge opens nothing any more."
    return htmx.see_other(f"/people/{person.code}", notice)


@blueprint.post("/people/<ref>/pin")
def set_pin(ref: str) -> Response:
    """Give a person a PIN; one's own with the password."""
    form = PinForm()
    given = _set_pin(ref, form) if form.validate() else None
    if given is None:
        return _person_page(ref, None, 422, pin_form=form)
    return htmx.see_other(f"/people/{given.code}", f"{given.name} has a new PIN.")


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


def _form_page(
    form: PersonForm | EditPersonForm, status: int = 200, *, person: PersonRow | None = None
) -> Response:
    form.places.offer(people.areas(current_context()))
    template = "people/edit.html" if person else "people/new.html"
    return htmx.render(template, "main", status, form=form, roles=ROLES, person=person)


def _person_page(
    ref: str, form: GrantForm | None = None, status: int = 200, *, pin_form: PinForm | None = None
) -> Response:
    ctx = current_context()
    page = people.person(ctx, ref)
    return htmx.render(
        "people/person.html",
        "main",
        status,
        page=page,
        form=form or GrantForm(formdata=None, username=page.person.username),
        pin_form=pin_form or PinForm(formdata=None),
        access=access.person_access(ctx, ref),
    )


def _grant(ref: str, form: GrantForm) -> PersonRow | None:
    """The person with their new sign-in; None when the form now says what is wrong."""
    username, password = form.username.data or "", form.password.data or ""
    try:
        return people.grant_sign_in(current_context(), ref, username=username, password=password)
    except (Conflict, Invalid) as error:
        field = form.password if error.field == "password" else form.username
        field.errors = [*field.errors, error.message]
        return None


def _set_pin(ref: str, form: PinForm) -> PersonRow | None:
    """The person with their new PIN; None when the form now says what is wrong."""
    ctx = current_context()
    try:
        password = form.own_password.data or ""
        return access.set_pin(
            ctx, ref, form.pin.data or "", password=password, device=security.device()
        )
    except Invalid as error:
        form.pin.errors = [*form.pin.errors, error.message]
    except (NotAllowed, TooMany) as error:
        if error.code not in {"wrong_password", "too_many"}:
            raise
        form.own_password.errors = [*form.own_password.errors, error.message]
    return None
