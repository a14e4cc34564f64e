"""Words that fit: clean, wrap, shrink to 75 %, then end in an ellipsis; any direction."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import arabic_reshaper
from bidi.algorithm import get_display

from stockscan.labelling.fonts import MISSING_MARK, Face

ELLIPSIS = "…"
_SIZES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_TO_SAVE_A_LINE = 0.9  # so much smaller, gladly, when one line less is needed
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
_EAST_ASIAN = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"\s+|[{_EAST_ASIAN}]|[^\s{_EAST_ASIAN}]+")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines in visual order, ready to be drawn from left to right."""

    lines: tuple[str, ...]
    size_mm: float
    right_to_left: bool
    shortened: bool
    missing: str


def fit(text: str, face: Face, size_mm: float, width_mm: float, rows: int) -> Fitted:
    """Break a text into at most `rows` lines of `width_mm`, smaller or shortened if need be."""
    words = clean(text)
    missing = face.missing(visual(words))

    def measure(part: str) -> float:
        return face.width(_shown(part, missing))

    fewest, best = rows + 1, None
    for factor in _SIZES:
        size = size_mm * factor
        lines = _wrap(words, width_mm / size, measure)
        if len(lines) < fewest and all(measure(line) <= width_mm / size for line in lines):
            fewest, best = len(lines), (lines, size)
        if best and (fewest <= 1 or factor <= _TO_SAVE_A_LINE):
            return _fitted(words, *best, missing, shortened=False)
    smallest = size_mm * _SIZES[-1]
    lines = _cut(words, width_mm / smallest, measure, rows)
    return _fitted(words, lines, smallest, missing, shortened=True)


def clean(text: str) -> str:
    """One line of text in composed form, without control characters."""
    printable = (" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    return unicodedata.normalize("NFC", " ".join("".join(printable).split()))


@lru_cache(maxsize=4096)
def visual(text: str) -> str:
    """Letters joined and put in the order in which they stand on paper, left to right."""
    if not is_right_to_left(text, anywhere=True):
        shown = text
    else:
        base = "R" if is_right_to_left(text) else "L"
        shown = str(get_display(arabic_reshaper.reshape(text), base_dir=base))
    return "".join(c for c in shown if unicodedata.category(c) != "Cf")


def is_right_to_left(text: str, *, anywhere: bool = False) -> bool:
    """Whether the first letter (or any letter) runs from right to left."""
    if text.isascii():
        return False
    directions = (unicodedata.bidirectional(character) for character in text)
    if anywhere:
        return any(direction in _RIGHT_TO_LEFT for direction in directions)
    strong = (direction for direction in directions if direction in {"L", "R", "AL"})
    return next(strong, "L") != "L"


def _fitted(
    words: str, lines: list[str], size_mm: float, missing: str, *, shortened: bool
) -> Fitted:
    shown = tuple(_shown(line, missing) for line in lines)
    return Fitted(shown, size_mm, is_right_to_left(words), shortened, missing)


def _shown(text: str, missing: str) -> str:
    return visual(text).translate({ord(character): MISSING_MARK for character in missing})


def _wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Greedy lines; a word wider than the line stays whole."""
    lines = [""]
    for token in _TOKEN.findall(text):
        if lines[-1] and measure((lines[-1] + token).rstrip()) > width:
            lines.append(token.lstrip())
        else:
            lines[-1] += token
    return [line.strip() for line in lines if line.strip()]


def _cut(text: str, width: float, measure: Callable[[str], float], rows: int) -> list[str]:
    """At most `rows` lines; too wide words are broken, the last line ends in an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < rows - 1:
        line = _wrap(rest, width, measure)[0]
        if measure(line) > width:
            line = rest[: max(1, _longest(rest, width, measure))]
        lines.append(line)
        rest = rest[len(line) :].lstrip()
    if rest and measure(rest) > width:
        rest = _ellipsized(rest, width, measure)
    return [*lines, rest] if rest else lines


def _ellipsized(text: str, width: float, measure: Callable[[str], float]) -> str:
    length = _longest(text, width, lambda part: measure(part.rstrip() + ELLIPSIS))
    return text[:length].rstrip(" ,;:-") + ELLIPSIS


def _longest(text: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters fit, by binary search; an accent stays with its letter."""
    count = bisect_right(range(1, len(text) + 1), width, key=lambda n: measure(text[:n]))
    while 0 < count < len(text) and unicodedata.combining(text[count]):
        count -= 1
    return count
