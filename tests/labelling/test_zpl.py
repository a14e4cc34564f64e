"""ZPL carries the dots of the preview, moved, turned and counted, and nothing that somebody typed.

That another program draws the same from it is in `test_zpl_judged.py`.
"""

import re
from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
from PIL import Image

from stockscan.labelling.printing import render
from stockscan.labelling.spec import Label, Layout, Printer, Stock
from stockscan.labelling.zpl import MOST_COPIES, each_label, labels_in
from tests.labelling.cast import LAYOUTS, STOCKS, label, labels, opened, seen

ROLLS = [stock for stock in STOCKS.values() if stock.kind == "roll"]
CASES = list(zip(ROLLS, cycle(LAYOUTS.values()), cycle((8, 12, 24)), strict=False))
IDS = [f"{stock.slug}+{layout.slug}+{dots}" for stock, layout, dots in CASES]
STANDARD = LAYOUTS["standard"]
ZEBRA = STOCKS["zebra-2x1"]
COMMANDS = {"XA", "LH", "PO", "PM", "LR", "PW", "LL", "FO", "GF", "FS", "PQ", "XZ"}


def zpl_of(one: Label, stock: Stock = ZEBRA, **printer: float) -> str:
    """The label in ZPL."""
    return render("zpl", stock, STANDARD, [one], printer=Printer(**printer)).data.decode("ascii")


def dots_of(zpl: str) -> Image.Image:
    """The graphics of one label as the printer unpacks them; what leaves its size fails."""
    size = re.search(r"\^PW(\d+)\^LL(\d+)", zpl)
    assert size
    page = np.full((int(size[2]), int(size[1])), 255, np.uint8)
    fields = re.findall(r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),(.*?)\^FS", zpl)
    for x, y, total, bytes_sent, row_bytes, data in fields:
        rows = unpacked(data, int(row_bytes) * 2)
        assert int(total) == int(bytes_sent) == len(rows) * int(row_bytes)
        for number, row in enumerate(rows, int(y)):
            bits = f"{int(row, 16):0{len(row) * 4}b}"
            page[number, [column for column, bit in enumerate(bits, int(x)) if bit == "1"]] = 0
    return Image.fromarray(page)


def unpacked(data: str, digits: int) -> list[str]:
    """Rows in hex from ZPL's run lengths."""
    rows: list[str] = []
    row = ""
    counts = {chr(ord("F") + n): n for n in range(1, 20)}
    counts |= {chr(ord("f") + n): 20 * n for n in range(1, 21)}
    for letters, character in re.findall(r"([G-Yg-z]*)([0-9A-F,:])", data):
        if character == ":":
            rows.append(rows[-1])
            continue
        count = sum(map(counts.__getitem__, letters or "G"))
        row = row.ljust(digits, "0") if character == "," else row + character * count
        if len(row) == digits:
            rows.append(row)
            row = ""
    assert row == ""
    return rows


def ink(picture: Image.Image) -> np.ndarray:
    """Which dots are burnt."""
    return np.asarray(picture) < 144


@pytest.mark.parametrize(("stock", "layout", "dots"), CASES, ids=IDS)
def test_the_dots_are_those_of_the_picture(stock: Stock, layout: Layout, dots: int) -> None:
    printer, one = Printer(dots_per_mm=dots), label(CASES.index((stock, layout, dots)))
    picture = opened(render("png", stock, layout, [one], printer=printer).data)
    zpl = render("zpl", stock, layout, [one], printer=printer).data.decode("ascii")
    if stock.turned:
        picture = picture.rotate(-90, expand=True)
    assert np.array_equal(ink(dots_of(zpl)), ink(picture))
    assert dots_of(zpl).size == (
        round(stock.label_width_mm * dots), round(stock.label_height_mm * dots),
    )  # fmt: skip


def test_the_head_of_a_label_undoes_what_another_program_left() -> None:
    zpl = zpl_of(label(0))
    assert zpl.startswith("^XA^LH0,0^PON^PMN^LRN^PW406^LL203\n")
    assert zpl.endswith("\n^PQ1^XZ\n")


@pytest.mark.parametrize(("right_mm", "down_mm"), [(-0.5, 0.75), (1.0, -1.0), (-4.0, -6.0)])
def test_offsets_move_what_is_printed(right_mm: float, down_mm: float) -> None:
    still = ink(dots_of(zpl_of(label(0))))
    moved = ink(dots_of(zpl_of(label(0), offset_x_mm=right_mm, offset_y_mm=down_mm)))
    across, down = round(right_mm * 8), round(down_mm * 8)
    expected = np.zeros((still.shape[0], still.shape[1] + max(0, across)), bool)
    rows, columns = np.nonzero(still)
    kept = (rows + down >= 0) & (rows + down < still.shape[0]) & (columns + across >= 0)
    expected[rows[kept] + down, columns[kept] + across] = True
    assert np.array_equal(moved, expected)


def test_an_endless_roll_is_as_long_as_somebody_cut_it() -> None:
    endless = next(stock for stock in ROLLS if stock.endless)
    zpl = zpl_of(label(0), endless.cut(50))
    assert dots_of(zpl).height == 400
    assert len(seen(dots_of(zpl), 203)) == 1


def test_copies_are_counted_by_the_printer() -> None:
    one, other = labels(2)
    several = [one] * (MOST_COPIES + 2) + [other]
    zpl = render("zpl", ZEBRA, STANDARD, several).data
    first, rest, last = each_label(zpl)
    assert [labels_in(each) for each in (first, rest, last)] == [MOST_COPIES, 2, 1]
    assert labels_in(zpl) == len(several)
    assert first.replace(b"^PQ10^", b"^PQ2^") == rest != last


@pytest.mark.parametrize("words", ["A^XZ~JA_b\\&", "^FS^XZ\n^XA^PQ9999", "~HS\x02\x03\x1b\r\n~JR"])
def test_commands_in_words_are_only_drawn(words: str) -> None:
    hostile = replace(label(0), title=words, subtitle=words, company=words)
    zpl = zpl_of(hostile)
    assert set(re.findall(r"\^(..)", zpl)) == COMMANDS
    assert zpl.count("^XA") == zpl.count("^XZ") == labels_in(zpl.encode()) == 1
    assert "~" not in zpl
