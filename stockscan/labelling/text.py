"""Words that fit: clean, wrap, shrink, then end in an ellipsis; any direction."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import arabic_reshaper
from bidi import get_display

from stockscan.labelling.fonts import MISSING_MARK, Face
from stockscan.labelling.scripts import JOINERS, shaping

ELLIPSIS = "…"
_NEARLY = 1e-6
_SMALLEST = 0.75  # of the size that is wanted
_STEP = 0.05  # of the size, from one try to the next
_TO_SAVE_A_LINE = 0.9  # so much smaller, gladly, when one line less is needed
_WHEN_HUGE = 0.6  # the same for letters that stay larger than usual even then
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
# Blocks of scripts that run from right to left, and the marks that make others do so.
_MAY_RUN_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Marks that direct a text or choose a picture's colours, soft hyphens, the points of Hebrew.
_UNSEEN = re.compile(
    "[\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0001-\U000e01ef]"
)
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»"}
_CLOSED_BY = {closing: opening for opening, closing in _BRACKETS.items()}
_VIRAMA = 9  # the combining class of what joins Indian consonants
_EAST_ASIAN = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# Spaces, single ideographs, words; words of letters may part after their hyphen. A sign between
# two words stays with the first, so that no line begins with it.
_TOKEN = re.compile(
    rf"\s+|[{_EAST_ASIAN}]|[^\s{_EAST_ASIAN}]*?[^\W\d_]{{3}}-(?=[^\W\d_]{{3}})"
    rf"|[^\s{_EAST_ASIAN}]+(?:\s[/×·–](?=\s))?"
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines in visual order, ready to be drawn from left to right."""

    lines: tuple[str, ...]
    size_mm: float
    right_to_left: bool
    shortened: bool
    missing: str


class _Token(NamedTuple):
    """A piece of a text that stays on one line, its width at size 1, and what no font has."""

    text: str
    width: float
    missing: str


@lru_cache(maxsize=4096)
def fit(
    text: str, face: Face, size_mm: float, width_mm: float, rows: int, least_mm: float | None = None
) -> Fitted:
    """Break a text into at most `rows` lines of `width_mm`, smaller or shortened if need be.

    Letters become as small as `least_mm`, three quarters of `size_mm` where it isn't given.
    """
    words = clean(text)
    tokens = [_token(face, piece) for piece in _TOKEN.findall(words)]
    missing = "".join(dict.fromkeys("".join(token.missing for token in tokens)))
    smallest = min(size_mm, _SMALLEST * size_mm if least_mm is None else least_mm)
    gladly = min(_TO_SAVE_A_LINE * size_mm, max(_WHEN_HUGE * size_mm, smallest / _SMALLEST))
    fewest, best = rows + 1, None
    for size in _sizes(size_mm, smallest):
        width = width_mm / size
        lines = _wrap(tokens, width)
        if len(lines) < fewest and all(_sum(line) <= width for line in lines):
            fewest, best = len(lines), (lines, size)
        if best and (fewest <= 1 or size <= gladly + _NEARLY):
            kept, chosen_mm = best
            return _fitted(words, map(_joined, kept), chosen_mm, missing, shortened=False)
    cut = _cut(tokens, width_mm / smallest, face, rows)
    return _fitted(words, cut, smallest, missing, shortened=True)


def _sizes(largest_mm: float, least_mm: float) -> Iterator[float]:
    size_mm = largest_mm
    while size_mm > least_mm + _NEARLY:
        yield size_mm
        size_mm -= _STEP * largest_mm
    yield least_mm


def clean(text: str) -> str:
    """One line of text in composed form, without control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    printable = (" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    return unicodedata.normalize("NFC", " ".join("".join(printable).split()))


@lru_cache(maxsize=4096)
def visual(text: str, *, right_to_left: bool | None = None) -> str:
    """Letters joined and put in the order in which they stand on paper, left to right.

    The text is part of one that runs `right_to_left`; by itself it runs as its first letter does.
    """
    if text.isascii():
        return text
    shown = text
    if right_to_left or is_right_to_left(text, anywhere=True):
        from_right = is_right_to_left(text) if right_to_left is None else right_to_left
        shown = str(get_display(_in_forms(text), base_dir="R" if from_right else "L"))
        shown = _mirrored(shown)
    return _UNSEEN.sub("", shown)


def _mirrored(shown: str) -> str:
    """Brackets turned round in what runs from right to left: there a pair stands closed first."""
    signs = list(shown)
    opened = dict.fromkeys(_BRACKETS, 0)
    closed = {bracket: list[int]() for bracket in _BRACKETS}
    for place, sign in enumerate(shown):
        if closes := _CLOSED_BY.get(sign):
            if opened[closes]:
                opened[closes] -= 1
            else:
                closed[closes].append(place)
        elif sign in _BRACKETS:
            if closed[sign]:
                signs[closed[sign].pop()], signs[place] = sign, _BRACKETS[sign]
            else:
                opened[sign] += 1
    return "".join(signs)


def _in_forms(text: str) -> str:
    """Arabic in joined forms; where one of its letters has none, a shaper joins all of them."""
    forms = " ".join(map(_word_in_forms, text.split(" ")))
    return text if any(shaping(character) == "rtl" for character in forms) else forms


@lru_cache(maxsize=4096)
def _word_in_forms(word: str) -> str:
    return str(arabic_reshaper.reshape(word))


def is_right_to_left(text: str, *, anywhere: bool = False) -> bool:
    """Whether the first letter (or any letter) runs from right to left."""
    if not _MAY_RUN_LEFT.search(text):
        return False
    directions = (unicodedata.bidirectional(character) for character in text)
    if anywhere:
        return any(direction in _RIGHT_TO_LEFT for direction in directions)
    strong = (direction for direction in directions if direction in {"L", "R", "AL"})
    return next(strong, "L") != "L"


def _fitted(
    words: str, lines: Iterable[str], size_mm: float, missing: str, *, shortened: bool
) -> Fitted:
    from_right = is_right_to_left(words)
    shown = (visual(line, right_to_left=from_right) for line in lines)
    return Fitted(
        tuple(_marked(line, missing) for line in shown), size_mm, from_right, shortened, missing
    )


def _marked(shown: str, missing: str) -> str:
    if not missing:
        return shown
    return shown.translate({ord(character): MISSING_MARK for character in missing})


@lru_cache(maxsize=16384)  # the same words come again, on other labels and in other places
def _token(face: Face, piece: str) -> _Token:
    shown = visual(piece)
    missing = face.missing(shown)
    return _Token(piece, face.width(_marked(shown, missing)), missing)


def _width(face: Face, piece: str) -> float:
    if not _MAY_RUN_LEFT.search(piece):
        return face.width(piece)  # which knows boxes for what is missing
    return _token(face, piece).width


def _sum(line: Sequence[_Token]) -> float:
    return sum(token.width for token in line)


def _joined(line: Iterable[_Token]) -> str:
    return "".join(token.text for token in line)


def _wrap(tokens: Iterable[_Token], width: float) -> list[list[_Token]]:
    """Greedy lines; a word wider than the line stays whole."""
    lines: list[list[_Token]] = []
    used, space = width + 1, None
    for token in tokens:
        if token.text.isspace():
            space = token
            continue
        gap = space.width if space else 0.0
        if not lines or used + gap + token.width > width:
            lines.append([token])
            used = token.width
        else:
            lines[-1] += [space, token] if space else [token]
            used += gap + token.width
        space = None
    return lines


def _cut(tokens: list[_Token], width: float, face: Face, rows: int) -> list[str]:
    """At most `rows` lines; too wide words are broken, the last line ends in an ellipsis."""
    lines: list[str] = []
    rest = tokens
    while rest and len(lines) < rows - 1:
        line = _joined(_wrap(rest, width)[0])
        if _width(face, line) > width:
            line = line[: max(1, _longest(line, width, face))]
        lines.append(line)
        rest = _after(rest, line, face)
    if _sum(rest) > width:
        return [*lines, _ellipsized(rest, width, face)]
    return [*lines, _joined(rest)] if rest else lines


def _after(tokens: list[_Token], line: str, face: Face) -> list[_Token]:
    """What is left of the tokens after a line that they begin with, without leading space."""
    length = len(line)
    for number, token in enumerate(tokens):
        if length < len(token.text):
            left = token.text[length:].lstrip()
            first = [_token(face, left)] if left else []
            return [*first, *tokens[number + 1 :]]
        length -= len(token.text)
    return []


def _ellipsized(tokens: Iterable[_Token], width: float, face: Face) -> str:
    text, used = "", 0.0
    for token in tokens:
        if used > width:
            break
        text, used = text + token.text, used + token.width
    length = _longest(text, width, face, ELLIPSIS)
    return text[:length].rstrip(" ,;:-") + ELLIPSIS


def _longest(text: str, width: float, face: Face, ending: str = "") -> int:
    """How many characters fit, by binary search; an accent stays with its letter."""

    def taken(length: int) -> float:
        return _width(face, text[:length].rstrip() + ending)

    count = bisect_right(range(1, len(text) + 1), width, key=taken)
    while 0 < count < len(text) and _belongs_together(text[count - 1], text[count]):
        count -= 1
    return count


def _belongs_together(before: str, after: str) -> bool:
    """Whether a cut between these would part a letter: accents, joiners, Indian conjuncts."""
    return (
        unicodedata.category(after)[0] == "M"
        or after in JOINERS
        or before in JOINERS
        or unicodedata.combining(before) == _VIRAMA
    )
