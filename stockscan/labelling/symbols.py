"""The only place that encodes: text in, black cells on a grid out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import zxingcpp
from barcode.codex import Code128
from barcode.errors import BarcodeError

from stockscan.labelling.errors import LabelSpecError

QR_QUIET_MODULES = 4
CODE128_QUIET_MODULES = 10

_RUN = re.compile(rb"\x01+")
_BLACK_IS_ONE = bytes(1 if value < 128 else 0 for value in range(256))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Black and white cells, one `bytes` a row, 1 is black; without quiet zone."""

    rows: tuple[bytes, ...]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)

    def boxes(self) -> Iterator[tuple[int, int, int, int]]:
        """Black cells merged to (column, row, width, height); no cell twice."""
        growing: dict[tuple[int, int], int] = {}
        for number, row in enumerate((*self.rows, b"")):
            spans = {run.span() for run in _RUN.finditer(row)}
            for span in [span for span in growing if span not in spans]:
                first = growing.pop(span)
                yield span[0], first, span[1] - span[0], number - first
            for span in spans:
                growing.setdefault(span, number)


def qr(text: str) -> Matrix:
    """QR code in the smallest version that has error correction M, then as much as still fits."""
    best = _qr_at(text, "M")
    for level in ("Q", "H"):
        stronger = _qr_at(text, level)
        if stronger.width > best.width:
            break
        best = stronger
    return best


def code128(text: str) -> Matrix:
    """Code 128 as a single row of modules. Raises LabelSpecError for text it cannot hold."""
    try:
        (modules,) = Code128(text).build()
    except BarcodeError as error:
        raise LabelSpecError(f"Code 128 cannot hold {text!r}: {error}") from error
    return Matrix((bytes(module == "1" for module in modules),))


def _qr_at(text: str, level: str) -> Matrix:
    if not text:
        raise LabelSpecError("a QR code needs a text; give the label an address")
    try:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError as error:
        raise LabelSpecError(f"the address is too long for a QR code: {error}") from error
    picture: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    _, width = picture.shape
    cells = bytes(memoryview(picture).cast("B")).translate(_BLACK_IS_ONE)
    return Matrix(tuple(cells[at : at + width] for at in range(0, len(cells), width)))
