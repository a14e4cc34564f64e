"""The first start in the browser: the company, the first admin, and what to do then."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from stockscan.domain.company import read_money
from stockscan.domain.errors import Invalid, NotAllowed, RuleBroken
from stockscan.services import access, demo, people, setup
from stockscan.services.setup import FirstAdmin
from stockscan.web import htmx, security
from stockscan.web.security import current_context

blueprint = Blueprint("setup", __name__)

HIDE_STEPS = "first-steps"


class SetupForm(FlaskForm):  # type: ignore[misc]
    """All that StockScan must know to begin; what fits is the service's to say."""

    code = StringField("Setup code")
    company = StringField("Company")
    currency = StringField("Currency", default="EUR")
    asset_threshold_minor = StringField("Asset above", default="500")
    name = StringField("Your name")
    username = StringField("Sign-in name")
    password = PasswordField("Password")

    def company_values(self) -> dict[str, Any]:
        """The settings that were typed, cleaned of what nobody means to type."""
        return {
            "company": (self.company.data or "").strip(),
            "currency": (self.currency.data or "").strip().upper(),
            "asset_threshold_minor": read_money(self.asset_threshold_minor.data),
        }

    def admin(self) -> FirstAdmin:
        """Who sets it up."""
        texts = (self.name.data, self.username.data, self.password.data)
        return FirstAdmin(*(text or "" for text in texts))


@blueprint.route("/setup", methods=["GET", "POST"])
def first() -> Response:
    """Make the first admin; over for good once anybody is here."""
    if people.is_anyone_here():
        return make_response(redirect("/sign-in", 303))
    form = SetupForm(code=request.args.get("code", ""))
    token = _begin(form) if form.validate_on_submit() else None
    if token is None:
        return _page(form, 422 if form.is_submitted() else 200)
    response = security.keep_device(htmx.see_other("/", "StockScan is yours. Start below."))
    return security.keep_session(response, token)


@blueprint.post("/setup/examples")
def examples() -> Response:
    """Put the sample's places, parts and machines into an empty database."""
    try:
        made = demo.load_examples(current_context())
    except RuleBroken as error:
        return htmx.see_other("/", error.message, done=False)
    return htmx.see_other("/", f"{made} examples are on the books. Print some labels next.")


@blueprint.post("/setup/steps/dismissal")
def dismiss() -> Response:
    """Show the first steps no more in this browser."""
    response = htmx.see_other("/")
    security.keep_choice(response, HIDE_STEPS, "hidden")
    return response


def _begin(form: SetupForm) -> str | None:
    """The session of the first admin; None when the form now says what is wrong."""
    ctx, admin = current_context(), form.admin()
    try:
        setup.set_up(ctx, form.code.data or "", admin, **form.company_values())
    except Invalid as error:
        for name, sentence in error.details["faults"].items():
            form[name].errors = [sentence]
        return None
    except NotAllowed as error:
        form.code.errors = [error.message]
        return None
    return access.sign_in(ctx, admin.username, admin.password, security.device())


def _page(form: SetupForm, status: int) -> Response:
    asks = bool(form.code.errors) or not form.code.data
    page = render_template("setup/setup.html", form=form, asks_code=asks)
    return security.keep_device(make_response(page, status))
