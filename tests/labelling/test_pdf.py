"""Every label of every stock and layout decodes, in its own cell, at the right place."""

import numpy as np
import pypdfium2
import pytest

from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.printing import render
from stockscan.labelling.spec import Layout, Printer, Stock
from tests.labelling.cast import (
    FONTS,
    LAYOUTS,
    MM_PER_INCH,
    STOCKS,
    by_slot,
    label,
    labels,
    page_pictures,
    seen,
)

STANDARD = LAYOUTS["standard"]
L7160 = STOCKS["avery-l7160"]


def full_page(stock: Stock) -> int:
    """Labels for one sheet, or a few of a roll, so that all kinds of words have their turn."""
    return stock.slots if stock.kind == "sheet" else 7


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_every_label_decodes_in_its_own_slot(stock: Stock, layout: Layout, dpi: int) -> None:
    wanted = labels(full_page(stock))
    printed = render("pdf", stock, layout, wanted)
    pictures = page_pictures(printed.data, dpi)
    found = [by_slot(stock, seen(picture, dpi)) for picture in pictures]
    assert [page[slot] for page in found for slot in sorted(page)] == [
        one.address for one in wanted
    ]


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_code128_decodes_wherever_it_is_drawn(stock: Stock) -> None:
    wanted = labels(full_page(stock))
    printed = render("pdf", stock, LAYOUTS["qr-code128"], wanted)
    pictures = page_pictures(printed.data, 300)
    found = {one.text for picture in pictures for one in seen(picture, 300) if not one.is_qr}
    left_out = any("Code 128" in warning for warning in printed.warnings)
    assert found == (set() if left_out else {one.code for one in wanted})


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_symbols_stand_where_the_drawing_says(stock: Stock) -> None:
    wanted = labels(full_page(stock))
    printed = render("pdf", stock, STANDARD, wanted)
    codes = {
        one.text: one for picture in page_pictures(printed.data, 300) for one in seen(picture, 300)
    }
    for number, one in enumerate(wanted):
        symbol = compose(stock, STANDARD, one, FONTS).marks[0]
        x_mm, y_mm = stock.cell_mm(number % stock.slots)
        code = codes[one.address]
        assert code.left_mm == pytest.approx(x_mm + symbol.x_mm, abs=0.2)
        assert code.top_mm == pytest.approx(y_mm + symbol.y_mm, abs=0.2)
        assert code.right_mm - code.left_mm == pytest.approx(symbol.width_mm, abs=0.2)
        assert code.bottom_mm - code.top_mm == pytest.approx(symbol.height_mm, abs=0.2)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_nothing_is_printed_between_the_labels(stock: Stock) -> None:
    (picture, *_) = page_pictures(
        render("pdf", stock, STANDARD, labels(full_page(stock))).data, 300
    )
    outside = np.array(picture) < 128
    for slot in range(stock.slots):
        x, y = (value * 300 / MM_PER_INCH for value in stock.cell_mm(slot))
        right = x + stock.label_width_mm * 300 / MM_PER_INCH
        bottom = y + stock.label_height_mm * 300 / MM_PER_INCH
        outside[int(y) : int(bottom) + 1, int(x) : int(right) + 1] = False
    assert not outside.any()


def test_start_slot_leaves_used_labels_free() -> None:
    wanted = labels(25)
    pictures = page_pictures(render("pdf", L7160, STANDARD, wanted, start=6).data, 300)
    first, second = (by_slot(L7160, seen(picture, 300)) for picture in pictures)
    assert first == {5 + number: one.address for number, one in enumerate(wanted[:16])}
    assert second == {number: one.address for number, one in enumerate(wanted[16:])}


@pytest.mark.parametrize("start", [0, 22, -1])
def test_impossible_start_is_refused(start: int) -> None:
    with pytest.raises(LabelSpecError, match="from 1 to 21"):
        render("pdf", L7160, STANDARD, labels(1), start=start)


def test_adjustment_moves_and_scales_about_the_centre() -> None:
    plain = render("pdf", L7160, STANDARD, labels(21))
    moved = render(
        "pdf", L7160, STANDARD, labels(21), printer=Printer(1.5, -2.0, scale_x=1.01, scale_y=1.01)
    )
    before = seen(page_pictures(plain.data, 300)[0], 300)
    after = {one.text: one for one in seen(page_pictures(moved.data, 300)[0], 300)}
    assert len(before) == len(after) == 21
    for was in before:
        now = after[was.text]
        assert now.left_mm == pytest.approx(105 + (was.left_mm - 105) * 1.01 + 1.5, abs=0.2)
        assert now.top_mm == pytest.approx(148.5 + (was.top_mm - 148.5) * 1.01 - 2.0, abs=0.2)


def test_page_has_the_exact_size_and_asks_not_to_be_scaled() -> None:
    data = render("pdf", STOCKS["zebra-2x1"], STANDARD, labels(3)).data
    document = pypdfium2.PdfDocument(data)
    assert [page.get_size() for page in document] == [pytest.approx((144, 72), abs=0.01)] * 3
    assert b"/PrintScaling /None" in data


def test_same_labels_make_the_same_bytes() -> None:
    assert render("pdf", L7160, STANDARD, labels(4)) == render("pdf", L7160, STANDARD, labels(4))


def test_words_can_be_selected_in_the_pdf() -> None:
    document = pypdfium2.PdfDocument(render("pdf", L7160, STANDARD, labels(2)).data)
    text = document[0].get_textpage().get_text_bounded()
    for words in ("Hydraulic", label(0).shown_code, "Vrtačka", "Example Works Ltd"):
        assert words in text
