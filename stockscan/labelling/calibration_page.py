"""The page that a printer is calibrated with: all cells outlined, and scales to read errors off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stockscan.labelling.calibration import REACH_MM, Point, points
from stockscan.labelling.fonts import CAP_HEIGHT, Fonts
from stockscan.labelling.marks import SOLID, Drawing, Grid, Mark, Text
from stockscan.labelling.pdf import sheet_pdf
from stockscan.labelling.spec import Printer, Stock
from stockscan.labelling.text import fit

_LINE_MM = 0.12
_TICK_MM = {0: 5.0, 1: 2.6, 2: 3.6}  # at 0, at odd and at even numbers
_HALF_TICK_MM = 1.4
_FIGURE_MM = 1.5
_WORDS_MM = 2.8
# Beside the middle of a scale: its letter to one side, its figures to the other.
_CLEAR_MM = 5.2


@dataclass(frozen=True, slots=True)
class _Zone:
    """A part of the page where no outline is drawn, so that what stands there can be read."""

    left_mm: float
    top_mm: float
    right_mm: float
    bottom_mm: float


def calibration_pdf(stock: Stock, printer: Printer, heading: str, fonts: Fonts) -> bytes:
    """One page for this stock as this printer prints it now, headed by `heading`."""
    page = replace(
        stock,
        columns=1,
        rows=1,
        label_width_mm=stock.page_width_mm,
        label_height_mm=stock.page_height_mm,
        left_mm=0.0,
        top_mm=0.0,
        margin_x_mm=0.0,
        margin_y_mm=0.0,
        turned=False,
    )
    return sheet_pdf(page, [calibration_drawing(stock, heading, fonts)], printer=printer)


def calibration_drawing(stock: Stock, heading: str, fonts: Fonts) -> Drawing:
    """The whole page as the printer is fed with it."""
    words = list(_words(stock, heading, fonts))
    drawn: tuple[Mark, ...] = (*_outlines(stock, _zones(stock, words)), *words)
    for point in points(stock):
        drawn += tuple(
            _ruled(stock, point, fonts) if point.is_ruled else _scale(stock, point, fonts)
        )
    return Drawing(
        width_mm=stock.page_width_mm,
        height_mm=stock.page_height_mm,
        corner_radius_mm=0.0,
        marks=drawn,
        symbol="qr",
        module_mm=0.0,
        cautions=(),
    )


def _outlines(stock: Stock, zones: Sequence[_Zone]) -> Iterator[Grid]:
    """The cut edges; on a roll, where the edge is the paper's, as far as the printer prints."""
    inset_x_mm, inset_y_mm = (
        (stock.margin_x_mm, stock.margin_y_mm) if stock.kind == "roll" else (0, 0)
    )
    for slot in range(stock.slots):
        x_mm, y_mm = stock.cell_mm(slot)
        left_mm, right_mm = x_mm + inset_x_mm, x_mm + stock.label_width_mm - inset_x_mm
        top_mm, bottom_mm = y_mm + inset_y_mm, y_mm + stock.label_height_mm - inset_y_mm
        for at_mm in (top_mm, bottom_mm):
            gaps = [(z.left_mm, z.right_mm) for z in zones if z.top_mm < at_mm < z.bottom_mm]
            for from_mm, to_mm in _between(left_mm, right_mm, gaps):
                yield _box(from_mm, at_mm - _LINE_MM / 2, to_mm - from_mm, _LINE_MM)
        for at_mm in (left_mm, right_mm):
            gaps = [(z.top_mm, z.bottom_mm) for z in zones if z.left_mm < at_mm < z.right_mm]
            for from_mm, to_mm in _between(top_mm, bottom_mm, gaps):
                yield _box(at_mm - _LINE_MM / 2, from_mm, _LINE_MM, to_mm - from_mm)


def _between(
    start_mm: float, end_mm: float, gaps: Iterable[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """What is left of a line without its gaps."""
    for gap_start_mm, gap_end_mm in sorted(gaps):
        if start_mm < min(gap_start_mm, end_mm):
            yield start_mm, min(gap_start_mm, end_mm)
        start_mm = max(start_mm, gap_end_mm)
    if start_mm < end_mm:
        yield start_mm, end_mm


def _zones(stock: Stock, words: Iterable[Text]) -> list[_Zone]:
    """Where scales and words of a sheet stand; a roll's lines are measured with a ruler."""
    if stock.kind == "roll":
        return []
    zones = [
        _Zone(
            text.x_mm - 1,
            text.baseline_mm - 1.2 * text.size_mm,
            text.x_mm + text.width_mm + 1,
            text.baseline_mm + 0.5 * text.size_mm,
        )
        for text in words
    ]
    for point in points(stock):
        along_mm, reach_mm = _beside(stock, point), REACH_MM + 0.8
        x_mm, y_mm = (point.at_mm, along_mm) if point.axis == "x" else (along_mm, point.at_mm)
        wide_mm, high_mm = (reach_mm, _CLEAR_MM) if point.axis == "x" else (_CLEAR_MM, reach_mm)
        zones.append(_Zone(x_mm - wide_mm, y_mm - high_mm, x_mm + wide_mm, y_mm + high_mm))
    return zones


def _scale(stock: Stock, point: Point, fonts: Fonts) -> Iterator[Grid | Text]:
    """Ticks at every half mm to both sides of a cut edge, across the middle of its cell."""
    along_mm = _beside(stock, point)
    for half in range(-2 * REACH_MM, 2 * REACH_MM + 1):
        number, is_half = divmod(half, 2)
        long_mm = _HALF_TICK_MM if is_half else _TICK_MM.get(number, _TICK_MM[2 - number % 2])
        yield _tick(point, half / 2, along_mm, long_mm)
        if not is_half and number % 2 == 0:
            yield _figure(point, number, along_mm, fonts)
    inwards = 1 if point.at_mm in stock.cell_mm(point.slot) else -1
    yield _at(point, inwards * 2.4, along_mm - 3.8, point.letter, 2.4, fonts)


def _ruled(stock: Stock, point: Point, fonts: Fonts) -> Iterator[Grid | Text]:
    """One line from edge to edge, as far as it should be from the paper's left or top edge."""
    is_x = point.axis == "x"
    side_mm = stock.page_height_mm if is_x else stock.page_width_mm
    margin_mm = stock.margin_y_mm if is_x else stock.margin_x_mm
    yield _tick(point, 0, side_mm / 2, side_mm)
    yield _at(point, 1.6, side_mm - margin_mm - 3.2, point.letter, 2.4, fonts)


def _words(stock: Stock, heading: str, fonts: Fonts) -> Iterator[Text]:
    """What this is and what to do with it."""
    if stock.kind == "roll":
        x_mm, y_mm = (point.at_mm for point in points(stock))
        left_mm, baseline_mm = x_mm + 1.5, y_mm + 4.5
        # The letter of the lower line stands at the right.
        width_mm = stock.page_width_mm - stock.margin_x_mm - left_mm - 3.7
        lines = [heading]
    else:
        (_, first_mm), (_, last_mm) = stock.cell_mm(0), stock.cell_mm(stock.slots - 1)
        left_mm = max(stock.left_mm, 5.0) + 3
        baseline_mm = (first_mm + last_mm + stock.label_height_mm) / 2
        width_mm = stock.page_width_mm - 2 * left_mm
        lines = [heading, "Print it at 100 %. At A, B, C and D read the number at the cut edge."]
    for line in lines:
        fitted = fit(line, fonts.regular, min(_WORDS_MM, width_mm / 6), width_mm, 4)
        for shown in fitted.lines:
            yield Text(left_mm, baseline_mm, fitted.size_mm, shown, fonts.regular)
            baseline_mm += fitted.size_mm * 1.4


def _beside(stock: Stock, point: Point) -> float:
    """Where along the cut edge its scale stands: of both scales of a cell none meets the other."""
    x_mm, y_mm = stock.cell_mm(point.slot)
    if point.axis == "x":
        return y_mm + stock.label_height_mm / 2
    return x_mm + stock.label_width_mm / 2


def _tick(point: Point, off_mm: float, along_mm: float, long_mm: float) -> Grid:
    """A line parallel to the edge, so far beyond where the edge should be."""
    at_mm, from_mm = point.at_mm + off_mm - _LINE_MM / 2, along_mm - long_mm / 2
    if point.axis == "x":
        return _box(at_mm, from_mm, _LINE_MM, long_mm)
    return _box(from_mm, at_mm, long_mm, _LINE_MM)


def _figure(point: Point, number: int, along_mm: float, fonts: Fonts) -> Text:
    return _at(point, number, along_mm + 3.6, str(number), _FIGURE_MM, fonts)


def _at(
    point: Point, off_mm: float, along_mm: float, text: str, size_mm: float, fonts: Fonts
) -> Text:
    """A word in the middle of a point that is so far beyond the edge."""
    face = fonts.strong
    width_mm = face.width(text) * size_mm
    x_mm, y_mm = point.at_mm + off_mm, along_mm
    if point.axis == "y":
        x_mm, y_mm = y_mm, x_mm
    return Text(x_mm - width_mm / 2, y_mm + CAP_HEIGHT * size_mm / 2, size_mm, text, face)


def _box(x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> Grid:
    return Grid(x_mm, y_mm, width_mm, height_mm, SOLID)
