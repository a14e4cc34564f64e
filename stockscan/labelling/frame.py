"""Where the parts of a label go: symbol, text block, footer; whatever the label's size."""

from dataclasses import dataclass
from typing import Literal

from stockscan.labelling.head import GOOD_MODULE_MM, THINNEST_BAR_MM, Head
from stockscan.labelling.marks import Box
from stockscan.labelling.spec import Area, Layout
from stockscan.labelling.symbols import CODE128_QUIET_MODULES, Code

_BESIDE_FROM = 1.3  # width to height; narrower labels carry the text below the symbol
_STACKED_TEXT = 0.27  # of the height, at least
_LARGEST_MODULE_MM = 2.0  # a large label has room for words instead
_STACKED = 0.74  # of the height, for the text and for as much symbol as the layout wants
_RIGHT_MM = 3.0  # free at the right edge, at most
_ACCENT = 0.055  # of the unit: accents on capitals stay out of the quiet zone
_EDGE_MM = 0.4  # nothing stands nearer to the die-cut
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
    above_mm: float  # free above the text, for accents of the first line
    below_mm: float  # free below it, for tails of the last


def frame(area: Area, layout: Layout, code: Code, bar_modules: int, head: Head) -> Frame:
    """Divide a label for a symbol and bars (0: none) of so many modules. Raises LabelTooSmall."""
    if area.width_mm < _BESIDE_FROM * area.height_mm:
        return _stacked(area, layout, code, head)
    largest = _largest_beside(area, layout, code)
    if bar_modules:
        narrower = min(largest, _beside_bars(area, code, bar_modules, head))
        largest = narrower if narrower >= GOOD_MODULE_MM else largest
    return _beside(area, layout, code, head.module_mm(largest))


def _largest_beside(area: Area, layout: Layout, code: Code) -> float:
    """As wide as the layout wants, or up to half of the label while that is too fine."""
    good = min(GOOD_MODULE_MM * code.cells, area.width_mm / 2)
    return min(
        max(layout.qr_share * area.width_mm, good) / code.cells,
        area.height_mm / code.cells,
        (area.height_mm - 2 * area.margin_y_mm) / code.modules,
    )


def _beside_bars(area: Area, code: Code, bar_modules: int, head: Head) -> float:
    """The largest module that leaves the thinnest bars and their quiet zones their width."""
    bar = head.thinnest_bar_mm
    right = max(area.margin_x_mm, _RIGHT_MM)
    room = area.width_mm - right - bar * bar_modules - area.margin_x_mm
    own_gutter = (room - bar * CODE128_QUIET_MODULES) / (code.modules + code.quiet)
    return min(own_gutter, room / code.cells)


def _beside(area: Area, layout: Layout, code: Code, module: float) -> Frame:
    """Symbol at the left, text at its right from edge to edge of the symbol."""
    height, margin_y = area.height_mm, area.margin_y_mm
    quiet, side = code.quiet * module, code.modules * module
    left = max(quiet, area.margin_x_mm)
    footer = _footer(area, layout, left, height - side - 2 * quiet - margin_y)
    body_height = footer.y_mm if footer else height
    symbol = Box(left, (body_height - side) / 2, side, side)
    text = _text_beside(area, layout, symbol, quiet, body_height)
    unit = min(text.height_mm, text.width_mm * 0.9)
    edge = max(margin_y, _EDGE_MM)
    above, below = text.y_mm - edge, (footer.y_mm if footer else height - edge) - text.bottom_mm
    return Frame(symbol, module, text, unit, footer, "beside", above, below)


def _text_beside(
    area: Area, layout: Layout, symbol: Box, quiet_mm: float, body_height_mm: float
) -> Box:
    bars_quiet = THINNEST_BAR_MM * CODE128_QUIET_MODULES if layout.code128 else 0
    gutter = max(quiet_mm, bars_quiet)
    right = area.width_mm - max(area.margin_x_mm, min(gutter, _RIGHT_MM))
    left = symbol.right_mm + gutter
    inset = max(area.margin_y_mm, min(quiet_mm, 0.09 * area.height_mm))
    if body_height_mm - 2 * inset <= symbol.height_mm * _ALIGNED_UP_TO:
        return Box(left, symbol.y_mm, right - left, symbol.height_mm)
    return Box(left, inset, right - left, body_height_mm - 2 * inset)


def _footer(area: Area, layout: Layout, left_mm: float, spare_mm: float) -> Box | None:
    """A strip along the bottom, where the symbol leaves room for one."""
    smallest, largest = _FOOTER_MM
    if spare_mm < smallest or area.height_mm < _FOOTER_FROM_MM:
        return None
    if not any(line.place == "footer" for line in layout.lines):
        return None
    height = min(spare_mm, largest)
    top = area.height_mm - area.margin_y_mm - height
    return Box(left_mm, top, area.width_mm - 2 * left_mm, height)


def _stacked(area: Area, layout: Layout, code: Code, head: Head) -> Frame:
    """Symbol on top, text centred below."""
    width, height = area.width_mm, area.height_mm
    edge = max(area.margin_x_mm, 0.06 * width)
    bottom = height - max(area.margin_y_mm, edge)
    largest, wanted = (
        min(width, bottom - share * height) / code.cells
        for share in (_STACKED_TEXT, _STACKED - layout.qr_share)
    )
    module = head.module_mm(min(largest, max(wanted, GOOD_MODULE_MM), _LARGEST_MODULE_MM))
    quiet, side = code.quiet * module, code.modules * module
    symbol = Box((width - side) / 2, max(area.margin_y_mm, quiet), side, side)
    unit = 0.5 * min(width, height)
    top = symbol.bottom_mm + quiet + _ACCENT * unit
    text = Box(edge, top, width - 2 * edge, bottom - top)
    below = height - max(area.margin_y_mm, _EDGE_MM) - text.bottom_mm
    return Frame(symbol, module, text, unit, None, "below", _ACCENT * unit, below)
