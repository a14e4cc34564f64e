"""Bringing a phone to https: the page that walks through trusting us, and the phone's self-check.

Both are for phones on which nobody has signed in yet, so they are public and hold no secret.
"""

import plistlib
import uuid
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, current_app, make_response, render_template, request

from stockscan.domain.errors import NotFound
from stockscan.services.certificates.issuing import fingerprint
from stockscan.web import headers
from stockscan.web.config import ALWAYS_TRUSTED
from stockscan.web.lan import Lan
from stockscan.web.qr import qr_path

blueprint = Blueprint("trust", __name__)

PLATFORMS: Final = {"iphone": "iPhone, iPad", "android": "Android", "other": "Computers"}
# Phones take a certificate by its media type, whatever the name of the file.
CRT, MOBILECONFIG = "ca.crt", "ca.mobileconfig"


@blueprint.get("/trust")
def show() -> Response:
    """The steps for this phone, the certificate's fingerprint, and the way on to https."""
    lan, root = _lan(), _root()
    host = _host_for_phones()
    https = lan.url(host) if lan else current_app.config["STOCKSCAN"].public_url
    begin = lan.trust_url(host) if lan else ""
    page = _page("trust/trust.html", root=root, https=https, begin=begin, qr=qr_path(begin))
    # To learn whether this phone trusts us already, the page asks for a file at the https door.
    policy = headers.CONTENT_SECURITY_POLICY
    if https.startswith("https:"):
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {https}")
    page.headers["Content-Security-Policy"] = policy
    return page


@blueprint.get("/trust/<file>")
def authority(file: str) -> Response:
    """The root certificate, as phones and computers take it."""
    root = _root()
    if root is None or file not in {CRT, MOBILECONFIG}:
        raise NotFound
    der = root.public_bytes(Encoding.DER)
    if file == CRT:
        answer = Response(der, mimetype="application/x-x509-ca-cert")
    else:
        answer = Response(_profile(root, der), mimetype="application/x-apple-aspen-config")
    answer.headers["Content-Disposition"] = f"attachment; filename=StockScan-{file}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.get("/device/check")
def check() -> Response:
    """What works on this phone and what to do about the rest; the page itself finds out."""
    return _page("trust/check.html", has_root=_root() is not None)


def _page(template: str, **values: Any) -> Response:
    return make_response(
        render_template(
            template,
            platform=_platform(request.user_agent.string),
            platforms=PLATFORMS,
            is_here=_host() in ALWAYS_TRUSTED,
            fingerprint=fingerprint,
            **values,
        )
    )


def _lan() -> Lan | None:
    lan: Lan | None = current_app.config["STOCKSCAN"].lan
    return lan


def _root() -> x509.Certificate | None:
    lan = _lan()
    return lan.authority.root() if lan and lan.authority else None


def _host() -> str:
    return urlsplit(request.host_url).hostname or ""


def _host_for_phones() -> str:
    """The name that this page was asked by; empty for one that only this machine understands."""
    return "" if _host() in ALWAYS_TRUSTED else _host()


def _platform(agent: str) -> str:
    if "Android" in agent:
        return "android"
    return "iphone" if "iPhone" in agent or "iPad" in agent else "other"


def _profile(root: x509.Certificate, der: bytes) -> bytes:
    """The configuration profile that puts the root on an iPhone; the same root, the same ids."""
    (common,) = root.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    kind = {"PayloadVersion": 1, "PayloadDisplayName": str(common.value)}
    certificate = {
        **kind,
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": "stockscan.root",
        "PayloadUUID": _id(der, "root"),
        "PayloadContent": der,
    }
    profile = {
        **kind,
        "PayloadType": "Configuration",
        "PayloadIdentifier": "stockscan",
        "PayloadUUID": _id(der, "profile"),
        "PayloadDescription": "Lets this device trust StockScan in your own network.",
        "PayloadContent": [certificate],
    }
    return plistlib.dumps(profile)


def _id(der: bytes, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {der.hex()}")).upper()
