"""The logo on a label: as large as its place allows, in whole dots where these are known."""

from functools import lru_cache

from PIL import Image

from stockscan.labelling.head import Head
from stockscan.labelling.marks import Grid
from stockscan.labelling.symbols import Matrix

_GREYS = bytes(0 if black else 255 for black in range(256))
_INK = bytes(grey < 168 for grey in range(256))  # a third covered: thin lines stay


def emblem(logo: Matrix, height_mm: float, width_mm: float, head: Head) -> Grid:
    """The logo in the top left corner of a place of this size, its proportions kept."""
    cell_mm = min(height_mm / logo.height, width_mm / logo.width)
    if head.dots_per_mm is None or not head.is_dotted:
        return Grid(0, 0, cell_mm, cell_mm, logo, shared=True)
    dot_mm = 1 / head.dots_per_mm
    return Grid(0, 0, dot_mm, dot_mm, _in_dots(logo, cell_mm / dot_mm), shared=True)


@lru_cache(maxsize=16)
def _in_dots(logo: Matrix, scale: float) -> Matrix:
    cells = b"".join(logo.rows).translate(_GREYS)
    grey = Image.frombytes("L", (logo.width, logo.height), cells)
    width, height = max(1, round(scale * logo.width)), max(1, round(scale * logo.height))
    black = grey.resize((width, height), Image.Resampling.BOX).tobytes().translate(_INK)
    return Matrix(tuple(black[at : at + width] for at in range(0, len(black), width)))
