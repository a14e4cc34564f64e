"""The security headers of every answer, static files and errors included, and the request id."""

import secrets
from typing import Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from stockscan.services.settings import settings_in_force

# Fonts come from our own files; 'wasm-unsafe-eval' only because the decoder is WebAssembly.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

HTTPS_ONLY: Final = "max-age=31536000"
FORGET: Final = "max-age=0"


def init_app(app: Flask) -> None:
    """Give each request an id before anything else, and each answer its headers."""
    app.before_request(_name_request)
    app.after_request(_add_headers)


def request_id() -> str:
    """The id that this request is logged under and that its error page shows."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def _name_request() -> None:
    request_id()


def _add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-ID"] = request_id()
    if request.is_secure and response.mimetype == "text/html" and (words := _https_only()):
        headers.setdefault("Strict-Transport-Security", words)
    headers.add("Vary", "HX-Request-Type")
    # Personal unless a view says otherwise: the Back button must not show it after signing out.
    headers.setdefault("Cache-Control", "no-store")
    return response


def _https_only() -> str:
    """What browsers are to remember of https, once an admin has said that all phones trust it.

    Behind a proxy, what it says itself stands; else taking it back makes browsers forget it.
    """
    try:
        if settings_in_force().only_https:
            return HTTPS_ONLY
    except SQLAlchemyError:  # a page about a database that does not answer is still a page
        return ""
    return FORGET if current_app.config["STOCKSCAN"].lan else ""
