"""Labels for Zebra printers: all their dots, drawn here, so that each is the label of the preview.

Words go as dots as well, in every script: a printer's own font has other widths, would run into
the symbol, and knows Latin only. Speed, darkness and media stay as they are set on the printer.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from PIL import Image

from stockscan.labelling.dots import WHITE, picture
from stockscan.labelling.marks import Drawing, Text
from stockscan.labelling.spec import Printer

# More copies in one go could not be cancelled, nor told apart when the wire breaks.
MOST_COPIES = 10

# What another program may have left in the printer: upright, not mirrored, black on white.
_AFRESH = "^LH0,0^PON^PMN^LRN"
# A dot is burnt where the ink covers nearly half of it: thin strokes stay whole.
_BURNT = [WHITE if grey < 144 else 0 for grey in range(256)]
_END = b"^XZ\n"
_QUANTITY = re.compile(rb"\^PQ([0-9]+)")
_REPEATED = re.compile(r"(.)\1{2,}")


def labels_zpl(
    drawings: Iterable[Drawing], printer: Printer, *, turned: bool = False
) -> Iterator[bytes]:
    """Each label as `label_zpl`; equal ones that follow each other are copies of one, up to 10."""
    for drawing, same in groupby(drawings):
        left = sum(1 for _ in same)
        while left > 0:
            copies = min(left, MOST_COPIES)
            yield label_zpl(drawing, printer, turned=turned, copies=copies)
            left -= copies


def label_zpl(
    drawing: Drawing, printer: Printer, *, turned: bool = False, copies: int = 1
) -> bytes:
    """One label in ZPL II, ASCII, printed `copies` times.

    `turned` is for labels that are read across the roll: their left edge leaves the printer first.
    The printer's offsets move what is drawn, its dots say how fine; its scales are for paper that
    a computer's dialog prints on.
    """
    right = round(printer.offset_x_mm * printer.dots_per_mm)
    down = round(printer.offset_y_mm * printer.dots_per_mm)
    fields = []
    for layer in _layers(drawing):
        dots = picture(layer, printer.dots_per_mm).point(_BURNT, "1")
        if turned:
            dots = dots.transpose(Image.Transpose.ROTATE_270)
        if inked := dots.getbbox():
            fields.append(_graphic(dots.crop(inked), inked[0] + right, inked[1] + down))
    width, length = dots.width + max(0, right), dots.height
    start, end = f"^XA{_AFRESH}^PW{width}^LL{length}", f"^PQ{copies}^XZ\n"
    return "\n".join((start, *fields, end)).encode("ascii")


def each_label(zpl: bytes) -> Iterator[bytes]:
    """Label by label what `label_zpl` made; one stands for all its copies."""
    return (label + _END for label in zpl.split(_END)[:-1])


def labels_in(zpl: bytes) -> int:
    """How many labels come out of what `label_zpl` made, copies included."""
    return sum(map(int, _QUANTITY.findall(zpl)))


def _layers(drawing: Drawing) -> tuple[Drawing, Drawing]:
    """Symbols and words apart: the rows of a symbol repeat, and a third of the bytes is saved."""
    symbols = tuple(mark for mark in drawing.marks if not isinstance(mark, Text))
    words = tuple(mark for mark in drawing.marks if isinstance(mark, Text))
    return replace(drawing, marks=symbols), replace(drawing, marks=words)


def _graphic(dots: Image.Image, x: int, y: int) -> str:
    """Dots as ^GFA with ZPL's own run lengths; a field cannot start outside the label."""
    dots = dots.crop((max(0, -x), max(0, -y), dots.width, dots.height))
    bytes_per_row = (dots.width + 7) // 8
    total, digits = bytes_per_row * dots.height, dots.tobytes().hex().upper()
    lines: list[str] = []
    previous = ""
    for at in range(0, len(digits), bytes_per_row * 2):
        row = digits[at : at + bytes_per_row * 2]
        lines.append(":" if row == previous else _packed(row))
        previous = row
    data = "".join(lines)
    return f"^FO{max(0, x)},{max(0, y)}^GFA,{total},{total},{bytes_per_row},{data}^FS"


def _packed(row: str) -> str:
    """A row in hex: `,` is white to the end, a letter before a digit repeats it."""
    kept = row.rstrip("0")
    shortened = _REPEATED.sub(lambda run: _repeat(len(run[0])) + run[1], kept)
    return shortened + ("," if len(kept) < len(row) else "")


def _repeat(count: int) -> str:
    """The letters g to z stand for 20 to 400 in steps of 20, G to Y for 1 to 19."""
    twenties, ones = divmod(count, 20)
    most, twenties = divmod(twenties, 20)
    letters = "z" * most
    letters += chr(ord("f") + twenties) if twenties else ""
    return letters + (chr(ord("F") + ones) if ones else "")
