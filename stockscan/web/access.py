"""The way in and out: name and password, badge, PIN, the lock of a shared phone, hand-over."""

from typing import Final
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.badges import refuse_badge
from stockscan.domain.errors import Invalid, NotAllowed, StockScanError, TooMany
from stockscan.services import access, people
from stockscan.services.access import Asked
from stockscan.web import htmx, security
from stockscan.web.errors import status_of
from stockscan.web.security import current_context

blueprint = Blueprint("access", __name__)

# How long somebody may take from showing the badge to the last digit of the PIN.
BADGE_US: Final = 120 * 1_000_000
_BADGE: Final = "badge"


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Name and password, and where the person wanted to go."""

    username = StringField("Sign-in name", [InputRequired("Enter your sign-in name.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    next = HiddenField()


@blueprint.before_app_request
def _refuse_badges_in_addresses() -> None:
    """Whatever page a badge was typed into, none repeats it."""
    for value in request.args.values():
        refuse_badge(value)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; on a shared phone rather for a badge."""
    if security.who() is not None:
        return redirect(_next(), 303)
    if not people.is_anyone_here():
        return redirect("/setup", 303)
    form = SignInForm(next=_next())
    if form.validate_on_submit():
        return _try_password(form)
    by_badge = access.shared_device(security.device()) and "password" not in request.args
    if by_badge and not form.is_submitted():
        return _badge_page(_asked())
    return _password_page(form, 422 if form.is_submitted() else 200)


@blueprint.post("/sign-in/badge")
def badge() -> Response:
    """Let in who shows a badge: at once, or after the PIN; whoever was signed in here is out."""
    try:
        shown = request.form.get("badge", "")
        found = access.sign_in_by_badge(current_context(), shown, security.device())
    except StockScanError as error:
        return _refused(error)
    if found.acts:
        return make_response(redirect(_next(), 303))
    if found.token:
        return _welcome(found.token, found.code)
    _lock_if_shared()
    session[_BADGE] = [found.badge, current_context().now_us + BADGE_US]
    return make_response(redirect(f"/sign-in/pin?next={security.quoted(_next())}", 303))


@blueprint.route("/sign-in/pin", methods=["GET", "POST"])
def pin() -> Response:
    """Ask for the PIN of the badge that was shown, of a locked session, or of a chosen face."""
    asked = _asked()
    if asked is None or request.method == "GET":
        return _badge_page(asked)
    try:
        given = request.form.get("pin", "")
        token = access.sign_in_by_pin(current_context(), asked, given, security.device())
    except (NotAllowed, TooMany) as error:
        return _badge_page(asked, error)
    return _welcome(token, asked.code)


@blueprint.post("/lock")
def lock() -> Response:
    """Lock this session until its person is back; on a phone of one's own nothing is locked."""
    _lock_if_shared()
    return htmx.see_other(f"/sign-in/pin?next={security.quoted(_next())}")


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session of this browser."""
    return security.drop_session(make_response(redirect("/sign-in", 303)))


def _try_password(form: SignInForm) -> Response:
    name, password = form.username.data or "", form.password.data or ""
    try:
        token = access.sign_in(current_context(), name, password, security.device())
    except (Invalid, NotAllowed, TooMany) as error:
        form.password.errors = [error.message]
        if error.code == "sign_in_badge":
            form.username.data = ""  # no page repeats a badge
        return _password_page(form, 429 if isinstance(error, TooMany) else 422)
    return _in_with(token, _next())


def _lock_if_shared() -> None:
    """Nobody goes on as the person before while somebody else is asked for a PIN."""
    person, token = security.who(), security.session_token()
    if person is not None and person.shared and token:
        access.lock(current_context(), token)


def _asked() -> Asked | None:
    """Whose PIN is asked for here."""
    ctx, device = current_context(), security.device()
    code = request.values.get("code", "")
    shown, until_us = session.get(_BADGE, ("", 0))
    badge = shown if not code and until_us > ctx.now_us else ""
    token = security.session_token() or ""
    asked = access.asked_for_pin(ctx, device, badge=badge, code=code, token=token)
    if asked is not None or code:
        return asked
    # A single tap less: the pad is for whoever used this phone last.
    faces = access.people_known_here(device)
    return access.asked_for_pin(ctx, device, code=faces[0].code) if faces else None


def _welcome(token: str, code: str) -> Response:
    """Let somebody in: back to where they were, or where another person was, to the start."""
    before = security.who() or security.locked()
    path = _next()
    if before is not None and before.code != code:
        path = "/scan" if path.startswith("/scan") else "/"
    return _in_with(token, path)


def _in_with(token: str, path: str) -> Response:
    return security.keep_session(security.keep_device(make_response(redirect(path, 303))), token)


def _refused(error: StockScanError) -> Response:
    """What is wrong with a badge, on the page that the person sees anyway."""
    if security.who() is not None:
        return htmx.see_other(_next(), error.message, done=False)
    if access.shared_device(security.device()):
        return _badge_page(_asked(), error)
    form = SignInForm(formdata=None, next=_next())
    form.username.errors = [error.message]
    return _password_page(form, 429 if isinstance(error, TooMany) else 422)


def _badge_page(asked: Asked | None = None, error: StockScanError | None = None) -> Response:
    status = 200
    if error is not None:
        status = 422 if isinstance(error, NotAllowed) else status_of(error)
    device = security.device()
    page = render_template(
        "access/badge.html",
        asked=asked,
        error=error.message if error else "",
        next=_next(),
        device=access.shared_device(device),
        faces=access.people_known_here(device),
        locked=security.locked(),
    )
    return security.keep_device(make_response(page, status))


def _password_page(form: SignInForm, status: int) -> Response:
    shared = access.shared_device(security.device()) is not None
    page = render_template("access/sign_in.html", form=form, next=form.next.data, shared=shared)
    return security.keep_device(make_response(page, status))


def _next() -> str:
    """Where the person wanted to go: a page, never a verb, which no link opens."""
    path = security.local_path(request.values.get("next"))
    try:
        current_app.url_map.bind("").match(urlsplit(path).path, "GET")
    except MethodNotAllowed:
        return "/"
    except HTTPException:
        pass  # it says itself what is wrong with it
    return path
