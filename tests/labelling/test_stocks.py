"""The shipped stocks are the sizes that the makers' tables give, and every sheet closes."""

import pytest

from stockscan.labelling.files import read_stock, stock_toml
from stockscan.labelling.spec import Stock
from tests.labelling.cast import STOCKS

A4, LETTER = (210.0, 297.0), (215.9, 279.4)

# Collected from the makers' tables, apart from the files: page, columns, rows, label width and
# height, left, top, step to the right and down, corner radius (None: nobody says), how sure.
SHEETS = {
    "avery-22805": (LETTER, 4, 6, 38.1, 38.1, 19.84375, 12.7, 46.0375, 43.18, None, "medium-high"),
    "avery-22806": (LETTER, 3, 4, 50.8, 50.8, 15.875, 15.875, 66.675, 65.617, None, "medium"),
    "avery-5160": (LETTER, 3, 10, 66.675, 25.4, 4.7625, 12.7, 69.85, 25.4, 1.59, "high"),
    "avery-5163": (LETTER, 2, 5, 101.6, 50.8, 3.96875, 12.7, 106.3625, 50.8, 3.18, "high"),
    "avery-5167": (LETTER, 4, 20, 44.45, 12.7, 7.14375, 12.7, 52.3875, 12.7, 1.59, "high"),
    "avery-5520": (LETTER, 3, 10, 66.8, 25.4, 4.78, 12.735, 69.85, 25.4, None, "high"),
    "avery-l4731": (A4, 7, 27, 25.4, 10, 8.48, 13.5, 27.94, 10, None, "high"),
    "avery-l4732": (A4, 5, 16, 35.56, 16.93, 11.02, 13.06, 38.1, 16.93, 1.5, "high"),
    "avery-l4736": (A4, 4, 12, 45.72, 21.17, 9.75, 21.5, 48.26, 21.17, None, "high"),
    "avery-l7120": (A4, 5, 7, 35, 35, 7.5, 11, 40, 40, None, "medium"),
    "avery-l7159": (A4, 3, 8, 64, 33.86, 6.46, 13.06, 66.54, 33.86, None, "high"),
    "avery-l7160": (A4, 3, 7, 63.5, 38.1, 7.2, 15.15, 66.04, 38.1, 1.76, "high"),
    "avery-l7162": (A4, 2, 8, 99.06, 33.87, 4.67, 13.02, 101.6, 33.87, None, "high"),
    "avery-l7163": (A4, 2, 7, 99.06, 38.1, 4.67, 15.15, 101.6, 38.1, 1.76, "high"),
    "avery-l7651": (A4, 5, 13, 38.1, 21.17, 4.67, 10.9, 40.64, 21.17, 1.76, "high"),
    "herma-4334": (A4, 7, 16, 25.4, 16.93, 8.48, 13.06, 27.94, 16.93, None, "medium"),
    "herma-4360": (A4, 3, 8, 70, 36, 0, 4.5, 70, 36, None, "high"),
}
# As the printer is fed: width, length (None: endless), printable width and length (None: all of
# it), whether it is read across, how sure.
ROLLS = {
    "brother-dk-11201": (29, 90, 25.9, 83.9, True, "high"),
    "brother-dk-11204": (17, 54, 14.0, 47.9, True, "high"),
    "brother-dk-11209": (62, 29, 58.9, 22.9, False, "high"),
    "brother-dk-11221": (23, 23, 17.1, 17.1, False, "high"),
    "brother-dk-22205": (62, None, 58.9, None, False, "high"),
    "brother-dk-22210": (29, None, 25.9, None, True, "high"),
    "dymo-30252": (28, 89, 25.3, 81.5, True, "high"),
    "dymo-30321": (35.7, 88.6, 33.2, 81.4, True, "high"),
    "dymo-30330": (19.05, 50.8, 16.6, 43.5, True, "high"),
    "dymo-30332": (25.4, 25.4, 22.9, 21.3, False, "high"),
    "dymo-30334": (57.15, 31.75, 55.1, 28.7, False, "high"),
    "dymo-30336": (25.4, 54, 22.9, 50.2, True, "high"),
    "zebra-2.25x1.25": (57.15, 31.75, None, None, False, "nominal"),
    "zebra-2x1": (50.8, 25.4, None, None, False, "nominal"),
    "zebra-4x2": (101.6, 50.8, None, None, False, "nominal"),
    "zebra-4x6": (101.6, 152.4, None, None, False, "nominal"),
}
UNSURE = {"avery-22805", "avery-22806", "avery-l7120", "herma-4334"}
# A dot of a printer with 300 dpi, and a bit.
ROUNDED_MM = 0.1


def test_nothing_is_missing_and_weak_ones_are_marked() -> None:
    assert set(STOCKS) == {*SHEETS, *ROLLS}
    assert {slug for slug, stock in STOCKS.items() if stock.is_unsure} == UNSURE
    assert all(stock.source for stock in STOCKS.values())


@pytest.mark.parametrize("slug", sorted(SHEETS))
def test_a_sheet_has_its_makers_sizes_and_closes(slug: str) -> None:
    stock, right_bottom_mm = STOCKS[slug], STOCKS[slug].rest_mm
    page, columns, rows, *sizes, radius, confidence = SHEETS[slug]
    assert (stock.kind, stock.turned, stock.endless) == ("sheet", False, False)
    assert (stock.page_width_mm, stock.page_height_mm) == page
    assert (stock.columns, stock.rows) == (columns, rows)
    assert [
        stock.label_width_mm, stock.label_height_mm, stock.left_mm, stock.top_mm,
        stock.pitch_x_mm, stock.pitch_y_mm,
    ] == sizes  # fmt: skip
    assert stock.corner_radius_mm == (radius or 0)
    assert stock.confidence == confidence
    assert (stock.left_mm, stock.top_mm) == pytest.approx(right_bottom_mm, abs=0.2)


@pytest.mark.parametrize("slug", sorted(ROLLS))
def test_a_roll_has_its_makers_sizes_and_prints_where_the_printer_reaches(slug: str) -> None:
    stock = STOCKS[slug]
    width_mm, length_mm, printable_x_mm, printable_y_mm, turned, confidence = ROLLS[slug]
    assert (stock.kind, stock.slots, stock.turned) == ("roll", 1, turned)
    assert stock.endless == (length_mm is None)
    assert (stock.left_mm, stock.top_mm, *stock.rest_mm) == pytest.approx((0, 0, 0, 0))
    assert stock.label_width_mm == width_mm
    assert stock.label_height_mm == (length_mm or stock.page_height_mm)
    assert stock.confidence == confidence
    printed_x_mm = stock.label_width_mm - 2 * stock.margin_x_mm
    printed_y_mm = stock.label_height_mm - 2 * stock.margin_y_mm
    assert printed_x_mm <= (printable_x_mm or width_mm) + ROUNDED_MM
    assert printed_y_mm <= (printable_y_mm or stock.label_height_mm) + ROUNDED_MM


def test_the_long_side_of_a_turned_label_is_read_across() -> None:
    turned = [stock for stock in STOCKS.values() if stock.turned]
    assert turned
    assert all(stock.area.width_mm > stock.area.height_mm for stock in turned)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_every_stock_is_the_same_after_it_was_saved(stock: Stock) -> None:
    assert read_stock(stock.slug, stock_toml(stock)) == stock
