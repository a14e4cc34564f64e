"""Addresses of things: where the page of a code is, and where a scan goes on with it."""

from typing import Final
from urllib.parse import quote, urlencode

from werkzeug.routing import IntegerConverter, Map

LARGEST_NUMBER: Final = 2**63 - 1

_FOLDERS: Final = {
    "asset": "assets",
    "location": "locations",
    "part": "parts",
    "person": "people",
    "job": "jobs",
}


class RowNumber(IntegerConverter):
    """A number in an address; what is larger than any row's is an address that we do not have."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_NUMBER)


def row_number(text: str) -> int:
    """The number that a parameter says. Raises `ValueError` for one that no row can have."""
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(text)
    return number


def thing_path(kind: str, code: str) -> str:
    """The page of a thing; of a code that nothing carries yet, the scan screen with it."""
    folder = _FOLDERS.get(kind)
    return f"/{folder}/{code}" if folder else scan_path("look_up", code)


def model_path(name: str) -> str:
    """The page of a model, which has no code."""
    return f"/models/{quote(name)}"


def supplier_path(name: str) -> str:
    """The page of a supplier, which has no code."""
    return f"/suppliers/{quote(name)}"


def scan_path(mode: str, on: str) -> str:
    """The scan screen in a mode, with the thing that the next scan acts on."""
    return f"/scan?{urlencode({'mode': mode, 'on': on})}"
