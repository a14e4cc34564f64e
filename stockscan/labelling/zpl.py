"""Labels for Zebra printers: the same symbols as everywhere, text as type or as dots."""

import re

from stockscan.labelling.fonts import raster
from stockscan.labelling.marks import Drawing, Grid, Text
from stockscan.labelling.symbols import Matrix

_ESCAPED = re.compile(r"[\^~_\\]")
_PRINTER_HAS = frozenset(
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac"
)  # dashes, quotes, … and €
_REPEATED = re.compile(r"(.)\1{2,}")


def label_zpl(drawing: Drawing, dots_per_mm: float) -> bytes:
    """One label in ZPL II, UTF-8; `dots_per_mm` is that of the print head (8, 12 or 24)."""
    parts = [
        "^XA^CI28^LH0,0",
        f"^PW{round(drawing.width_mm * dots_per_mm)}^LL{round(drawing.height_mm * dots_per_mm)}",
        *(
            _dots(mark, dots_per_mm) if isinstance(mark, Grid) else _text(mark, dots_per_mm)
            for mark in drawing.marks
        ),
        "^XZ\n",
    ]
    return "\n".join(parts).encode()


def _text(text: Text, dots_per_mm: float) -> str:
    x, baseline = round(text.x_mm * dots_per_mm), round(text.baseline_mm * dots_per_mm)
    size_px = text.size_mm * dots_per_mm
    if _printer_can_draw(text.text):
        data = _ESCAPED.sub(lambda found: f"_{ord(found[0]):02X}", text.text)
        return f"^FT{x},{baseline}^A0N,{round(size_px)}^FH_^FD{data}^FS"
    matrix, ascent = raster(text.text, str(text.face.path), 0, size_px)
    return _graphic(matrix, x, baseline - ascent)


def _printer_can_draw(text: str) -> bool:
    """Latin letters with their accents are in every printer's font; more may come out as boxes."""
    return all(ord(character) < 0x180 or character in _PRINTER_HAS for character in text)


def _dots(grid: Grid, dots_per_mm: float) -> str:
    across = max(1, round(grid.cell_width_mm * dots_per_mm))
    down = max(1, round(grid.cell_height_mm * dots_per_mm))
    if grid.matrix.width == grid.matrix.height == 1:
        x, y = round(grid.x_mm * dots_per_mm), round(grid.y_mm * dots_per_mm)
        return f"^FO{x},{y}^GB{across},{down},{min(across, down)}^FS"
    widened = (b"".join(bytes((cell,)) * across for cell in row) for row in grid.matrix.rows)
    matrix = Matrix(tuple(row for row in widened for _ in range(down)))
    return _graphic(matrix, round(grid.x_mm * dots_per_mm), round(grid.y_mm * dots_per_mm))


def _graphic(matrix: Matrix, x: int, y: int) -> str:
    """Dots as ^GFA with ZPL's own run lengths; a field cannot start outside the label."""
    rows = matrix.rows[max(0, -y) :]
    bytes_per_row = (matrix.width + 7) // 8
    total = bytes_per_row * len(rows)
    lines: list[str] = []
    previous = ""
    for row in rows:
        line = _packed(row, bytes_per_row)
        lines.append(":" if line == previous else line)
        previous = line
    data = "".join(lines)
    return f"^FO{max(0, x)},{max(0, y)}^GFA,{total},{total},{bytes_per_row},{data}^FS"


def _packed(row: bytes, bytes_per_row: int) -> str:
    """One row in hex: `,` is white to the end, a letter before a digit repeats it."""
    bits = "".join(map(str, row)).ljust(bytes_per_row * 8, "0")
    digits = f"{int(bits, 2):0{bytes_per_row * 2}X}"
    kept = digits.rstrip("0")
    shortened = _REPEATED.sub(lambda run: _repeat(len(run[0])) + run[1], kept)
    return shortened + ("," if len(kept) < len(digits) else "")


def _repeat(count: int) -> str:
    """The letters g to z stand for 20 to 400 in steps of 20, G to Y for 1 to 19."""
    twenties, ones = divmod(count, 20)
    most, twenties = divmod(twenties, 20)
    letters = "z" * most
    letters += chr(ord("f") + twenties) if twenties else ""
    return letters + (chr(ord("F") + ones) if ones else "")
