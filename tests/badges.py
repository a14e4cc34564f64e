"""Badges, PINs and shared phones for the tests: issued, printed and read from the paper."""

import io
from functools import cache
from typing import Final

from flask import current_app
from PIL import Image

from stockscan.labelling.photos import read_photo
from stockscan.services import access
from stockscan.services.work import unit_of_work
from stockscan.store.passwords import hash_password
from stockscan.store.people import Person
from tests.browser.camera import label_from_pdf
from tests.cast import DEVICE, Cast, Player, context

PIN: Final = "739462"
STOCK: Final = "avery-l7163"
# Its first label, in mm from the top left corner of the sheet.
FIRST_MM: Final = (4.67, 15.15, 99.06, 38.1)


def badge_of(player: Player) -> str:
    """What a new badge of this person says, read from its print."""
    return badge_in(printed_badge(player))


def printed_badge(player: Player) -> bytes:
    """A new badge of this person as a PDF."""
    text = access.issue_badge(context(), player.code)
    return access.print_badge(context(), player.code, text, STOCK).data


def badge_in(pdf: bytes) -> str:
    """What the badge on a printed sheet says."""
    picture = io.BytesIO()
    cut_out(pdf).save(picture, "PNG")
    (seen,) = read_photo(picture.getvalue())
    return seen.text


def cut_out(pdf: bytes) -> Image.Image:
    """A picture of the badge on a printed sheet."""
    return label_from_pdf(pdf, box_mm=FIRST_MM)


def give_pin(player: Player) -> None:
    """Let this person have the PIN of the tests; hashed once, for that is slow on purpose."""
    with unit_of_work() as session:
        session.get_one(Person, player.id).pin_hash = _hashed(str(current_app.secret_key))


def share(cast: Cast, now_us: int | None = None) -> str:
    """The secret of a new shared phone that locks after 5 minutes."""
    return access.share_device(context(cast.supervisor, now_us), DEVICE, "Phone 3", 5)


@cache
def _hashed(_pepper: str) -> str:
    return hash_password(PIN)
