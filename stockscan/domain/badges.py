"""What a sign-in badge says and what a PIN may be: secrets that no log and no list ever shows."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from stockscan.domain.errors import Invalid

# Upper case and digits alone, so that the QR code is small and every keyboard layout knows the
# signs; 26 signs of 5 bits are 130 bits.
PREFIX: Final = "SSB1"
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SECRET_LENGTH: Final = 26
SHORTEST_PIN: Final = 6
LONGEST_PIN: Final = 12

# Half a badge is half a secret: a torn read is treated like a whole one. A hand scanner that types
# for another keyboard layout changes signs: one more after the prefix, or the digits everywhere.
_ANY_BADGE: Final = re.compile(
    r"SSB1[^A-Z2-7]?[A-Z2-7]{6}|(?:^|[^A-Z0-9])SSB.{0,2}\S{20}", re.IGNORECASE
)
_WHOLE_BADGE: Final = re.compile(r"SSB1[^A-Z2-7]?([A-Z2-7]{26})", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s+")
_RUNS: Final = ("01234567890123456789", "98765432109876543210")
# Diagonals and columns of the pad, and what people think of first.
_FAVOURITES: Final = frozenset(
    {"147258", "258369", "147369", "159753", "741852", "963852", "789456", "456789", "123321",
     "112233", "121212", "123123", "420420", "696969", "007007", "131313", "520520"}
)  # fmt: skip


def make_badge(choose: Callable[[Sequence[str]], str]) -> str:
    """The text of a new badge; `choose` picks one of the signs (the edge supplies chance)."""
    return PREFIX + "".join(choose(ALPHABET) for _ in range(SECRET_LENGTH))


def is_badge(text: str) -> bool:
    """Whether a text holds a sign-in badge, or a piece of one."""
    return _ANY_BADGE.search(text) is not None


def read_badge(raw: str) -> str:
    """The one spelling of the badge that was scanned or typed. Raises `Invalid` for anything else.

    What readers put around it (spaces, a symbology's identifier, a line end) does no harm.
    """
    found = _WHOLE_BADGE.search(_SPACES.sub("", raw[:200]))
    if found is None and is_badge(raw):
        message = "The badge was not read right. Is the hand scanner set to this device's keyboard?"
        raise Invalid(message, field="badge")
    if found is None:
        raise Invalid("That is no sign-in badge. Scan the badge, not a label.", field="badge")
    return PREFIX + found[1].upper()


def refuse_badge(text: str) -> None:
    """Raise `Invalid`, which never repeats the text, where a badge has no business."""
    if is_badge(text):
        raise Invalid(
            "That is a sign-in badge, not a label. Nothing was kept. It only signs people in.",
            code="sign_in_badge",
        )


def check_pin(pin: str, *own: str) -> str:
    """The PIN if it may be used, else `Invalid`; `own` are texts of the person it may not be in."""
    if not (SHORTEST_PIN <= len(pin) <= LONGEST_PIN and pin.isascii() and pin.isdecimal()):
        message = f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits."
        raise Invalid(message, field="pin")
    if is_obvious(pin) or any(pin in text for text in own):
        message = "Others would try that PIN first. Choose digits without a pattern or a date."
        raise Invalid(message, field="pin")
    return pin


def is_obvious(pin: str) -> bool:
    """Whether a PIN is one that people guess: few digits, a repetition, a run, a date."""
    if len(set(pin)) < 3 or pin in _FAVOURITES or any(pin in run for run in _RUNS):
        return True
    return _repeats(pin) or _is_date(pin)


def _repeats(pin: str) -> bool:
    """Whether it is one piece again and again, forwards or mirrored."""
    pieces = (pin[:length] for length in range(1, len(pin) // 2 + 1))
    return any(piece * (len(pin) // len(piece)) == pin for piece in pieces) or pin == pin[::-1]


def _is_date(pin: str) -> bool:
    """Whether it is a day of the last or this century in one of the usual orders."""
    if len(pin) == 6:
        a, b, c = (int(pin[index : index + 2]) for index in (0, 2, 4))
        return any(_is_day(2000 + y, m, d) for y, m, d in ((a, b, c), (c, b, a), (c, a, b)))
    if len(pin) != 8:
        return False
    first, last = int(pin[:4]), int(pin[4:])
    orders = [(first, *divmod(last, 100)), (last, first % 100, first // 100)]
    orders.append((last, *divmod(first, 100)))
    return any(1900 <= y < 2100 and _is_day(y, m, d) for y, m, d in orders)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
