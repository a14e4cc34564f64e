"""What a scanned string is: our label codes, their check character, and forgiving reading."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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
# Readers may be set to send the symbology first (AIM identifiers such as ]Q1, ]C0, ]d2).
_AIM_PREFIX: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
# The C0 and C1 control characters that readers add; GS stays, it separates GS1 fields.
_CONTROL: Final = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


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
    """A scanned string, cleaned, and the label code in it if it has the form of one."""

    text: str
    code: str | None


def read(raw: str) -> Scanned:
    """Clean a scanned or typed string and find the label code in it.

    Takes the whole label address of any host, the bare code in any case, with spaces or dashes,
    with look-alike letters and with what scanners put before and after. Raises `Invalid` for
    nothing at all and for more than 512 characters.
    """
    if len(raw) > LONGEST_SCAN:
        raise Invalid(
            f"A code has at most {LONGEST_SCAN} characters. Scan the StockScan label instead.",
            code="scan_too_long",
            field="raw",
        )
    if _HALF_CHARACTER.search(raw):
        raise Invalid("That is no text. Scan again or type the code.", field="raw")
    text = _AIM_PREFIX.sub("", _CONTROL.sub("", raw).strip())
    if not text:
        raise Invalid("Nothing was scanned. Scan again or type the code.", field="raw")
    address = _ADDRESS.match(text)
    return Scanned(text=text, code=as_code(address.group(1) if address else text))


def as_code(text: str) -> str | None:
    """The canonical 7 characters if `text` can be read as a label code, else None."""
    squeezed = re.sub(r"[\s\-‐-―_.]", "", text).upper().translate(_LOOK_ALIKES)
    if len(squeezed) != CODE_LENGTH or any(symbol not in _VALUES for symbol in squeezed):
        return None
    return squeezed if squeezed[-1] == check_character(squeezed[:-1]) else None


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
