"""Labels on their page: each in its own cell, at the right place, at its exact size."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import pypdfium2
import pytest

from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.printing import render
from stockscan.labelling.spec import Layout, Printer, Stock
from stockscan.labelling.symbols import Matrix
from tests.labelling.cast import (
    FONTS,
    LAYOUTS,
    MM_PER_INCH,
    STOCKS,
    Seen,
    by_slot,
    label,
    labels,
    page_pictures,
    seen,
)

STANDARD = LAYOUTS["standard"]
L7160, ZEBRA, DYMO = STOCKS["avery-l7160"], STOCKS["zebra-2x1"], STOCKS["dymo-30252"]
# Sheets and rolls, read upright and across; `tests/labelling/proof.py` judges all of them.
SLUGS = ["avery-5160", "avery-l7120", "brother-dk-11204", "dymo-30252", "herma-4360", "zebra-4x2"]
SAMPLE = list(zip((STOCKS[slug] for slug in SLUGS), cycle(LAYOUTS.values()), strict=False))
LOGO = Matrix(tuple(bytes((x * y) % 7 < 3 for x in range(200)) for y in range(60)))


def full_page(stock: Stock) -> int:
    """Labels for one sheet, or a few of a roll, so that all kinds of words have their turn."""
    return stock.slots if stock.kind == "sheet" else 7


def found_on(stock: Stock, pdf: bytes, dpi: int) -> list[Seen]:
    """All codes on the first page."""
    return seen(page_pictures(pdf, dpi)[0], dpi)


@pytest.mark.parametrize(("stock", "layout"), SAMPLE, ids=SLUGS)
def test_every_label_decodes_in_its_own_slot(stock: Stock, layout: Layout) -> None:
    wanted = labels(full_page(stock))
    pictures = page_pictures(render("pdf", stock, layout, wanted).data, 300)
    found = [by_slot(stock, seen(picture, 300)) for picture in pictures]
    assert [page[slot] for page in found for slot in sorted(page)] == [
        one.address for one in wanted
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_symbols_stand_where_the_drawing_says(slug: str) -> None:
    stock, one = STOCKS[slug], label(0)
    symbol = compose(stock, STANDARD, one, FONTS).marks[0]
    (code,) = found_on(stock, render("pdf", stock, STANDARD, [one]).data, 300)
    x_mm, y_mm = stock.cell_mm(0)
    left_mm, top_mm = symbol.x_mm, symbol.y_mm
    if stock.turned:  # the left edge of what is read leaves the printer first
        left_mm = stock.label_width_mm - symbol.y_mm - symbol.height_mm
        top_mm = symbol.x_mm
    assert code.left_mm == pytest.approx(x_mm + left_mm, abs=0.2)
    assert code.top_mm == pytest.approx(y_mm + top_mm, abs=0.2)
    assert code.right_mm - code.left_mm == pytest.approx(symbol.width_mm, abs=0.2)
    assert code.bottom_mm - code.top_mm == pytest.approx(symbol.height_mm, abs=0.2)


def test_a_turned_label_is_read_from_the_top_of_the_page_down() -> None:
    data = render("pdf", DYMO, STANDARD, [label(0)]).data
    page = pypdfium2.PdfDocument(data)[0]
    assert page.get_size() == pytest.approx((28 / 25.4 * 72, 89 / 25.4 * 72), abs=0.01)
    (picture,) = page_pictures(data, 300)
    upright = np.array(picture.rotate(90, expand=True)) < 128
    plain = replace(
        DYMO, turned=False, page_width_mm=89.0, page_height_mm=28.0, label_width_mm=89.0,
        label_height_mm=28.0, margin_x_mm=DYMO.margin_y_mm, margin_y_mm=DYMO.margin_x_mm,
    )  # fmt: skip
    (wanted,) = page_pictures(render("pdf", plain, STANDARD, [label(0)]).data, 300)
    rows, columns = (min(sizes) for sizes in zip(upright.shape, wanted.size[::-1], strict=True))
    differs = upright[:rows, :columns] != (np.array(wanted) < 128)[:rows, :columns]
    assert differs.mean() < 0.02


@pytest.mark.parametrize("stock", [L7160, STOCKS["avery-l7120"]], ids=["wide", "square"])
def test_nothing_is_printed_between_the_labels(stock: Stock) -> None:
    (picture, *_) = page_pictures(
        render("pdf", stock, STANDARD, labels(full_page(stock)), logo=LOGO).data, 300
    )
    outside = np.array(picture) < 128
    assert outside.any()
    for slot in range(stock.slots):
        x, y = (value * 300 / MM_PER_INCH for value in stock.cell_mm(slot))
        right = x + stock.label_width_mm * 300 / MM_PER_INCH
        bottom = y + stock.label_height_mm * 300 / MM_PER_INCH
        outside[int(y) : int(bottom) + 1, int(x) : int(right) + 1] = False
    assert not outside.any()


def test_code128_decodes_wherever_it_is_drawn() -> None:
    wanted = labels(10)
    printed = render("pdf", STOCKS["avery-5163"], LAYOUTS["qr-code128"], wanted)
    found = {one.text for one in found_on(L7160, printed.data, 300) if not one.is_qr}
    assert found == {one.code for one in wanted}


def test_the_logo_is_in_the_file_once_and_on_every_label() -> None:
    data = render("pdf", L7160, STANDARD, labels(42), logo=LOGO).data
    plain = render("pdf", L7160, STANDARD, [replace(one, company="") for one in labels(42)]).data
    form = b"/Subtype /Form"
    assert data.count(form) == plain.count(form) + 1
    for with_logo, without in zip(page_pictures(data, 100), page_pictures(plain, 100), strict=True):
        changed = np.abs(np.array(with_logo, int) - np.array(without, int)) > 60
        for slot in range(L7160.slots):
            x, y = (round(value * 100 / MM_PER_INCH) for value in L7160.cell_mm(slot))
            assert changed[y + 125 : y + 150, x : x + 100].mean() > 0.1


def test_a_roll_is_drawn_in_the_dots_of_the_printer_that_was_named() -> None:
    sheet, roll = (
        render("pdf", stock, STANDARD, [label(0)], printer=Printer(dots_per_mm=8))
        for stock in (L7160, ZEBRA)
    )
    assert roll.smallest_module_mm * 8 == pytest.approx(round(roll.smallest_module_mm * 8))
    assert sheet.smallest_module_mm * 8 != pytest.approx(round(sheet.smallest_module_mm * 8))
    png = render("png", ZEBRA, STANDARD, [label(0)], printer=Printer(dots_per_mm=8))
    assert roll.smallest_module_mm == png.smallest_module_mm


def test_a_cut_of_an_endless_roll_is_a_page_of_that_length() -> None:
    cut = STOCKS["brother-dk-22205"].cut(40)
    page = pypdfium2.PdfDocument(render("pdf", cut, STANDARD, [label(0)]).data)[0]
    assert page.get_size() == pytest.approx((62 / 25.4 * 72, 40 / 25.4 * 72), abs=0.01)


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
    data = render("pdf", ZEBRA, STANDARD, labels(3)).data
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
