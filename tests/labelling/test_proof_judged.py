"""A sample of the proof: every second stock in one layout (`bench.label_proof` has all of it)."""

from dataclasses import replace
from itertools import cycle

import pytest

from stockscan.labelling.spec import Layout, Stock
from tests.labelling.cast import LAYOUTS, STOCKS, labels
from tests.labelling.judges import render_zpl, zbar_read
from tests.labelling.proof import cut, drawn, judged, judged_by_camera, judged_zpl, overlapping

SHOWN = list(
    zip(list(STOCKS.values())[::2], cycle(LAYOUTS.values()), cycle((203, 300, 300)), strict=False)
)
IDS = [f"{stock.slug}+{layout.slug}+{dpi}" for stock, layout, dpi in SHOWN]
SEEN = SHOWN[::4]
ROLLS = [("zebra-2x1", 12), ("dymo-30252", 8), ("brother-dk-22205", 8)]
L7160, STANDARD = STOCKS["avery-l7160"], LAYOUTS["standard"]


@pytest.mark.parametrize(("stock", "layout", "dpi"), SHOWN, ids=IDS)
def test_full_sheets_are_read_and_nothing_is_cut(stock: Stock, layout: Layout, dpi: int) -> None:
    verdict = judged(stock, layout, dpi)
    assert verdict.holds_on_paper(dpi), verdict


@pytest.mark.parametrize(("stock", "dots_per_mm"), ROLLS)
def test_zpl_is_read_as_another_program_draws_it(stock: str, dots_per_mm: int) -> None:
    verdict = judged_zpl(STOCKS[stock], list(LAYOUTS.values())[::3], dots_per_mm)
    assert verdict.holds_on_paper(dots_per_mm * 25.4), verdict


@pytest.mark.parametrize(("stock", "layout"), [case[:2] for case in SEEN])
def test_camera_reads_tilted_and_blurred_labels(stock: Stock, layout: Layout) -> None:
    verdict = judged_by_camera(stock, layout)
    assert verdict.holds_for_a_camera(), verdict


def test_judges_see_what_is_wrong() -> None:
    """A proof that cannot fail proves nothing."""
    drawings = drawn(L7160, STANDARD, labels(2), 8)
    assert cut(L7160, drawings) == 0
    assert cut(replace(L7160, margin_x_mm=20.0), drawings) == 2
    assert overlapping(replace(L7160, pitch_y_mm=30.0)) == 18
    (blank,) = render_zpl("^XA^FO20,20^GB50,50,50^FS^XZ", 20, 20, 8)
    assert blank.getextrema() == (0, 255)
    assert zbar_read([blank]) == [[]]
