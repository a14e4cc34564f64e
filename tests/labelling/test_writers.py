"""PNG and SVG carry the same symbol as the drawing, and readers read it."""

import re
from itertools import cycle
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from stockscan.labelling.printing import render
from stockscan.labelling.spec import Layout, Printer, Stock
from tests.labelling.cast import LAYOUTS, STOCKS, label, labels, opened, seen

# Every third stock, with the layouts in turn.
CASES = list(zip(list(STOCKS.values())[::3], cycle(LAYOUTS.values()), strict=False))
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
        wanted = one.address if printed.symbols == {"qr"} else one.code
        assert wanted in texts
        assert texts <= {wanted, one.code}


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
    printed = render("svg", stock, layout, [one])
    texts = {code.text for code in seen(drawn_from_svg(printed.data, 20), 508)}
    assert (one.address if printed.symbols == {"qr"} else one.code) in texts
    assert texts <= {one.address, one.code}


def test_svg_speaks_and_escapes() -> None:
    one = label(0)
    hostile = type(one)(one.address, one.code, "<b>&\"'", "x")
    root = ET.fromstring(render("svg", ZEBRA, STANDARD, [hostile]).data)  # noqa: S314
    assert root.attrib["aria-label"] == f"Label {one.shown_code}, <b>&\"'"
    assert "<b>&\"'" in [text.text for text in root.iter(f"{SVG}text")]
