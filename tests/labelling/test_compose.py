"""The one description of a label: everything inside, nothing touches the symbol."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelTooSmall
from stockscan.labelling.marks import Grid, Mark, Text
from stockscan.labelling.spec import Layout, Stock
from tests.labelling.cast import FONTS, LAYOUTS, STOCKS, label, labels

CASES = [(stock, layout) for stock in STOCKS.values() for layout in LAYOUTS.values()]
IDS = [f"{stock.slug}+{layout.slug}" for stock, layout in CASES]
DOTS = [None, 8, 12]


def edges(mark: Mark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is inked."""
    if isinstance(mark, Text):
        top = mark.baseline_mm - 0.95 * mark.size_mm
        return mark.x_mm, top, mark.x_mm + mark.width_mm, mark.baseline_mm + 0.236 * mark.size_mm
    boxes = list(mark.matrix.boxes())
    return (
        mark.x_mm + min(x for x, _, _, _ in boxes) * mark.cell_width_mm,
        mark.y_mm + min(y for _, y, _, _ in boxes) * mark.cell_height_mm,
        mark.x_mm + max(x + width for x, _, width, _ in boxes) * mark.cell_width_mm,
        mark.y_mm + max(y + height for _, y, _, height in boxes) * mark.cell_height_mm,
    )


@pytest.mark.parametrize("dots_per_mm", DOTS)
@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_all_marks_are_inside_and_the_quiet_zone_is_white(
    stock: Stock, layout: Layout, dots_per_mm: float
) -> None:
    for one in labels(7):
        symbol, *others = compose(stock, layout, one, FONTS, dots_per_mm=dots_per_mm).marks
        assert isinstance(symbol, Grid)
        quiet = 4 * symbol.cell_width_mm - 0.01
        left, top, right, bottom = edges(symbol)
        assert min(left, top) >= quiet
        assert right + quiet <= stock.label_width_mm
        assert bottom + quiet <= stock.label_height_mm
        for mark in others:
            x0, y0, x1, y1 = edges(mark)
            assert min(x0, y0) >= 0
            assert x1 <= stock.label_width_mm
            assert y1 <= stock.label_height_mm
            assert x0 >= right + quiet or y0 >= bottom + quiet


@pytest.mark.parametrize("dots_per_mm", [8, 12, 300 / 25.4])
@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_modules_and_bars_are_whole_dots(stock: Stock, layout: Layout, dots_per_mm: float) -> None:
    for mark in compose(stock, layout, label(0), FONTS, dots_per_mm=dots_per_mm).marks:
        if isinstance(mark, Grid) and mark.matrix.width > 1:
            dots = mark.cell_width_mm * dots_per_mm
            assert dots == pytest.approx(round(dots), abs=1e-6)
            assert dots >= 1


@pytest.mark.parametrize(("stock", "layout"), CASES, ids=IDS)
def test_lines_of_text_do_not_touch(stock: Stock, layout: Layout) -> None:
    for one in labels(7):
        texts = [
            mark for mark in compose(stock, layout, one, FONTS).marks if isinstance(mark, Text)
        ]
        ordered = sorted(texts, key=lambda text: text.baseline_mm)
        for above, below in pairwise(ordered):
            same_line = math.isclose(above.baseline_mm, below.baseline_mm)
            # Capitals of the lower line stay clear of the upper line's baseline.
            assert same_line or below.baseline_mm - 0.729 * below.size_mm > above.baseline_mm


def test_small_modules_are_named() -> None:
    stock = replace(STOCKS["avery-l7651"], label_width_mm=24.0, label_height_mm=13.0)
    drawing = compose(stock, LAYOUTS["standard"], label(0), FONTS)
    assert any("modules of 0.3" in caution for caution in drawing.cautions)


def test_modules_that_cameras_cannot_see_are_refused() -> None:
    stock = replace(STOCKS["avery-l7651"], label_width_mm=14.0, label_height_mm=8.0)
    with pytest.raises(LabelTooSmall, match=r"0\.25 mm are needed: choose a larger label"):
        compose(stock, LAYOUTS["standard"], label(0), FONTS)


def test_modules_that_printers_cannot_draw_are_refused() -> None:
    stock = replace(STOCKS["avery-l7651"], label_width_mm=24.0, label_height_mm=13.0)
    with pytest.raises(LabelTooSmall, match="2 printer dots a module"):
        compose(stock, LAYOUTS["standard"], label(0), FONTS, dots_per_mm=8)


def test_a_longer_host_makes_smaller_modules() -> None:
    long_host = replace(label(0), address=f"https://{'LONG.' * 9}EXAMPLE.COM/S/{label(0).code}")
    plain = compose(STOCKS["avery-5160"], LAYOUTS["standard"], label(0), FONTS).marks[0]
    small = compose(STOCKS["avery-5160"], LAYOUTS["standard"], long_host, FONTS).marks[0]
    assert isinstance(plain, Grid)
    assert isinstance(small, Grid)
    assert small.cell_width_mm < plain.cell_width_mm
