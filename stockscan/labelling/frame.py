"""Where the parts of a label go: symbol, text block, footer; whatever the label's size."""

import math
from dataclasses import dataclass
from typing import Literal

from stockscan.labelling.errors import LabelTooSmall
from stockscan.labelling.marks import Box
from stockscan.labelling.spec import Layout, Stock
from stockscan.labelling.symbols import CODE128_QUIET_MODULES, QR_QUIET_MODULES

GOOD_MODULE_MM = 0.40
SMALLEST_MODULE_MM = 0.25
SMALLEST_MODULE_DOTS = 3
THINNEST_BAR_MM = 0.25

_BESIDE_FROM = 1.3  # width to height; narrower labels carry the text below the symbol
_STACKED_TEXT = 0.27  # of the height
_RIGHT_MM = 3.0  # free at the right edge, at most
_ACCENT = 0.055  # of the unit: accents on capitals stay out of the quiet zone
_FOOTER_MM = (4.2, 6.5)
_FOOTER_FROM_MM = 30  # on lower labels a strip would make all else too small
_ALIGNED_UP_TO = 1.2  # a text block this much taller than the symbol ends where the symbol ends


@dataclass(frozen=True, slots=True)
class Frame:
    """The places on one label, in mm from its top left corner."""

    symbol: Box  # without quiet zone
    module_mm: float
    text: Box
    unit_mm: float  # the sizes of lines are shares of this
    footer: Box | None
    text_at: Literal["beside", "below"]


def frame(
    stock: Stock, layout: Layout, modules: int, bar_modules: int, dots_per_mm: float | None
) -> Frame:
    """Divide a label for a QR code and bars (0: none) of so many modules. Raises LabelTooSmall."""
    if stock.label_width_mm < _BESIDE_FROM * stock.label_height_mm:
        return _stacked(stock, modules, dots_per_mm)
    largest = _largest_beside(stock, layout, modules)
    if bar_modules:
        narrower = min(largest, _beside_bars(stock, modules, bar_modules, dots_per_mm))
        largest = narrower if narrower >= GOOD_MODULE_MM else largest
    return _beside(stock, layout, modules, _module(largest, dots_per_mm))


def thinnest_bar_mm(dots_per_mm: float | None) -> float:
    """The thinnest bar that handheld scanners read, in whole dots where the printer is known."""
    if dots_per_mm is None:
        return THINNEST_BAR_MM
    return math.ceil(THINNEST_BAR_MM * dots_per_mm - 1e-6) / dots_per_mm


def whole_dots(length_mm: float, dots_per_mm: float | None) -> float:
    """The length rounded down to whole printer dots, where the printer is known."""
    if dots_per_mm is None:
        return length_mm
    return math.floor(length_mm * dots_per_mm + 1e-6) / dots_per_mm


def _largest_beside(stock: Stock, layout: Layout, modules: int) -> float:
    cells = modules + 2 * QR_QUIET_MODULES
    height = stock.label_height_mm
    return min(
        layout.qr_share * stock.label_width_mm / cells,
        height / cells,
        (height - 2 * stock.margin_y_mm) / modules,
    )


def _beside_bars(stock: Stock, modules: int, bar_modules: int, dots_per_mm: float | None) -> float:
    """The largest module that leaves the thinnest bars and their quiet zones their width."""
    bar = thinnest_bar_mm(dots_per_mm)
    right = max(stock.margin_x_mm, _RIGHT_MM)
    room = stock.label_width_mm - right - bar * bar_modules - stock.margin_x_mm
    own_gutter = (room - bar * CODE128_QUIET_MODULES) / (modules + QR_QUIET_MODULES)
    return min(own_gutter, room / (modules + 2 * QR_QUIET_MODULES))


def _beside(stock: Stock, layout: Layout, modules: int, module: float) -> Frame:
    """Symbol at the left, text at its right from edge to edge of the symbol."""
    height, margin_y = stock.label_height_mm, stock.margin_y_mm
    quiet, side = QR_QUIET_MODULES * module, modules * module
    left = max(quiet, stock.margin_x_mm)
    footer = _footer(stock, layout, left, height - side - 2 * quiet - margin_y)
    body_height = footer.y_mm if footer else height
    symbol = Box(left, (body_height - side) / 2, side, side)
    text = _text_beside(stock, layout, symbol, quiet, body_height)
    return Frame(symbol, module, text, min(text.height_mm, text.width_mm * 0.9), footer, "beside")


def _text_beside(
    stock: Stock, layout: Layout, symbol: Box, quiet_mm: float, body_height_mm: float
) -> Box:
    bars_quiet = THINNEST_BAR_MM * CODE128_QUIET_MODULES if layout.code128 else 0
    gutter = max(quiet_mm, bars_quiet)
    right = stock.label_width_mm - max(stock.margin_x_mm, min(gutter, _RIGHT_MM))
    left = symbol.right_mm + gutter
    inset = max(stock.margin_y_mm, min(quiet_mm, 0.09 * stock.label_height_mm))
    if body_height_mm - 2 * inset <= symbol.height_mm * _ALIGNED_UP_TO:
        return Box(left, symbol.y_mm, right - left, symbol.height_mm)
    return Box(left, inset, right - left, body_height_mm - 2 * inset)


def _footer(stock: Stock, layout: Layout, left_mm: float, spare_mm: float) -> Box | None:
    """A strip along the bottom, where the symbol leaves room for one."""
    smallest, largest = _FOOTER_MM
    if spare_mm < smallest or stock.label_height_mm < _FOOTER_FROM_MM:
        return None
    if not any(line.place == "footer" for line in layout.lines):
        return None
    height = min(spare_mm, largest)
    top = stock.label_height_mm - stock.margin_y_mm - height
    return Box(left_mm, top, stock.label_width_mm - 2 * left_mm, height)


def _stacked(stock: Stock, modules: int, dots_per_mm: float | None) -> Frame:
    """Symbol on top, text centred below."""
    width, height = stock.label_width_mm, stock.label_height_mm
    edge = max(stock.margin_x_mm, 0.06 * width)
    bottom = height - max(stock.margin_y_mm, edge)
    text_height = _STACKED_TEXT * height
    cells = modules + 2 * QR_QUIET_MODULES
    largest = min(width / cells, (bottom - text_height) / cells)
    module = _module(largest, dots_per_mm)
    quiet, side = QR_QUIET_MODULES * module, modules * module
    symbol = Box((width - side) / 2, max(stock.margin_y_mm, quiet), side, side)
    unit = 0.5 * min(width, height)
    top = symbol.bottom_mm + quiet + _ACCENT * unit
    text = Box(edge, top, width - 2 * edge, bottom - top)
    return Frame(symbol, module, text, unit, None, "below")


def _module(largest_mm: float, dots_per_mm: float | None) -> float:
    module = whole_dots(largest_mm, dots_per_mm)
    dots = round(module * dots_per_mm) if dots_per_mm else SMALLEST_MODULE_DOTS
    if dots < SMALLEST_MODULE_DOTS:
        raise LabelTooSmall(
            f"the QR code would have {dots} printer dots a module, at least "
            f"{SMALLEST_MODULE_DOTS} are needed: choose a larger label or a finer printer"
        )
    if module < SMALLEST_MODULE_MM:
        raise LabelTooSmall(
            f"the QR code would have modules of {module:.2f} mm, at least "
            f"{SMALLEST_MODULE_MM:.2f} mm are needed: choose a larger label"
            " or a shorter public address"
        )
    return module
