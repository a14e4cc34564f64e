"""Writing systems: which of them need a shaper, and which fonts have their characters."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from PIL import features

Shaping = Literal["", "ltr", "rtl"]  # "" is one glyph after the other
JOINERS = "\u200c\u200d"  # they choose between forms of the letters around them

# Drawn right only when their marks are placed and their letters joined or reordered.
_SHAPED = frozenset((
    "ADLAM", "ARABIC", "BALINESE", "BENGALI", "BUGINESE", "CHAKMA", "CHAM", "DEVANAGARI",
    "GUJARATI", "GURMUKHI", "JAVANESE", "KANNADA", "KHMER", "LAO", "LEPCHA", "LIMBU",
    "MALAYALAM", "MANDAIC", "MEETEI", "MYANMAR", "NKO", "ORIYA", "SAURASHTRA", "SINHALA",
    "SUNDANESE", "SYRIAC", "TAI", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN", "VEDIC",
))  # fmt: skip
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_EAST_ASIAN = frozenset(
    ["CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH"]
)
_EMOJI_FROM = 0x1F000

# Names of font files without their weight; by writing system, then for whatever is left.
_FONTS = {
    "THAI": ("Loma", "Waree", "LeelawUI", "Thonburi"),
    "DEVANAGARI": ("Lohit-Devanagari", "Nirmala", "KohinoorDevanagari"),
}
_INDIAN = frozenset((
    "BENGALI", "GUJARATI", "GURMUKHI", "KANNADA", "MALAYALAM", "ORIYA",
    "SINHALA", "TAMIL", "TELUGU",
))  # fmt: skip
_ANY_FONTS = ("NotoSans", "NotoSansSymbols", "NotoSansSymbols2", "Symbola", "NotoEmoji", "FreeSans",
              "seguisym", "seguiemj", "Arial Unicode", "unifont")  # fmt: skip


@lru_cache(maxsize=8192)
def script(character: str) -> str:
    """The writing system of a character by the first word of its name: "THAI", "CJK"."""
    return unicodedata.name(character, "UNNAMED").replace("-", " ").split(" ")[0]


@lru_cache(maxsize=8192)
def shaping(character: str) -> Shaping:
    """How a run of this character's script has to be drawn.

    Arabic in joined forms, as `text.visual` writes it, needs nothing more.
    """
    if script(character) not in _SHAPED or unicodedata.category(character)[0] not in "LM":
        return ""
    if unicodedata.name(character).endswith(" FORM"):
        return ""
    return "rtl" if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT else "ltr"


@cache
def can_shape() -> bool:
    """Whether the shaper is on this computer: a library of its own, beside the fonts."""
    return bool(features.check("raqm") and features.check("fribidi"))


def is_east_asian(character: str) -> bool:
    """Whether its forms differ from country to country."""
    return script(character) in _EAST_ASIAN


def font_names(character: str) -> tuple[str, ...]:
    """Names of font files that may have the character, best first, without weight and ending."""
    name = script(character)
    others = _FONTS.get(name, ("Nirmala",) if name in _INDIAN else ())
    return (f"NotoSans{name.title()}", *others, *_ANY_FONTS)


def advice(missing: str) -> Iterator[str]:
    """What to do for characters that no font here has; one sentence a script."""
    for what, font in dict.fromkeys(_to_install(character) for character in missing):
        yield (
            f"No font on this computer can draw {what}; install one that can, such as {font}, and"
            " start StockScan again"
        )


def _to_install(character: str) -> tuple[str, str]:
    """What can't be drawn, and the font that would."""
    name, category = script(character), unicodedata.category(character)
    if name in _EAST_ASIAN:
        return "Chinese, Japanese and Korean", "Noto Sans CJK (Debian package fonts-noto-cjk)"
    if name in _SHAPED or category == "Lo":
        language = name.title()
        if shaping(character) and not can_shape():
            return language, "the library FriBidi (Debian package libfribidi0) and a font"
        return language, f"Noto Sans {language} (Debian package fonts-noto-core)"
    if ord(character) >= _EMOJI_FROM or category == "So":
        return character, "Symbola (Debian package fonts-symbola)"
    return character, "Noto Sans (Debian package fonts-noto-core)"
