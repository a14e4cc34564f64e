"""The door: who is behind a request, what passes without a person, and what is turned away."""

import secrets
import time
import uuid
from typing import Final
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, current_app, g, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from stockscan.domain.access import Permission
from stockscan.domain.errors import NotAllowed, NotSignedIn, StockScanError
from stockscan.services import access
from stockscan.services.access import SignedIn
from stockscan.services.work import Context
from stockscan.web import htmx
from stockscan.web.errors import wants_json

# Everything else asks for a signed-in person.
PUBLIC_ENDPOINTS: Final[frozenset[str]] = frozenset(
    {
        "access.badge",
        "access.pin",
        "access.sign_in",
        "access.sign_out",
        "found.label",
        "found.label_in_lower_case",
        "health.healthz",
        "health.readyz",
        "invitations.accept",
        "pwa.manifest",
        "pwa.not_sent",
        "pwa.offline",
        "pwa.service_worker",
        "pwa.waiting",
        "setup.first",
        "trust.authority",
        "trust.check",
        "trust.show",
    }
)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_COOKIE: Final = "stockscan"
DEVICE_COOKIE: Final = "stockscan-device"
YEAR_S: Final = 365 * 86_400

_csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Put the door in front of every endpoint of the app."""
    app.session_interface = _FormSession()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # the door asks, after it knows who comes
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Sec-Fetch-Site and Origin say more than the referrer
    )
    _csrf.init_app(app)
    app.before_request(_door)
    app.context_processor(lambda: {"me": who(), "may": _may})


def who() -> SignedIn | None:
    """The person behind this request, None before signing in."""
    found: SignedIn | None = g.get("signed_in")
    return found


def locked() -> SignedIn | None:
    """Whose session waits here, locked, for its person to come back."""
    found: SignedIn | None = g.get("locked")
    return found


def _may(permission: str) -> bool:
    """For templates: whether to show what only some may do. The services check again."""
    person = who()
    return person is not None and person.actor.may(Permission(permission))


def current_context() -> Context:
    """The context of the verbs that this request calls: one actor and one time for all of it."""
    person = who()
    return Context(
        actor=person.actor if person else None, now_us=_now_us(), new_id=lambda: str(uuid.uuid4())
    )


def keep_session(response: Response, token: str) -> Response:
    """Give the browser the session it signed in with; the one before ends, whoever's it was."""
    before = session_token()
    if before:
        access.sign_out(current_context(), before)
    _forget_form_session()
    name = _cookie_name(request, SESSION_COOKIE)
    _set_cookie(response, name, token, max_age_s=access.LONGEST_SESSION_US // 1_000_000)
    return response


def drop_session(response: Response) -> Response:
    """End this browser's session and take its cookie away."""
    token = session_token()
    if token:
        access.sign_out(current_context(), token)
    _forget_form_session()
    name = _cookie_name(request, SESSION_COOKIE)
    response.delete_cookie(name, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
    return response


def device() -> str:
    """The random name of this browser, new if it has none yet; see `keep_device`."""
    if "device" not in g:
        kept = request.cookies.get(_cookie_name(request, DEVICE_COOKIE), "")
        g.device = kept if 20 <= len(kept) <= 64 else secrets.token_urlsafe(24)
    return str(g.device)


def keep_device(response: Response, secret: str = "") -> Response:
    """Let the browser remember its secret name, by which its tries are counted, or a new one."""
    name = _cookie_name(request, DEVICE_COOKIE)
    _set_cookie(response, name, secret or device(), max_age_s=YEAR_S)
    return response


def kept_choice(name: str) -> str:
    """What this browser's owner chose under that name; whatever a stranger may have put there."""
    return request.cookies.get(_cookie_name(request, f"stockscan-{name}"), "")


def keep_choice(response: Response, name: str, chosen: str) -> None:
    """Let the browser remember a choice for a year."""
    _set_cookie(response, _cookie_name(request, f"stockscan-{name}"), chosen, max_age_s=YEAR_S)


def ask_to_sign_in() -> ResponseReturnValue:
    """Send whoever is not signed in to the sign-in page, and from there back to here."""
    if wants_json():
        raise NotSignedIn(code="locked" if locked() else None)
    page = "/sign-in/pin" if locked() else "/sign-in"
    path = f"{page}?next={quoted(local_path(htmx.current_page()))}"
    return htmx.leave_to(path) if htmx.wants_fragment() else redirect(path, 303)


def quoted(path: str) -> str:
    """A path as the value of another address's `next`."""
    return quote(path, safe="")


def local_path(raw: str | None) -> str:
    """`raw` if it is a path on this server, else the first page; never another site."""
    if not raw or not raw.startswith("/") or raw.startswith(("//", "/\\")) or not raw.isprintable():
        return "/"
    address = urlsplit(raw)
    return raw if not address.scheme and not address.netloc and "\\" not in raw else "/"


def _door() -> ResponseReturnValue | None:
    _check_host()
    bearer = _bearer_token()
    if bearer is not None:
        g.signed_in = access.token_bearer(bearer)
    else:
        token = session_token()
        found = access.signed_in(token, _now_us()) if token else None
        is_locked = found is not None and found.locked
        g.signed_in, g.locked = (None, found) if is_locked else (found, None)
    # An address that does not exist has no endpoint: a 404 for everyone.
    if request.endpoint is not None and request.endpoint not in PUBLIC_ENDPOINTS and who() is None:
        return ask_to_sign_in()
    if bearer is None and request.method not in SAFE_METHODS and request.endpoint is not None:
        _refuse_foreign_origin()
        _csrf.protect()
    _refuse_no_text()
    return None


def _refuse_no_text() -> None:
    """Nobody types a NUL, and PostgreSQL takes it in no text; a scan has an answer of its own."""
    if request.blueprint in {"scan", "label_checks"}:
        return
    sent = [request.path, *(text for _, text in request.args.items(multi=True))]
    if request.method not in SAFE_METHODS:
        sent += [text for _, text in request.form.items(multi=True)]
    if any("\x00" in text for text in sent):
        raise BadRequest


def _check_host() -> None:
    # Flask's own TRUSTED_HOSTS can't express an IPv6 address.
    name = (urlsplit(f"//{request.host}").hostname or "") if request.host else ""
    if not current_app.config["STOCKSCAN"].answers_to(name):
        message = "This server does not go by that name. An admin can add it to the trusted hosts."
        raise StockScanError(message, code="unknown_host")


def _refuse_foreign_origin() -> None:
    """Refuse a write from another site's page; browsers say so, programs send neither header."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        foreign = site not in {"same-origin", "none"}
    else:
        origin = request.headers.get("Origin")
        ours = {request.host_url.rstrip("/"), current_app.config["STOCKSCAN"].public_url}
        foreign = origin is not None and origin not in ours
    if foreign:
        raise NotAllowed(
            "That came from another site. Open StockScan and do it here.", code="foreign_origin"
        )


def _bearer_token() -> str | None:
    if not wants_json():
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def session_token() -> str | None:
    """The secret of this browser's session, as its cookie says."""
    return request.cookies.get(_cookie_name(request, SESSION_COOKIE))


def _cookie_name(asked: Request, name: str) -> str:
    return f"__Host-{name}" if asked.is_secure else name


def _set_cookie(response: Response, name: str, value: str, *, max_age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _forget_form_session() -> None:
    session.clear()


def _now_us() -> int:
    if "now_us" not in g:
        g.now_us = time.time_ns() // 1000
    return int(g.now_us)


class _FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie, which holds the CSRF token and notices, nothing about who it is.

    (typing.override comes with Python 3.12; we run on 3.11 too.)
    """

    def get_cookie_name(self, app: Flask) -> str:  # type: ignore[explicit-override]  # noqa: ARG002
        return _cookie_name(request, "stockscan-form")

    def get_cookie_secure(self, app: Flask) -> bool:  # type: ignore[explicit-override]  # noqa: ARG002
        return request.is_secure
