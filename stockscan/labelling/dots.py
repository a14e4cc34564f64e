"""A drawing dot by dot: every module on whole dots, words as wide as they were measured."""

import math
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from stockscan.labelling.marks import Drawing, Grid, Text

WHITE = 255
# Words are drawn finer and reduced: fonts snap their letters to whole dots, and that would move
# the end of a line by a millimetre or two.
_FINER = 4
_ABOVE, _BELOW = 1.2, 0.5  # of a font's size: nothing reaches beyond
_PAD = 2
_GREYS = bytes(0 if black else WHITE for black in range(256))


def picture(drawing: Drawing, dots_per_mm: float) -> Image.Image:
    """One label as it is read, in grey."""
    size = round(drawing.width_mm * dots_per_mm), round(drawing.height_mm * dots_per_mm)
    page = Image.new("L", size, WHITE)
    for mark in drawing.marks:
        if isinstance(mark, Text):
            _text(page, mark, dots_per_mm)
        elif max(mark.cell_width_mm, mark.cell_height_mm) * dots_per_mm < 1:
            _fine(page, mark, dots_per_mm)
        else:
            _grid(ImageDraw.Draw(page), mark, dots_per_mm)
    return page


def _text(page: Image.Image, text: Text, dots_per_mm: float) -> None:
    """Draw the words on a slip of their own, and lay it where they belong."""
    x, baseline = text.x_mm * dots_per_mm, text.baseline_mm * dots_per_mm
    size = text.size_mm * dots_per_mm
    left, top = math.floor(x) - _PAD, math.floor(baseline - _ABOVE * size)
    right = math.ceil(x + text.width_mm * dots_per_mm) + _PAD
    bottom = math.ceil(baseline + _BELOW * size)
    slip = Image.new("L", ((right - left) * _FINER, (bottom - top) * _FINER), WHITE)
    at = (x - left) * _FINER, (baseline - top) * _FINER
    font = _font(str(text.face.path), size * _FINER)
    ImageDraw.Draw(slip).text(at, text.text, fill=0, font=font, anchor="ls")
    box = (left, top, right, bottom)
    page.paste(ImageChops.darker(page.crop(box), slip.reduce(_FINER)), (left, top))


def _grid(draw: ImageDraw.ImageDraw, grid: Grid, dots_per_mm: float) -> None:
    left, top = round(grid.x_mm * dots_per_mm), round(grid.y_mm * dots_per_mm)
    across, down = grid.cell_width_mm * dots_per_mm, grid.cell_height_mm * dots_per_mm
    for x, y, width, height in grid.matrix.boxes():
        x0, y0 = left + round(x * across), top + round(y * down)
        x1 = max(x0 + 1, left + round((x + width) * across))
        y1 = max(y0 + 1, top + round((y + height) * down))
        draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=0)


def _fine(page: Image.Image, grid: Grid, dots_per_mm: float) -> None:
    """Cells smaller than a dot, reduced to greys: each as a dot of its own would be a blot."""
    matrix = grid.matrix
    cells = b"".join(matrix.rows).translate(_GREYS)
    fine = Image.frombytes("L", (matrix.width, matrix.height), cells)
    width, height = round(grid.width_mm * dots_per_mm), round(grid.height_mm * dots_per_mm)
    greys = fine.resize((max(1, width), max(1, height)), Image.Resampling.BOX)
    left, top = round(grid.x_mm * dots_per_mm), round(grid.y_mm * dots_per_mm)
    box = (left, top, left + greys.width, top + greys.height)
    page.paste(ImageChops.darker(page.crop(box), greys), (left, top))


@lru_cache(maxsize=64)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    # Basic layout: text arrives shaped and in visual order, nothing may reorder it again.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
