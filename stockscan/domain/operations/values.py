"""The values that operations carry: each is checked and turned into what the rules compute with.

Every parser takes the field's name and the raw value, and raises `Invalid` that names the field.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from stockscan.domain.badges import refuse_badge
from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import parse_cost, parse_money, parse_quantity, parse_scaled

WHOLE_BP: Final = 10_000
LONGEST_TEXT: Final = 2000
# A lot or a serial; GS1 labels hold at most 20 characters.
LONGEST_MARK: Final = 100
MOST_MARKS: Final = 500
MOST_CHOICES: Final = 100
LONGEST_AGE_MS: Final = 10 * 365 * 86_400_000
LONGEST_CARRY_MIN: Final = 7 * 24 * 60
# Digits of the largest 64-bit integer.
LONGEST_WHOLE: Final = 19
# Hexadecimal digits of a clock that is good for the next 30,000 years.
LONGEST_SEEN: Final = 15

# Halves of surrogate pairs: JSON can spell them, no encoding can store them.
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HEX: Final = frozenset("0123456789abcdef")

Parser = Callable[[str, Any], Any]


def as_text(name: str, raw: Any) -> str:
    """Text of at most 2,000 characters, without what no encoding can store."""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Invalid(f"{name} must be text.", field=name)
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{name} is longer than {LONGEST_TEXT} characters.", field=name)
    if _NO_TEXT.search(text):
        raise Invalid(f"{name} has characters that are no text.", field=name)
    refuse_badge(text)
    return text


def as_reference(name: str, raw: Any) -> str:
    """Any scanned text that may stand for a thing."""
    text = as_text(name, raw)
    if not text or len(text) > LONGEST_SCAN:
        raise Invalid(f"{name} must be a code of 1 to {LONGEST_SCAN} characters.", field=name)
    return text


def as_name(name: str, raw: Any) -> str:
    """A name of 1 to 200 characters."""
    text = as_text(name, raw)
    if not 1 <= len(text) <= 200:
        raise Invalid(f"{name} must have 1 to 200 characters.", field=name)
    return text


def as_mark(name: str, raw: Any) -> str:
    """A lot or a serial."""
    text = as_text(name, raw)
    if len(text) > LONGEST_MARK or not text.isprintable():
        raise Invalid(f"{name} must have 1 to {LONGEST_MARK} plain characters.", field=name)
    return text


def as_marks(name: str, raw: Any) -> list[str]:
    """Serials as a list, or as one text between commas, semicolons or line ends; each once."""
    if isinstance(raw, str):
        raw = re.split(r"[,;\r\n]", raw)
    if not isinstance(raw, list) or len(raw) > MOST_MARKS:
        raise Invalid(f"{name} must be a list of at most {MOST_MARKS} serials.", field=name)
    first: dict[str, str] = {}
    for each in raw:
        mark = as_mark(name, each)
        first.setdefault(mark.lower(), mark)
    return [mark for mark in first.values() if mark]


def as_quantity(name: str, raw: Any) -> int:
    """A positive quantity, in thousandths of the unit."""
    return parse_quantity(raw, field=name)


def as_count(name: str, raw: Any) -> int:
    """A counted quantity, in thousandths of the unit; nothing was found is one too."""
    return parse_quantity(raw, field=name, zero=True)


def as_entries(name: str, raw: Any) -> list[str]:
    """How a count came about, oldest first: "12" was typed, "+1" was scanned on top of it."""
    if not isinstance(raw, list) or len(raw) > MOST_MARKS:
        raise Invalid(f"{name} must be a list of at most {MOST_MARKS} numbers.", field=name)
    texts = [as_text(name, each).strip() for each in raw]
    for text in texts:
        parse_quantity(text.removeprefix("+"), field=name, zero=True)
    return texts


def as_cost(name: str, raw: Any) -> int:
    """A cost per unit, in 1/10,000."""
    return parse_cost(raw, field=name)


def as_money(name: str, raw: Any) -> int:
    """An amount, in cents."""
    return parse_money(raw, field=name)


def as_share(name: str, raw: Any) -> int:
    """A percentage above 0 and up to 100, in hundredths of a percent."""
    share_bp = parse_scaled(raw, scale=100, field=name)
    if not 1 <= share_bp <= WHOLE_BP:
        raise Invalid(f"{name} must be more than 0 and at most 100.", field=name)
    return share_bp


def as_level(name: str, raw: Any) -> int:
    """A service level in hundredths of a percent: from 50 to 99.99, for all of it is never sure."""
    level_bp = parse_scaled(raw, scale=100, field=name)
    if not WHOLE_BP // 2 <= level_bp < WHOLE_BP:
        raise Invalid(f"{name} must be from 50 to 99.99, in percent.", field=name)
    return level_bp


def as_day(name: str, raw: Any) -> date:
    """A date in its one ISO spelling."""
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    # Other spellings of ISO 8601 are dates too, but one is enough to compare and to prove.
    if day is None or day.isoformat() != raw:
        raise Invalid(f"{name} must be a date like 2026-11-22.", field=name)
    return day


def as_flag(name: str, raw: Any) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise Invalid(f"{name} must be true or false.", field=name)
    return raw


def as_id(name: str, raw: Any) -> str:
    """A client-made UUID."""
    return parse_id(raw, field=name)


def whole(minimum: int, maximum: int) -> Parser:
    """A parser of whole numbers between two bounds."""

    def parse(name: str, raw: Any) -> int:
        if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_WHOLE:
            raw = int(raw)
        if isinstance(raw, bool) or not isinstance(raw, int) or not minimum <= raw <= maximum:
            raise Invalid(f"{name} must be a whole number from {minimum} to {maximum}.", field=name)
        return raw

    return parse


def one_of(*allowed: str) -> Parser:
    """A parser that takes these words alone."""

    def parse(name: str, raw: Any) -> str:
        if raw not in allowed:
            raise Invalid(f"{name} must be one of {', '.join(allowed)}.", field=name)
        return str(raw)

    return parse


def as_references(name: str, raw: Any) -> list[str]:
    """Things as a list, or as one text between commas or line ends; each once."""
    if isinstance(raw, str):
        raw = re.split(r"[,\r\n]", raw)
    if not isinstance(raw, list) or len(raw) > MOST_MARKS:
        raise Invalid(f"{name} must be a list of at most {MOST_MARKS} codes.", field=name)
    return list(dict.fromkeys(as_reference(name, each) for each in raw if each))


def as_choices(name: str, raw: Any) -> list[str]:
    """What may be chosen, as a list or as one text with a line for each; each once."""
    if isinstance(raw, str):
        raw = raw.splitlines()
    if not isinstance(raw, list) or len(raw) > MOST_CHOICES:
        raise Invalid(f"{name} must be at most {MOST_CHOICES}, one a line.", field=name)
    first: dict[str, str] = {}
    for each in filter(None, raw):
        choice = " ".join(as_name(name, each).split())
        first.setdefault(choice.casefold(), choice)
    return list(first.values())


def as_custom(name: str, raw: Any) -> dict[str, str]:
    """The company's own fields: number of the field to its text. What fits the service says."""
    if not isinstance(raw, Mapping) or not all(str(key).isdecimal() for key in raw):
        raise Invalid(f"{name} must be an object of field numbers and texts.", field=name)
    return {str(key): as_text(name, value) for key, value in raw.items()}


def as_seen(name: str, raw: Any) -> int:
    """The clock that the server sent, in microseconds."""
    text = raw if isinstance(raw, str) else ""
    digits = text.removeprefix("s")
    if digits == text or not 1 <= len(digits) <= LONGEST_SEEN or set(digits) - _HEX:
        raise Invalid("seen must be what the server sent.", field=name, code="malformed")
    return int(digits, 16)


def is_id(text: str) -> bool:
    """Whether the text is a client-made UUID in its canonical form."""
    return _UUID.fullmatch(text) is not None


def parse_id(raw: object, *, field: str = "id") -> str:
    """A client-made UUID in its canonical form; raises `Invalid` for anything else."""
    text = raw if isinstance(raw, str) else ""
    try:
        identity = uuid.UUID(text)
    except ValueError:
        identity = None
    if identity is None or len(text) != len(str(identity)):
        raise Invalid(f"{field} must be a UUID.", field=field, code="malformed")
    return str(identity)
