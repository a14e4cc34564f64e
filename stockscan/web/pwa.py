"""The app on a device's own screen: its manifest, its service worker, the page without network."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, request

from stockscan.web import static
from stockscan.web.offline import rules_json

blueprint = Blueprint("pwa", __name__)

# --bg and --surface of tokens.css: behind the first picture, and what the topbar is made of.
BACKGROUND: Final = "#e9edee"
SURFACE: Final = {"light": "#ffffff", "dark": "#13181a"}
# What opens without a server; the first stands in for every address that is not among them.
KEPT_PAGES: Final = {
    "/offline": "scan/offline.html",
    "/waiting": "waiting/waiting.html",
    "/not-sent": "scan/not_sent.html",
}


@blueprint.app_context_processor
def _bar_colours() -> dict[str, dict[str, str]]:
    """Every page colours the browser's own bars like its topbar below them."""
    return {"bar_colours": SURFACE}


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the browser needs to install the app."""
    return _revalidated(json.dumps(_manifest(_asset())), "application/manifest+json")


@blueprint.get("/sw.js")
def service_worker() -> Response:
    """The service worker of this build; it changes whenever a file or a kept page does."""
    build, script = json.dumps(_build()), json.dumps(_asset()("js/service-worker.js"))
    return _revalidated(f"self.build = {build};\nimportScripts({script});\n", "text/javascript")


@blueprint.get("/offline")
def offline() -> Response:
    """The page that a device opens where no server answers. It is nobody's: it names no person."""
    return _revalidated(_page(KEPT_PAGES["/offline"]), "text/html")


@blueprint.get("/waiting")
def waiting() -> Response:
    """What a device has not sent yet; the device itself fills it in, so it is nobody's either."""
    return _revalidated(_page(KEPT_PAGES["/waiting"]), "text/html")


@blueprint.get("/not-sent")
def not_sent() -> Response:
    """What a device says where a form found no server; the form is a step back."""
    return _revalidated(_page(KEPT_PAGES["/not-sent"]), "text/html")


def _build() -> dict[str, Any]:
    """What the worker keeps, under a name that changes whenever any of it does."""
    asset = _asset()
    root = asset("").rstrip("/")
    pages = hashlib.sha256("".join(map(_page, KEPT_PAGES.values())).encode()).hexdigest()[:10]
    return {
        "version": f"{root.rpartition('/')[2]}-{pages}",
        "root": root,
        "files": [asset(path) for path in static.files_of_pages()],
        "pages": [*KEPT_PAGES],
    }


def _page(template: str) -> str:
    """A page for nobody: the same for all who use the device, whatever they have just done."""
    return render_template(
        template,
        me=None,
        new_id=lambda: "",
        csrf_token=lambda: "",
        get_flashed_messages=lambda **_: [],
        offline_rules=rules_json,
    )


def _asset() -> Callable[[str], str]:
    asset: Callable[[str], str] = current_app.extensions["stockscan.asset"]
    return asset


def _revalidated(body: str, mimetype: str) -> Response:
    """An answer that a browser may keep, and asks for again by its hash before each use."""
    response = make_response(body)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _manifest(asset: Callable[[str], str]) -> dict[str, Any]:
    def icon(name: str, side_px: int, purpose: str = "any") -> dict[str, str]:
        sizes = f"{side_px}x{side_px}"
        return {
            "src": asset(f"img/{name}.png"),
            "sizes": sizes,
            "type": "image/png",
            "purpose": purpose,
        }

    return {
        "id": "/",
        "name": "StockScan",
        "short_name": "StockScan",
        "description": "Assets and spare parts, joined at the moment of the scan.",
        "lang": "en",
        "start_url": "/scan",
        "scope": "/",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": SURFACE["light"],
        "icons": [
            icon("icon-192", 192),
            icon("icon-512", 512),
            icon("icon-maskable-512", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": "Scan", "url": "/scan"},
            {"name": "Needs attention", "url": "/attention"},
        ],
    }
