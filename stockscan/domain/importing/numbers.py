"""Numbers of foreign files: decimal point or comma, thousands, currency signs.

Only what one separator with three digits behind it means is ever open (1.234); it is decided by
column, and never guessed.
"""

import re
from collections.abc import Iterable
from typing import Final

from stockscan.domain.errors import Invalid
from stockscan.domain.importing.cells import Broken, Exact

POINT: Final = "point"
COMMA: Final = "comma"
STYLES: Final = (POINT, COMMA)

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]")
_AROUND: Final = re.compile(
    r"(?:[$€£¥₹]|US\$|Fr\.?|zł|kr|[A-Z]{3})?(?P<number>.*?)(?:[$€£¥₹]|zł|kr|[A-Z]{3})?"
)
_BARE: Final = re.compile(r"[+-]?\d+")
_ONE_MARK: Final = re.compile(r"[+-]?(\d+)([.,])(\d+)")
_POINT: Final = re.compile(r"[+-]?(?:\d{1,3}(?:[,'’]\d{3})+|\d+)?(?:\.\d+)?")
_COMMA: Final = re.compile(r"[+-]?(?:\d{1,3}(?:[.'’]\d{3})+|\d+)?(?:,\d+)?")
_MONTHS: Final = re.compile(r"(?i)(\d+)(months?|mos?\.?|days?|pcs\.?|ea\.?)")
_THREE: Final = 3


def styles_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The styles in which the numbers of a column may be read: none needed, one, or both.

    An empty answer is a column where nothing depends on the style; both is one to ask about.
    """
    fits, open_ends = {POINT, COMMA}, False
    for text in texts:
        if isinstance(text, Exact | Broken):
            continue
        bare = _bare(text)
        marks = {mark for mark in bare if mark in ".,"}
        if not marks or not any(digit.isdigit() for digit in bare):
            continue
        styles = _styles_of(bare)
        open_ends = open_ends or bool(styles)
        fits &= styles or {POINT, COMMA}
    if not open_ends:
        return ()
    return tuple(style for style in STYLES if style in fits) or STYLES


def as_plain(text: str, style: str) -> str:
    """A number as plain digits with a decimal point, without currency and thousands.

    Raises `Invalid` for what is no number in that style.
    """
    if isinstance(text, Exact):
        return str(text)
    bare = _bare(text)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1] if negative else bare
    pattern, decimal = (_COMMA, ",") if style == COMMA else (_POINT, ".")
    if not pattern.fullmatch(bare) or not any(character.isdigit() for character in bare):
        how = "1.234,50" if style == COMMA else "1,234.50"
        message = f"{text[:40]!r} is no number. Write it like 1234.50, or like {how}."
        raise Invalid(message, code="bad_number")
    for mark in ("'", "’", "." if style == COMMA else ","):
        bare = bare.replace(mark, "")
    plain = bare.replace(decimal, ".")
    whole, point, rest = plain.partition(".")
    # "2.500" from a spreadsheet that shows three decimals is 2.5; the zeros say nothing.
    rest = rest.rstrip("0")
    plain = f"{whole or '0'}.{rest}" if point and rest else whole or "0"
    return f"-{plain}" if negative else plain


def _bare(text: str) -> str:
    squeezed = _SPACES.sub("", text)
    found = _AROUND.fullmatch(squeezed)
    bare = found["number"] if found else squeezed
    unit = _MONTHS.fullmatch(bare)
    return unit[1] if unit else bare


def _styles_of(bare: str) -> set[str]:
    """The styles that one number with separators allows."""
    one = _ONE_MARK.fullmatch(bare)
    if one is not None:
        thousands = len(one[3]) == _THREE and len(one[1]) <= _THREE and one[1] != "0"
        if thousands:
            return {POINT, COMMA}
        return {POINT} if one[2] == "." else {COMMA}
    return {
        style for style, pattern in ((POINT, _POINT), (COMMA, _COMMA)) if pattern.fullmatch(bare)
    }
