"""Where all pages about purchasing hang, and the way back from a button of theirs."""

from collections.abc import Callable

from flask import Blueprint, Response

from stockscan.domain.errors import NotAllowed, NotFound, StockScanError
from stockscan.web import htmx

blueprint = Blueprint("purchasing", __name__)


def requisition_path(number: int) -> str:
    """The page of a requisition."""
    return f"/requisitions/{number}"


def after(path: str, act: Callable[[], object], words: str) -> Response:
    """Do it and show the page again: with what was done, or why it was not."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except StockScanError as error:
        return htmx.see_other(path, error.message, done=False)
    return htmx.see_other(path, words)
