"""Addresses of things: where the page of a code is, and where a scan goes on with it."""

from typing import Final
from urllib.parse import quote, urlencode

_FOLDERS: Final = {
    "asset": "assets",
    "location": "locations",
    "part": "parts",
    "person": "people",
}


def thing_path(kind: str, code: str) -> str:
    """The page of a thing; of a code that nothing carries yet, the scan screen with it."""
    folder = _FOLDERS.get(kind)
    return f"/{folder}/{code}" if folder else scan_path("look_up", code)


def model_path(name: str) -> str:
    """The page of a model, which has no code."""
    return f"/models/{quote(name)}"


def scan_path(mode: str, on: str) -> str:
    """The scan screen in a mode, with the thing that the next scan acts on."""
    return f"/scan?{urlencode({'mode': mode, 'on': on})}"
