"""PNG, SVG and ZPL carry the same symbol as the drawing, and readers read it."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from stockscan.labelling.printing import render
from stockscan.labelling.spec import Layout, Printer, Stock
from tests.labelling.cast import LAYOUTS, STOCKS, label, labels, opened, seen

CASES = [(stock, layout) for stock in STOCKS.values() for layout in LAYOUTS.values()]
IDS = [f"{stock.slug}+{layout.slug}" for stock, layout in CASES]
SVG = "{http://www.w3.org/2000/svg}"
STANDARD = LAYOUTS["standard"]
ZEBRA = STOCKS["zebra-2x1"]


@pytest.mark.parametrize("dots_per_mm", [8, 12])
@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_png_decodes(stock: Stock, layout: Layout, dots_per_mm: float) -> None:
    for one in labels(7):
        printed = render("png", stock, layout, [one], printer=Printer(dots_per_mm=dots_per_mm))
        texts = {code.text for code in seen(opened(printed.data), 25.4 * dots_per_mm)}
        assert texts - {one.code} == {one.address}


def test_png_knows_its_size_on_paper() -> None:
    picture = opened(
        render("png", ZEBRA, STANDARD, [label(0)], printer=Printer(dots_per_mm=8)).data
    )
    assert picture.size == (406, 203)
    assert picture.info["dpi"] == pytest.approx((203.2, 203.2), abs=0.1)


def drawn_from_svg(svg: bytes, dots_per_mm: int) -> Image.Image:
    """The paths of our SVG (boxes only) as a picture; words are left out."""
    root = ET.fromstring(svg)  # noqa: S314 - our own bytes
    width_mm, height_mm = (float(part) for part in root.attrib["viewBox"].split()[2:])
    cells = np.full((round(height_mm * dots_per_mm), round(width_mm * dots_per_mm)), 255)
    for path in root.iter(f"{SVG}path"):
        left, top, across, down = map(float, re.findall(r"[\d.]+", path.attrib["transform"]))
        for box in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.attrib["d"]):
            x, y, width, height = map(int, box)
            rows = slice(*(round((top + n * down) * dots_per_mm) for n in (y, y + height)))
            columns = slice(*(round((left + n * across) * dots_per_mm) for n in (x, x + width)))
            cells[rows, columns] = 0
    return Image.fromarray(cells.astype(np.uint8))


@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_svg_decodes(stock: Stock, layout: Layout) -> None:
    one = label(1)
    picture = drawn_from_svg(render("svg", stock, layout, [one]).data, 20)
    assert {code.text for code in seen(picture, 508)} - {one.code} == {one.address}


def test_svg_speaks_and_escapes() -> None:
    one = label(0)
    hostile = type(one)(one.address, one.code, "<b>&\"'", "x")
    root = ET.fromstring(render("svg", ZEBRA, STANDARD, [hostile]).data)  # noqa: S314
    assert root.attrib["aria-label"] == f"Label {one.shown_code}, <b>&\"'"
    assert "<b>&\"'" in [text.text for text in root.iter(f"{SVG}text")]


def dots_of(zpl: str, width: int, height: int) -> Image.Image:
    """The ^GFA graphics of one label as the printer unpacks them."""
    page = np.full((height, width), 255, np.uint8)
    fields = re.findall(r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),(.*?)\^FS", zpl)
    for x, y, total, size, row_bytes, data in fields:
        rows = unpacked(data, int(row_bytes) * 2)
        assert int(total) == int(size) == len(rows) * int(row_bytes)
        for number, row in enumerate(rows, int(y)):
            bits = f"{int(row, 16):0{len(row) * 4}b}"
            black = [column for column, bit in enumerate(bits, int(x)) if bit == "1"]
            page[number, black] = 0
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
        filled = character == ","
        row = (
            row.ljust(digits, "0")
            if filled
            else row + character * sum(map(counts.get, letters or "G"))
        )
        if len(row) == digits:
            rows.append(row)
            row = ""
    assert row == ""
    return rows


@pytest.mark.parametrize("dots_per_mm", [8, 12])
@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_zpl_graphics_decode(stock: Stock, layout: Layout, dots_per_mm: float) -> None:
    size = round(stock.label_width_mm * dots_per_mm), round(stock.label_height_mm * dots_per_mm)
    for one in labels(7):
        zpl = render(
            "zpl", stock, layout, [one], printer=Printer(dots_per_mm=dots_per_mm)
        ).data.decode()
        found = {code.text for code in seen(dots_of(zpl, *size), 25.4 * dots_per_mm)}
        assert found - {one.code} == {one.address}


def test_zpl_frames_each_label() -> None:
    zpl = render("zpl", ZEBRA, STANDARD, labels(3)).data.decode()
    assert zpl.count("^XA^CI28") == zpl.count("^XZ") == 3
    assert zpl.count("^PW406^LL203") == 3


def test_zpl_words_are_type_where_the_printer_has_the_letters_and_dots_elsewhere() -> None:
    czech, chinese, arabic = (
        render("zpl", ZEBRA, STANDARD, [label(number)]).data.decode() for number in (1, 2, 3)
    )
    assert "^FDVrtačka" in czech
    assert czech.count("^GFA") == 1
    for other in (chinese, arabic):
        assert other.count("^GFA") > 2
        assert all(ord(character) < 0x180 for character in other)


def test_zpl_commands_in_words_are_harmless() -> None:
    one = label(0)
    hostile = type(one)(one.address, one.code, "A^XZ~JA_b")
    zpl = render("zpl", ZEBRA, STANDARD, [hostile]).data.decode()
    assert "^FDA_5EXZ_7EJA_5Fb^FS" in zpl
    assert zpl.count("^XZ") == 1
