"""The typefaces of labels: DejaVu as shipped, and fonts of this computer for what it lacks."""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from stockscan.labelling.scripts import (
    JOINERS,
    Shaping,
    can_shape,
    font_names,
    is_east_asian,
    script,
    shaping,
)
from stockscan.labelling.symbols import Matrix

CAP_HEIGHT = 0.729  # of the size, as in every DejaVu Sans
DESCENT = 0.236
ACCENT = 0.23  # above a capital
FAMILY = "DejaVu Sans Condensed"
MISSING_MARK = "\N{WHITE SQUARE}"

# By weight, best first; searched by name in the folders where this computer keeps its fonts.
# The number picks one of a collection: 0 draws ideographs as in Japan, 1 in Korea, 2 in China.
_EAST_ASIAN = {
    False: ("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
            "wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "msyh.ttc", "PingFang.ttc",
            "malgun.ttf", "YuGothM.ttc"),
    True: ("NotoSansCJK-Bold.ttc", "NotoSansSC-Bold.otf", "NotoSansSC-Bold.ttf", "msyhbd.ttc",
           "malgunbd.ttf", "YuGothB.ttc"),
}  # fmt: skip
_OF_MANY = "NotoSansCJK"
_REGIONS = {"HIRAGANA": 0, "KATAKANA": 0, "HANGUL": 1}
_CHINA = 2
_WEIGHTS = {False: ("-Regular", ""), True: ("-Bold", "-Regular", "")}
_ENDINGS = (".ttf", ".otf", ".ttc")
_NO_SUCH_CHARACTER = "\U0010fffe"
_MEASURE_PX, _LOOK_PX = 200, 30
GLYPH_PX = 96
_INK = bytes(value >= 128 for value in range(256))


@dataclass(frozen=True)
class Fallback:
    """A font file of this computer, drawn dot by dot because PDF cannot embed every kind."""

    file: str
    index: int
    shaping: Shaping = ""

    def has(self, character: str) -> bool:
        """Whether the font draws this character as something else than its empty box."""
        return _draws(self.file, self.index, character)

    def width(self, text: str) -> float:
        """Width of the text at size 1."""
        font = _freetype(self.file, self.index, _MEASURE_PX, self.shaping)
        words, direction = _ordered(text, self.shaping)
        return font.getlength(words, direction=direction) / _MEASURE_PX


@dataclass(frozen=True, eq=False)  # each is loaded once, and is the key of many caches
class Face:
    """One weight of the shipped typeface, and what stands in where it has no letter."""

    name: str  # as the PDF writer knows it
    path: Path
    bold: bool
    # Of the characters that the shipped font draws right by itself, at size 1.
    widths: Mapping[str, float] = field(repr=False)
    completed: bool = True

    def runs(self, text: str) -> Iterator[tuple[str, Fallback | None]]:
        """Split a text by the font that can draw it; None is the shipped one."""
        if self.widths.keys() >= set(text):
            yield text, None
            return
        start, font = 0, self._font_of(text[0], text)
        for at, character in enumerate(text):
            if font and font.shaping and _clings(character):
                continue
            other = self._font_of(character, text)
            if other != font:
                yield text[start:at], font
                start, font = at, other
        yield text[start:], font

    def width(self, text: str) -> float:
        """Width of the text at size 1, in the same unit."""
        try:
            return sum(map(self.widths.__getitem__, text))
        except KeyError:
            return _mixed_width(self, text)

    def missing(self, text: str) -> str:
        """The characters that no font here can draw."""
        unknown = (c for c in dict.fromkeys(text) if c not in self.widths and c not in JOINERS)
        return "".join(c for c in unknown if not self._font_of(c, text))

    def _font_of(self, character: str, text: str) -> Fallback | None:
        if character in self.widths:
            return None
        return _stand_in(self, character, _region(text) if is_east_asian(character) else _CHINA)


@dataclass(frozen=True)
class Fonts:
    """Both weights."""

    regular: Face
    strong: Face

    def face(self, *, bold: bool) -> Face:
        return self.strong if bold else self.regular


@cache
def load_fonts(folder: Path, *, completed: bool = True) -> Fonts:
    """The shipped faces from `folder`, completed by what this computer has."""
    return Fonts(
        _face(folder, "DejaVuSansCondensed", bold=False, completed=completed),
        _face(folder, "DejaVuSansCondensed-Bold", bold=True, completed=completed),
    )


def raster(
    text: str, file: str, index: int, size_px: float, shaping: Shaping = ""
) -> tuple[Matrix, int]:
    """Draw one line as dots; also the row of the baseline, counted from the top."""
    font = _freetype(file, index, size_px, shaping)
    words, direction = _ordered(text, shaping)
    _, top, right, bottom = font.getbbox(words, direction=direction, anchor="ls")
    baseline_px = math.ceil(max(size_px, -top))
    size = (max(1, math.ceil(right)) + 1, baseline_px + math.ceil(max(1, bottom)))
    picture = Image.new("L", size, 0)
    ImageDraw.Draw(picture).text(
        (0, baseline_px), words, fill=255, font=font, anchor="ls", direction=direction
    )
    cells = picture.tobytes().translate(_INK)
    rows = (cells[at : at + size[0]] for at in range(0, len(cells), size[0]))
    return Matrix(tuple(rows)), baseline_px


@lru_cache(maxsize=8192)
def glyph(character: str, file: str, index: int) -> tuple[Matrix, int]:
    """One character in dots, `GLYPH_PX` a size, for labels to share; the row of its baseline."""
    return raster(character, file, index, GLYPH_PX)


def _face(folder: Path, name: str, *, bold: bool, completed: bool) -> Face:
    path = folder / f"{name}.ttf"
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    widths = {
        chr(code): thousandths / 1000
        for code, thousandths in font.face.charWidths.items()
        if not shaping(chr(code))
    }
    return Face(name, path, bold, widths, completed)


@lru_cache(maxsize=8192)
def _stand_in(face: Face, character: str, region: int) -> Fallback | None:
    """The font that draws what the shipped one can't, as its script needs it."""
    kind = shaping(character)
    if kind and not can_shape():
        return None
    own = Fallback(str(face.path), 0, kind)
    if kind and own.has(character):
        return own
    if not face.completed:
        return None
    for file, index in _candidates(character, region, bold=face.bold):
        font = Fallback(file, index, kind)
        if _opens(file, index) and font.has(character):
            return font
    return None


def _candidates(character: str, region: int, *, bold: bool) -> Iterator[tuple[str, int]]:
    for file in (*_EAST_ASIAN[bold], *_EAST_ASIAN[False]):
        yield file, region if file.startswith(_OF_MANY) else 0
    for name in font_names(character):
        for weight in _WEIGHTS[bold]:
            for ending in _ENDINGS:
                yield f"{name}{weight}{ending}", 0


def _region(text: str) -> int:
    """Whose forms of the ideographs a text takes, by the letters that stand among them."""
    return next((_REGIONS[name] for name in map(script, text) if name in _REGIONS), _CHINA)


def _clings(character: str) -> bool:
    """Whether a character belongs to the letter before it."""
    return character in JOINERS or unicodedata.category(character)[0] == "M"


def _ordered(text: str, shaping: Shaping) -> tuple[str, str | None]:
    """The text as its shaper takes it: in the order of speech, with its direction."""
    return (text[::-1], shaping) if shaping == "rtl" else (text, shaping or None)


@cache
def _opens(file: str, index: int) -> bool:
    try:
        _freetype(file, index, _MEASURE_PX, "")
    except OSError:
        return False
    return True


@lru_cache(maxsize=16384)  # the same words are measured again at every size and for every copy
def _mixed_width(face: Face, text: str) -> float:
    # A box stands in for a character that no font has.
    unknown = face.widths[MISSING_MARK]
    return sum(
        font.width(run) if font else sum(face.widths.get(c, unknown) for c in run)
        for run, font in face.runs(text)
    )


@lru_cache(maxsize=8192)
def _draws(file: str, index: int, character: str) -> bool:
    font = _freetype(file, index, _LOOK_PX, "")
    return bytes(font.getmask(character)) != bytes(font.getmask(_NO_SUCH_CHARACTER))


@lru_cache(maxsize=64)
def _freetype(file: str, index: int, size_px: float, shaping: Shaping) -> ImageFont.FreeTypeFont:
    # Basic layout: text arrives in visual order, nothing may reorder or join it again.
    layout = ImageFont.Layout.RAQM if shaping else ImageFont.Layout.BASIC
    return ImageFont.truetype(file, size_px, index=index, layout_engine=layout)
