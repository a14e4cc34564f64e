"""The only place that encodes: text in, black cells on a grid out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import zxingcpp
from barcode.codex import Code128
from barcode.errors import BarcodeError

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import Symbol

CODE128_QUIET_MODULES = 10
# Data Matrix asks for 1 only, but printers smear.
_QUIET_MODULES: dict[Symbol, int] = {"qr": 4, "datamatrix": 2}

BLACK_RUN = re.compile(rb"\x01+")
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
            going_on = {}
            for run in BLACK_RUN.finditer(row):
                span = run.span()
                going_on[span] = growing.pop(span, number)
            for (left, right), first in growing.items():
                yield left, first, right - left, number - first
            growing = going_on


@dataclass(frozen=True, slots=True)
class Code:
    """A square symbol that cameras read, and the white modules that it needs around it."""

    kind: Symbol
    matrix: Matrix
    quiet: int

    @property
    def modules(self) -> int:
        """Across the symbol alone."""
        return self.matrix.width

    @property
    def cells(self) -> int:
        """Across the symbol and its quiet zone."""
        return self.matrix.width + 2 * self.quiet


def square_code(kind: Symbol, address: str, code: str) -> Code:
    """The QR code of an address, or the Data Matrix of the bare code. Raises LabelSpecError."""
    matrix = qr(address) if kind == "qr" else datamatrix(code)
    return Code(kind, matrix, _QUIET_MODULES[kind])


def qr(text: str) -> Matrix:
    """QR code in the smallest version that has error correction M, then as much as still fits."""
    best = _qr_at(text, "M")
    for level in ("Q", "H"):
        stronger = _qr_at(text, level)
        if stronger.width > best.width:
            break
        best = stronger
    return best


def datamatrix(text: str) -> Matrix:
    """Square Data Matrix code in the smallest size that holds the text; 14 modules for a code."""
    return _square(text, zxingcpp.BarcodeFormat.DataMatrix, "a Data Matrix code", force_square=True)


def code128(text: str) -> Matrix:
    """Code 128 as a single row of modules. Raises LabelSpecError for text it cannot hold."""
    try:
        (modules,) = Code128(text).build()
    except BarcodeError as error:
        raise LabelSpecError(f"Code 128 cannot hold {text!r}: {error}") from error
    return Matrix((bytes(module == "1" for module in modules),))


def _qr_at(text: str, level: str) -> Matrix:
    return _square(text, zxingcpp.BarcodeFormat.QRCode, "a QR code", ec_level=level)


def _square(text: str, kind: Any, name: str, **options: Any) -> Matrix:
    if not text:
        raise LabelSpecError(f"{name} needs a text; give the label an address and a code")
    try:
        symbol = zxingcpp.create_barcode(text, kind, **options)
    except ValueError as error:
        raise LabelSpecError(f"the text is too long for {name}: {error}") from error
    picture: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    _, width = picture.shape
    cells = bytes(memoryview(picture).cast("B")).translate(_BLACK_IS_ONE)
    return Matrix(tuple(cells[at : at + width] for at in range(0, len(cells), width)))
