"""The typefaces of labels: DejaVu as shipped, and fonts of this computer for what it lacks."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from stockscan.labelling.symbols import Matrix

CAP_HEIGHT = 0.729  # of the size, as in every DejaVu Sans
DESCENT = 0.236
FAMILY = "DejaVu Sans Condensed"
MISSING_MARK = "\N{WHITE SQUARE}"

# By weight, best first; searched by name in the folders where this computer keeps its fonts.
# The number picks simplified Chinese out of a collection.
FALLBACKS = {
    False: (
        ("NotoSansCJK-Regular.ttc", 2),
        ("NotoSansSC-Regular.otf", 0),
        ("NotoSansSC-Regular.ttf", 0),
        ("wqy-microhei.ttc", 0),
        ("DroidSansFallbackFull.ttf", 0),
        ("msyh.ttc", 0),
        ("PingFang.ttc", 0),
    ),
    True: (
        ("NotoSansCJK-Bold.ttc", 2),
        ("NotoSansSC-Bold.otf", 0),
        ("NotoSansSC-Bold.ttf", 0),
        ("msyhbd.ttc", 0),
    ),
}
_NO_SUCH_CHARACTER = "\U0010fffe"
_MEASURE_PX = 200
_INK = bytes(value >= 128 for value in range(256))


@dataclass(frozen=True)
class Fallback:
    """A font file of this computer, drawn dot by dot because PDF cannot embed every kind."""

    file: str
    index: int

    def has(self, character: str) -> bool:
        """Whether the font draws this character as something else than its empty box."""
        return _draws(self.file, self.index, character)

    def width(self, text: str) -> float:
        """Width of the text at size 1."""
        return _freetype(self.file, self.index, _MEASURE_PX).getlength(text) / _MEASURE_PX


@dataclass(frozen=True)
class Face:
    """One weight of the shipped typeface, and what stands in where it has no letter."""

    name: str  # as the PDF writer knows it
    path: Path
    bold: bool
    glyphs: frozenset[int] = field(
        repr=False, compare=False
    )  # characters that the shipped font has
    fallback: Fallback | None

    def runs(self, text: str) -> Iterator[tuple[str, Fallback | None]]:
        """Split a text by the font that can draw it; None is the shipped one."""
        if self.glyphs.issuperset(map(ord, text)):
            yield text, None
            return
        for font, characters in groupby(text, self._font_of):
            yield "".join(characters), font

    def width(self, text: str) -> float:
        """Width of the text at size 1, in the same unit."""
        return _width(self, text)

    def missing(self, text: str) -> str:
        """The characters that no font here can draw."""
        unknown = (c for c in dict.fromkeys(text) if not self._ships(c) and not self._font_of(c))
        return "".join(unknown)

    def _font_of(self, character: str) -> Fallback | None:
        if self._ships(character):
            return None
        return self.fallback if self.fallback and self.fallback.has(character) else None

    def _ships(self, character: str) -> bool:
        return ord(character) in self.glyphs


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


def _face(folder: Path, name: str, *, bold: bool, completed: bool) -> Face:
    path = folder / f"{name}.ttf"
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    fallback = _first_found((*FALLBACKS[bold], *FALLBACKS[False])) if completed else None
    return Face(name, path, bold, frozenset(font.face.charToGlyph), fallback)


def _first_found(candidates: tuple[tuple[str, int], ...]) -> Fallback | None:
    for file, index in candidates:
        try:
            _freetype(file, index, _MEASURE_PX)
        except OSError:
            continue
        return Fallback(file, index)
    return None


def raster(text: str, file: str, index: int, size_px: float) -> tuple[Matrix, int]:
    """Draw one line as dots; also the row of the baseline, counted from the top."""
    font = _freetype(file, index, size_px)
    baseline_px = math.ceil(size_px * 1.1)
    size = (max(1, math.ceil(font.getlength(text)) + 1), baseline_px + math.ceil(size_px * 0.4))
    picture = Image.new("L", size, 0)
    ImageDraw.Draw(picture).text((0, baseline_px), text, fill=255, font=font, anchor="ls")
    cells = picture.tobytes().translate(_INK)
    rows = (cells[at : at + size[0]] for at in range(0, len(cells), size[0]))
    return Matrix(tuple(rows)), baseline_px


@lru_cache(maxsize=16384)  # the same words are measured again at every size and for every copy
def _width(face: Face, text: str) -> float:
    return sum(
        font.width(run) if font else pdfmetrics.stringWidth(run, face.name, 1)
        for run, font in face.runs(text)
    )


@lru_cache(maxsize=4096)
def _draws(file: str, index: int, character: str) -> bool:
    font = _freetype(file, index, _MEASURE_PX)
    return bytes(font.getmask(character)) != bytes(font.getmask(_NO_SUCH_CHARACTER))


@lru_cache(maxsize=64)
def _freetype(file: str, index: int, size_px: float) -> ImageFont.FreeTypeFont:
    # Basic layout: text arrives shaped and in visual order, nothing may reorder it again.
    return ImageFont.truetype(file, size_px, index=index, layout_engine=ImageFont.Layout.BASIC)
