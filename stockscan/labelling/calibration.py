"""Calibration: from what somebody reads off a printed page to the printer's offsets and scales.

Along one axis a page is drawn with the scale s about its centre c and the offset o, and the printer
puts what is drawn at x to a*x + b. So a point p of the page lands at a*(c + o + s*(p - c)) + b, and
its error is e(p) = e(c) + m*(p - c), where 1 + m = a*s: a straight line, known from two points as
m = (e2 - e1) / (p2 - p1). No error is left with s' = 1/a = s / (1 + m), and with the o' for which
a*(c + o') + b = c: taking a*(c + o) + b = c + e(c) from it leaves o' = o - e(c) * s / (1 + m).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import Printer, Stock

REACH_MM: Final = 4  # of the scales, to both sides of the edge
MOST_OFFSET_MM: Final = 10.0
MOST_SCALE: Final = 0.03

_PRINTABLE_MM: Final = 4.3  # most office printers leave a strip of 4.2 mm
_APART_MM: Final = 25.0  # points that are nearer tell nothing of the scale
_RULED_MM: Final = 10.0
_WORDS: Final = {"x": "sideways", "y": "up or down"}


@dataclass(frozen=True, slots=True)
class Point:
    """One place of the page to read, named by its letter there.

    `at_mm` is where it should be, from the page's left or top edge. On a sheet it is a scale about
    a cut edge, and the number at the edge is read; on a roll (`is_ruled`) a line, whose distance
    from the paper's edge is measured with a ruler.
    """

    letter: str
    axis: Literal["x", "y"]
    at_mm: float
    slot: int
    is_ruled: bool = False

    def error_mm(self, reading_mm: float) -> float:
        """How far too far right or down the print is here."""
        return reading_mm - self.at_mm if self.is_ruled else -reading_mm


def points(stock: Stock) -> tuple[Point, ...]:
    """Where a page of this stock is read: across and down at the first and at the last label."""
    width_mm, height_mm = stock.page_width_mm, stock.page_height_mm
    if stock.kind == "roll":
        x_mm, y_mm = (min(_RULED_MM, side_mm // 3) for side_mm in (width_mm, height_mm))
        return (Point("A", "x", x_mm, 0, is_ruled=True), Point("B", "y", y_mm, 0, is_ruled=True))
    last = stock.slots - 1
    x_mm, y_mm = stock.cell_mm(last)
    across = _pair(stock.left_mm, x_mm, stock.label_width_mm, width_mm)
    down = _pair(stock.top_mm, y_mm, stock.label_height_mm, height_mm)
    return (
        Point("A", "x", across[0], 0),
        Point("B", "y", down[0], 0),
        Point("C", "x", across[1], last),
        Point("D", "y", down[1], last),
    )


def calibrated(stock: Stock, printer: Printer, readings_mm: Mapping[str, float]) -> Printer:
    """The printer that prints right what it printed so with its values until now.

    `readings_mm` by the letters of `points`. Raises LabelSpecError, whose `field` is a letter, for
    what no printer does by itself: then the page was scaled, or the paper is another.
    """
    for point in points(stock):
        _check(point, readings_mm[point.letter])
    x_mm, scale_x = _corrected("x", stock, printer, readings_mm)
    y_mm, scale_y = _corrected("y", stock, printer, readings_mm)
    return replace(printer, offset_x_mm=x_mm, offset_y_mm=y_mm, scale_x=scale_x, scale_y=scale_y)


def _pair(first_mm: float, last_mm: float, side_mm: float, page_mm: float) -> tuple[float, float]:
    """Two cut edges as far apart as possible, both where a printer prints."""
    outer = (first_mm, last_mm + side_mm)
    inner = (first_mm + side_mm, last_mm)
    is_printable = min(first_mm, page_mm - last_mm - side_mm) >= _PRINTABLE_MM
    return outer if is_printable or abs(inner[1] - inner[0]) < _APART_MM else inner


def _check(point: Point, reading_mm: float) -> None:
    if not point.is_ruled and abs(reading_mm) > REACH_MM + 1:
        raise LabelSpecError(
            f"The scale goes from -{REACH_MM} to {REACH_MM}. Is the edge beyond it, then {_SCALED}",
            point.letter,
        )


def _corrected(
    axis: Literal["x", "y"], stock: Stock, printer: Printer, readings_mm: Mapping[str, float]
) -> tuple[float, float]:
    centre_mm = (stock.page_width_mm if axis == "x" else stock.page_height_mm) / 2
    offset_mm = printer.offset_x_mm if axis == "x" else printer.offset_y_mm
    scale = printer.scale_x if axis == "x" else printer.scale_y
    along = [point for point in points(stock) if point.axis == axis]
    errors = [(point.at_mm, point.error_mm(readings_mm[point.letter])) for point in along]
    slope, at_centre_mm = _line(errors, centre_mm)
    scale, offset_mm = scale / (1 + slope), offset_mm - at_centre_mm * scale / (1 + slope)
    if abs(scale - 1) > MOST_SCALE:
        raise LabelSpecError(
            f"That is {abs(scale - 1):.1%} too {'small' if scale > 1 else 'large'}: more than any"
            f" printer errs. {_SCALED[:1].upper()}{_SCALED[1:]}",
            along[-1].letter,
        )
    if abs(offset_mm) > MOST_OFFSET_MM:
        raise LabelSpecError(
            f"That is {abs(offset_mm):.1f} mm {_WORDS[axis]}: more than any printer errs. Is it the"
            f" stock that you chose? If so, {_SCALED}",
            along[0].letter,
        )
    return offset_mm, scale


def _line(errors: Sequence[tuple[float, float]], centre_mm: float) -> tuple[float, float]:
    """Slope of the error and its value at the centre; without a slope where points are too near."""
    (first_mm, first), (last_mm, last) = errors[0], errors[-1]
    if abs(last_mm - first_mm) < _APART_MM:
        return 0.0, (first + last) / 2
    slope = (last - first) / (last_mm - first_mm)
    return slope, first + slope * (centre_mm - first_mm)


_SCALED: Final = (
    "the viewer has scaled the page: print it again at 100 %, not “fit to page”, and read again."
)
