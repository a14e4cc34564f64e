"""Calibration, proved on a printer that shifts and stretches: print, read, correct, print again."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from stockscan.labelling.calibration import REACH_MM, Point, calibrated, points
from stockscan.labelling.calibration_page import calibration_pdf
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import Printer, Stock
from tests.labelling.cast import FONTS, STOCKS, page_pictures

DPI = 400
PX_PER_MM = DPI / 25.4
# Stretched and shifted to the right and down; the first one has been calibrated before.
FAULTS = {
    "avery-l7160": ((1.006, 0.3), (0.997, -0.6), Printer(0.8, -0.5, 1.002, 0.998)),
    "avery-l4731": ((0.99, 1.4), (1.008, 0.3), Printer()),
    "herma-4360": ((1.004, -0.8), (1.0, 0.3), Printer()),
}


@pytest.mark.parametrize("slug", sorted(FAULTS))
def test_what_is_read_off_a_sheet_makes_it_right(slug: str) -> None:
    stock, (across, down, before) = STOCKS[slug], FAULTS[slug]
    first = printed(stock, before, across, down)
    readings_mm = {point.letter: round(read(first, point, stock), 1) for point in points(stock)}
    assert max(abs(each) for each in readings_mm.values()) >= 0.4
    after = calibrated(stock, before, readings_mm)
    again = printed(stock, after, across, down)
    for point in points(stock):
        assert read(again, point, stock) == pytest.approx(0, abs=0.1)


def test_no_outline_stands_between_a_scale_and_its_numbers() -> None:
    stock = STOCKS["avery-l4731"]
    (page,) = page_pictures(calibration_pdf(stock, Printer(), "Page", FONTS), DPI)
    for point in points(stock):
        assert dark(page, point, beside(stock, point) + 2.8) == []


def test_a_roll_is_measured_with_a_ruler_and_moved() -> None:
    stock = STOCKS["dymo-30252"]
    across, down = (1.0, 0.7), (1.0, -1.1)
    line_a, line_b = points(stock)
    first = printed(stock, Printer(), across, down)
    measured_mm = {"A": line(first, line_a), "B": line(first, line_b)}
    assert measured_mm == pytest.approx({"A": line_a.at_mm + 0.7, "B": line_b.at_mm - 1.1}, abs=0.1)
    after = calibrated(stock, Printer(), measured_mm)
    assert (after.scale_x, after.scale_y) == (1, 1)
    again = printed(stock, after, across, down)
    assert line(again, line_a) == pytest.approx(line_a.at_mm, abs=0.1)
    assert line(again, line_b) == pytest.approx(line_b.at_mm, abs=0.1)


def test_a_page_that_the_viewer_scaled_is_no_printers_fault() -> None:
    stock = STOCKS["avery-l7160"]
    fit_to_page = {"A": -3.8, "B": -3.9, "C": 3.9, "D": 3.9}
    with pytest.raises(LabelSpecError, match=r"print it again at 100 %") as error:
        calibrated(stock, Printer(), fit_to_page)
    assert error.value.field == "C"


@pytest.mark.parametrize(
    ("change", "letter"), [({"A": 5.5}, "A"), ({"D": -6.0}, "D"), ({"A": 4.0, "C": 4.0}, "A")]
)
def test_what_no_printer_does_is_refused(change: dict[str, float], letter: str) -> None:
    stock, far_off = STOCKS["avery-l7160"], Printer(offset_x_mm=8.0)
    before = replace(far_off, offset_x_mm=-8.0) if letter == "D" else far_off
    readings_mm = {"A": 0.0, "B": 0.0, "C": 0.0, "D": 0.0, **change}
    with pytest.raises(LabelSpecError) as error:
        calibrated(stock, before, readings_mm)
    assert error.value.field == letter


@pytest.mark.parametrize("slug", sorted(STOCKS))
def test_every_stock_has_a_page_that_can_be_read(slug: str) -> None:
    stock = STOCKS[slug]
    found = points(stock)
    assert all(0 < point.at_mm < max(stock.page_width_mm, stock.page_height_mm) for point in found)
    unmoved = {point.letter: point.at_mm if point.is_ruled else 0.0 for point in found}
    assert calibrated(stock, Printer(), unmoved) == Printer()
    assert calibration_pdf(stock, Printer(), "Page", FONTS).startswith(b"%PDF")


def printed(
    stock: Stock, printer: Printer, across: tuple[float, float], down: tuple[float, float]
) -> Image.Image:
    """The page on paper, from a printer that puts x to scale * x + shift_mm, and y likewise."""
    (page,) = page_pictures(calibration_pdf(stock, printer, "Page", FONTS), DPI)
    (scale_x, shift_x_mm), (scale_y, shift_y_mm) = across, down
    back = (
        1 / scale_x, 0, -shift_x_mm * PX_PER_MM / scale_x,
        0, 1 / scale_y, -shift_y_mm * PX_PER_MM / scale_y,
    )  # fmt: skip
    return page.transform(
        page.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC, fillcolor=255
    )


def read(paper: Image.Image, point: Point, stock: Stock) -> float:
    """The number of the scale that lies at the cut edge, as an eye would find it."""
    along_mm = beside(stock, point)
    looks = (dark(paper, point, along_mm + step / 10) for step in range(-40, 40))
    ticks = next(ticks for ticks in looks if len(ticks) == 4 * REACH_MM + 1)
    at, (low_mm, high_mm) = next(
        (at, pair) for at, pair in enumerate(pairwise(ticks)) if pair[0] <= point.at_mm < pair[1]
    )
    return (at + (point.at_mm - low_mm) / (high_mm - low_mm)) / 2 - REACH_MM


def line(paper: Image.Image, point: Point) -> float:
    """How far a roll's line is from the paper's edge, beside its words."""
    (found,) = dark(paper, point, along_mm=3.0)
    return found


def dark(paper: Image.Image, point: Point, along_mm: float) -> list[float]:
    """Where lines cross a strip through the scale, in mm from the page's edge."""
    reach_mm = 7.0 if not point.is_ruled else 2.0
    from_mm = max(point.at_mm - reach_mm, 0)
    page_mm = (paper.width if point.axis == "x" else paper.height) / PX_PER_MM
    box = (from_mm, along_mm - 0.1, min(point.at_mm + reach_mm, page_mm), along_mm + 0.1)
    if point.axis == "y":
        box = (box[1], box[0], box[3], box[2])
    strip = paper.crop(tuple(round(each * PX_PER_MM) for each in box))
    if point.axis == "y":
        strip = strip.transpose(Image.Transpose.TRANSPOSE)
    shades = strip.resize((strip.width, 1), Image.Resampling.BOX).tobytes()
    start_mm = round(from_mm * PX_PER_MM) / PX_PER_MM
    return [start_mm + centre / PX_PER_MM for centre in centres(shades)]


def centres(shades: bytes) -> list[float]:
    """The middle of each dark run, weighed by darkness."""
    found, run = [], list[tuple[float, int]]()
    for at, shade in enumerate([*shades, 255]):
        if shade < 200:
            run.append((at + 0.5, 255 - shade))
        elif run:
            found.append(sum(x * weight for x, weight in run) / sum(w for _, w in run))
            run = []
    return found


def beside(stock: Stock, point: Point) -> float:
    x_mm, y_mm = stock.cell_mm(point.slot)
    if point.axis == "x":
        return y_mm + stock.label_height_mm / 2
    return x_mm + stock.label_width_mm / 2
