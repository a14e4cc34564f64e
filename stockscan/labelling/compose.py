"""One label laid out once: the single description that PDF, SVG, PNG and ZPL render alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stockscan.labelling.column import Column, Typesetter
from stockscan.labelling.fonts import Fonts
from stockscan.labelling.frame import GOOD_MODULE_MM, Frame, frame, thinnest_bar_mm, whole_dots
from stockscan.labelling.marks import SOLID, Align, Box, Drawing, Grid, Mark
from stockscan.labelling.spec import Label, Layout, Line, Stock
from stockscan.labelling.symbols import CODE128_QUIET_MODULES, Matrix, code128, qr

_WIDEST_BAR_MM = 0.5
_BARS_HEIGHT = 0.26  # of the text block's unit
_BARS_GAP_MM = 1.0
_RULE_MM = 0.15
_FOOTER_TEXT = 0.42  # of the footer's height, at most


def compose(
    stock: Stock, layout: Layout, label: Label, fonts: Fonts, *, dots_per_mm: float | None = None
) -> Drawing:
    """Lay out one label; with `dots_per_mm` every module and bar has whole dots.

    Raises LabelTooSmall when the QR code would be too fine to read.
    """
    matrix = qr(label.address)
    line_code = code128(label.code) if layout.code128 else None
    places = frame(stock, layout, matrix.width, line_code.width if line_code else 0, dots_per_mm)
    setter = Typesetter(fonts, dots_per_mm)
    symbol = _grid(matrix, places.symbol, places.module_mm, places.module_mm)
    bars = _bars(stock, line_code, places, dots_per_mm) if line_code else None
    column = _column(setter, layout, label, places, reserve_mm=bars.height_mm if bars else 0)
    footer = _footer(setter, layout, label, places)
    marks: list[Mark] = [symbol, *column.marks]
    if bars:
        marks.append(_between(bars, column))
    cautions = [*_symbol_cautions(layout, places, bars), *column.cautions]
    for part in footer:
        marks += part.marks
        cautions += part.cautions
    unique = tuple(dict.fromkeys(cautions))
    return Drawing(
        stock.label_width_mm, stock.label_height_mm, stock.corner_radius_mm, tuple(marks), unique
    )


def _column(
    setter: Typesetter, layout: Layout, label: Label, places: Frame, *, reserve_mm: float
) -> Column:
    lines = [line for line in layout.lines if line.place != "footer"]
    if not places.footer:
        low = [line for line in layout.lines if line.place == "footer"][:1]
        lines += [replace(line, place="bottom") for line in low]
    return setter.column(
        lines,
        label,
        places.text,
        unit_mm=places.unit_mm,
        align="left" if places.text_at == "beside" else "centre",
        reserve_mm=reserve_mm + 2 * _BARS_GAP_MM if reserve_mm else 0,
    )


def _bars(stock: Stock, matrix: Matrix, places: Frame, dots_per_mm: float | None) -> Grid | None:
    """Code 128 as wide as the text block allows, or None where thin bars would not be readable."""
    left_white = places.text.x_mm - (places.symbol.right_mm if places.text_at == "beside" else 0)
    right_white = stock.label_width_mm - places.text.right_mm
    bar = min(
        _WIDEST_BAR_MM,
        places.text.width_mm / matrix.width,
        left_white / CODE128_QUIET_MODULES,
        (places.text.width_mm + right_white) / (matrix.width + CODE128_QUIET_MODULES),
    )
    bar = whole_dots(bar, dots_per_mm)
    if bar < thinnest_bar_mm(dots_per_mm) - 1e-6:
        return None
    height = whole_dots(_BARS_HEIGHT * places.unit_mm, dots_per_mm)
    return _grid(matrix, places.text, bar, height)


def _between(bars: Grid, column: Column) -> Grid:
    """The bars right above the lower lines."""
    y_mm = column.free_bottom_mm - _BARS_GAP_MM - bars.height_mm
    return Grid(bars.x_mm, y_mm, bars.cell_width_mm, bars.cell_height_mm, bars.matrix)


def _footer(setter: Typesetter, layout: Layout, label: Label, places: Frame) -> Iterator[Column]:
    """A rule across the label; the first line under it at the left, the second at the right."""
    box = places.footer
    lines = [
        line for line in layout.lines if line.place == "footer" and label.text(line.field).strip()
    ]
    if not box or not lines:
        return
    rule = _grid(SOLID, box, box.width_mm, _RULE_MM)
    yield Column((rule,), box.y_mm, box.y_mm, ())
    yield from _footer_lines(setter, lines[:2], label, box, places.unit_mm)


def _footer_lines(
    setter: Typesetter, lines: Sequence[Line], label: Label, box: Box, unit_mm: float
) -> Iterator[Column]:
    share = box.width_mm * (0.7 if len(lines) > 1 else 1)
    sides: tuple[tuple[float, float, Align], ...] = (
        (box.x_mm, share, "left"),
        (box.x_mm + share, box.width_mm - share, "right"),
    )
    for line, (x_mm, width_mm, align) in zip(lines, sides, strict=False):
        size = min(line.size * unit_mm, _FOOTER_TEXT * box.height_mm)
        baseline_mm = box.height_mm / 2 + 0.36 * size
        yield setter.row(line, label, Box(x_mm, box.y_mm, width_mm, baseline_mm), size, align)


def _symbol_cautions(layout: Layout, places: Frame, bars: Grid | None) -> Iterator[str]:
    if places.module_mm < GOOD_MODULE_MM:
        yield (
            f"The QR code has modules of {places.module_mm:.2f} mm; below {GOOD_MODULE_MM:.2f} mm "
            "phones must come close: a larger label reads better"
        )
    if layout.code128 and not bars:
        yield "There is no room for Code 128 on this label; it has the QR code only"


def _grid(matrix: Matrix, at: Box, cell_width_mm: float, cell_height_mm: float) -> Grid:
    return Grid(at.x_mm, at.y_mm, cell_width_mm, cell_height_mm, matrix)
