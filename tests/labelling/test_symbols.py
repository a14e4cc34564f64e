"""Symbols against an independent encoder and an independent reader."""

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import Label
from stockscan.labelling.symbols import Matrix, code128, datamatrix, qr, square_code
from tests.labelling.cast import labels

TEXTS = [
    *(one.address for one in labels(20)),
    "7K3QX9A",
    "http://192.168.1.20:8443/S/7K3QX9A",
    "https://Příliš.example/ž/不锈钢",
]


def picture(matrix: Matrix, *, quiet: int, height: int = 1) -> np.ndarray:
    """The matrix as a reader sees it: four pixels a module, black on white."""
    cells = np.array([list(row) for row in matrix.rows for _ in range(height)], np.uint8)
    return np.kron(255 - 255 * np.pad(cells, quiet), np.ones((4, 4), np.uint8))


@pytest.mark.parametrize("text", TEXTS)
def test_qr_says_the_same_as_the_other_encoder(text: str) -> None:
    other = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    other.add_data(text)
    theirs = Matrix(tuple(bytes(row) for row in other.get_matrix()))
    for matrix, quiet in ((qr(text), 4), (theirs, 0)):
        (code,) = zxingcpp.read_barcodes(picture(matrix, quiet=quiet))
        assert code.text == text
    assert qr(text).width <= theirs.width - 8  # theirs carries its quiet zone


@pytest.mark.parametrize(
    ("host", "modules", "level"),
    [("A.IO", 25, "Q"), ("STOCK.IO", 25, "M"), ("STOCK.EXAMPLE.COM", 29, "Q"), ("X" * 32, 29, "M")],
)
def test_error_correction_grows_while_the_size_stays(host: str, modules: int, level: str) -> None:
    matrix = qr(f"https://{host}/S/7K3QX9A")
    (code,) = zxingcpp.read_barcodes(picture(matrix, quiet=4))
    assert (matrix.width, code.ec_level) == (modules, level)


@pytest.mark.parametrize("one", labels(50), ids=lambda one: one.code)
def test_code128_is_read(one: Label) -> None:
    (code,) = zxingcpp.read_barcodes(picture(code128(one.code), quiet=10, height=30))
    assert code.text == one.code


@pytest.mark.parametrize("one", labels(50), ids=lambda one: one.code)
def test_data_matrix_carries_the_bare_code_in_a_square(one: Label) -> None:
    code = square_code("datamatrix", one.address, one.code)
    assert (code.matrix.height, code.quiet) == (code.modules, 2)
    assert code.cells == code.modules + 4 <= 18
    (read,) = zxingcpp.read_barcodes(picture(code.matrix, quiet=code.quiet))
    assert (read.text, read.format) == (one.code, zxingcpp.BarcodeFormat.DataMatrix)


@pytest.mark.parametrize("length", range(1, 40, 3))
def test_data_matrix_is_square_at_any_length(length: int) -> None:
    matrix = datamatrix("K" * length)
    assert matrix.width == matrix.height
    (read,) = zxingcpp.read_barcodes(picture(matrix, quiet=1))
    assert read.text == "K" * length


@pytest.mark.parametrize("text", ["", "x" * 5000])
def test_what_a_symbol_cannot_hold_is_refused(text: str) -> None:
    for encode in (qr, datamatrix):
        with pytest.raises(LabelSpecError):
            encode(text)


def test_what_code128_cannot_hold_is_refused() -> None:
    with pytest.raises(LabelSpecError, match="cannot hold"):
        code128("螺栓")


@given(
    st.integers(1, 12).flatmap(
        lambda width: st.lists(
            st.lists(st.booleans(), min_size=width, max_size=width).map(bytes), min_size=1
        )
    )
)
def test_boxes_cover_each_black_cell_once(rows: list[bytes]) -> None:
    matrix = Matrix(tuple(rows))
    drawn = np.zeros((matrix.height, matrix.width), int)
    for x, y, width, height in matrix.boxes():
        drawn[y : y + height, x : x + width] += 1
    assert drawn.tolist() == [list(row) for row in rows]
