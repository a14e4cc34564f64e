"""Static files under a path that changes with their content, so browsers keep them for ever."""

import hashlib
from functools import cache
from typing import Final
from wsgiref.headers import Headers

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise

from stockscan.paths import STATIC
from stockscan.web.headers import SECURITY_HEADERS

# Types, licences, notes and the icons of the home screen are not loaded by pages.
_LOADED_BY_PAGES: Final = frozenset({".css", ".js", ".svg", ".wasm", ".woff2"})


def init_app(app: Flask) -> None:
    """Serve the static folder in front of the app; templates get `asset()` and `icon()`."""
    root = f"/static/{_build()}"

    def asset(path: str) -> str:
        return f"{root}/{path}"

    @cache
    def icon(name: str, classes: str = "") -> Markup:
        return Markup(
            '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"/></svg>'
        ).format(classes, asset(f"icons.svg#{name}"))

    app.jinja_env.globals.update(asset=asset, icon=icon)
    app.extensions["stockscan.asset"] = asset
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=root,
        autorefresh=app.debug,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: url.startswith(root),
        add_headers_function=_add_headers,
    )


@cache
def files_of_pages() -> tuple[str, ...]:
    """Paths in the static folder of all that a page may load."""
    paths = (path for path in STATIC.rglob("*") if path.suffix in _LOADED_BY_PAGES)
    return tuple(sorted(path.relative_to(STATIC).as_posix() for path in paths))


@cache
def _build() -> str:
    """A short hash of every file's name and content."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(STATIC)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:10]


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
