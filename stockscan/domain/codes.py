"""What a scanned string is: our label codes, their check character, and forgiving reading."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from stockscan.domain.badges import refuse_badge
from stockscan.domain.barcodes import Data, gtin14, understand
from stockscan.domain.errors import Invalid

# 29 symbols, a prime: no vowels (no words), no look-alikes of digits.
ALPHABET: Final = "0123456789BCDFGHJKMNPQRSTVWXZ"
RANDOM_LENGTH: Final = 6
CODE_LENGTH: Final = RANDOM_LENGTH + 1
LONGEST_SCAN: Final = 512

_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOK_ALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
_ADDRESS: Final = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://)?[^\s/?#]+/(?:[^\s?#]*/)?S/([^/?#]+)/?(?:[?#].*)?$", re.IGNORECASE
)
_SERVER: Final = re.compile(r"^(.+)/S/[^/]", re.IGNORECASE)
# Readers may be set to send the symbology first (AIM identifiers such as ]Q1, ]C0, ]d2).
_AIM_PREFIX: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
# The control and direction characters that readers and pages add; those that separate the fields
# of a barcode stay until it is understood.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x03\x05-\x1c\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_SEPARATORS: Final = re.compile(r"[\x04\x1d\x1e]")
# What scanners are set to send before and after.
_AROUND: Final = re.compile(r"^[\s~;]+|[\s~;]+$")
_CODE_39: Final = re.compile(r"^\*([^*]+)\*$")
_DASHES: Final = re.compile(r"[\s\-\u2010-\u2015_.]")


class Kind(StrEnum):
    """What a code can stand for."""

    ASSET = "asset"
    LOCATION = "location"
    PART = "part"
    PERSON = "person"
    COMMAND = "command"
    COUNT = "count"
    BLANK = "blank"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scanned string, cleaned: the label code in it, and the data of a maker's barcode.

    `text` is what is shown and logged, without invisible characters; reading it again gives the
    same.
    """

    text: str
    code: str | None
    data: Data | None = None

    @property
    def is_label_address(self) -> bool:
        """Whether this is the address of a label and not just its code."""
        return self.code is not None and as_code(self.text) is None

    @property
    def server(self) -> str:
        """Of the address of a label the part that names the server; "" for anything else."""
        named = _SERVER.match(unquote(self.text)) if self.is_label_address else None
        return named[1] if named else ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """What this can be known by besides its own words, as `spelling` has it; best first."""
        keys = self.data.keys if self.data else ()
        known = [self.code or "", spelling(self.text), *map(spelling, keys)]
        return tuple(dict.fromkeys(text for text in known if text))


def read(raw: str) -> Scanned:
    """Clean a scanned or typed string and find the label code or the data in it.

    Takes the whole label address of any host, the bare code in any case, with spaces or dashes,
    with look-alike letters and with what scanners put before and after. Raises `Invalid` for
    nothing at all, for more than 512 characters and for a sign-in badge, which is nobody's code.
    """
    if len(raw) > LONGEST_SCAN:
        raise Invalid(
            f"A code has at most {LONGEST_SCAN} characters. Scan the StockScan label instead.",
            code="scan_too_long",
            field="raw",
        )
    refuse_badge(raw)
    if _HALF_CHARACTER.search(raw):
        raise Invalid("That is no text. Scan again or type the code.", field="raw")
    visible = _AROUND.sub("", _INVISIBLE.sub("", raw))
    text = _plain(visible)
    if not text:
        raise Invalid("Nothing was scanned. Scan again or type the code.", field="raw")
    code = _code_in(text)
    data = None if code else understand(visible) or understand(text)
    if data is None or len(data.text) > LONGEST_SCAN:
        return Scanned(text, code)
    return Scanned(data.text, code, data)


def spelling(text: str) -> str:
    """The one spelling under which a foreign barcode is known: any case, GTINs in any length."""
    return gtin14(text) or text.casefold().upper()


def as_code(text: str) -> str | None:
    """The canonical 7 characters if `text` can be read as a label code, else None."""
    squeezed = _DASHES.sub("", text)
    # Asked before the case is changed: some foreign letters have a Latin capital.
    if len(squeezed) != CODE_LENGTH or not squeezed.isascii():
        return None
    squeezed = squeezed.upper().translate(_LOOK_ALIKES)
    if any(symbol not in _VALUES for symbol in squeezed):
        return None
    return squeezed if squeezed[-1] == check_character(squeezed[:-1]) else None


def _plain(visible: str) -> str:
    """The text without what readers put around it, however often they did."""
    text = _SEPARATORS.sub("", visible)
    while (bare := _AROUND.sub("", _AIM_PREFIX.sub("", _CODE_39.sub(r"\1", text)))) != text:
        text = bare
    return text


def _code_in(text: str) -> str | None:
    """The label code that the text is or that its address ends in; %20 and the like are undone."""
    once = unquote(text)
    for spelled in dict.fromkeys((text, once, unquote(once))):
        address = _ADDRESS.match(spelled)
        code = as_code(unquote(address[1]) if address else spelled)
        if code is not None:
            return code
    return None


def check_character(body: str) -> str:
    """The weighted mod-29 check over the six random characters.

    The sum of (i + 2) * v(i) catches every single wrong character and every swap of neighbours,
    because 29 is prime and neighbouring weights differ.
    """
    total = sum((index + 2) * _VALUES[symbol] for index, symbol in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def make_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code; `choose` picks one of the symbols (the edge supplies the randomness)."""
    body = "".join(choose(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + check_character(body)


def shown(code: str) -> str:
    """The code as people read it: 7K3QX9A -> "7K3 QX9A"."""
    return f"{code[:3]} {code[3:]}"


def label_address(public_url: str, code: str) -> str:
    """The address printed on a label: scheme in lower case, host, path and code in upper case.

    Upper case keeps the QR small (alphanumeric mode); an upper-case scheme is not opened by
    several phones, so the scheme stays in lower case.
    """
    scheme, _, rest = public_url.rstrip("/").partition("://")
    return f"{scheme.lower()}://{rest.upper()}/S/{code}"
