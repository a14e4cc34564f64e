"""One label laid out once: the single description that PDF, SVG, PNG and ZPL render alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stockscan.labelling.column import Block, Column, Typesetter
from stockscan.labelling.errors import LabelTooSmall
from stockscan.labelling.fonts import Fonts
from stockscan.labelling.frame import Frame, frame
from stockscan.labelling.head import ANY_HEAD, GOOD_MODULE_MM, Head
from stockscan.labelling.marks import SOLID, Align, Box, Drawing, Grid, Mark
from stockscan.labelling.spec import PLAIN_LOOK, Area, Label, Layout, Line, Look, Stock
from stockscan.labelling.symbols import CODE128_QUIET_MODULES, Code, Matrix, code128, square_code

_WIDEST_BAR_MM = 0.5
_BARS_HEIGHT = 0.26  # of the text block's unit
_BARS_GAP_MM = 1.0
_RULE_MM = 0.15
_FOOTER_TEXT = 0.42  # of the footer's height, at most


def compose(
    stock: Stock,
    layout: Layout,
    label: Label,
    fonts: Fonts,
    *,
    head: Head = ANY_HEAD,
    look: Look = PLAIN_LOOK,
    logo: Matrix | None = None,
) -> Drawing:
    """Lay out one label as it is read.

    A QR code that would be too fine gives way to Data Matrix; raises LabelTooSmall when that
    would be too fine as well.
    """
    setter = Typesetter(fonts, head, logo if look.logo else None)
    label = replace(label, words=look.words) if look.words else label
    chosen = _chosen(layout, look, setter, label)
    line_code = code128(label.code) if chosen.code128 else None
    code, places = _placed(stock.area, chosen, label, line_code, head)
    bars = _bars(stock.area, line_code, places, head) if line_code else None
    if line_code and not bars:  # then nothing is kept free for them either
        code, places = _placed(stock.area, replace(chosen, code128=False), label, None, head)
    column = _column(setter, chosen, label, places, reserve_mm=bars.height_mm if bars else 0)
    marks: list[Mark] = [_grid(code.matrix, places.symbol, places.module_mm, places.module_mm)]
    marks += column.marks
    if bars:
        marks.append(_between(bars, column))
    cautions = [*_symbol_cautions(chosen, code, places, bars), *column.cautions]
    cautions += _look_cautions(layout, look)
    for part in _footer(setter, chosen, label, places):
        marks += part.marks
        cautions += part.cautions
    area, unique = stock.area, tuple(dict.fromkeys(cautions))
    corner = area.corner_radius_mm
    size = (area.width_mm, area.height_mm, corner)
    return Drawing(*size, tuple(marks), code.kind, places.module_mm, unique, column.left_out)


def _chosen(layout: Layout, look: Look, setter: Typesetter, label: Label) -> Layout:
    """The layout as somebody wants it, with the lines that have something to say.

    A code that people must be able to type stays.
    """
    without = look.without - {"code"} if layout.typed else look.without
    kept = tuple(
        line for line in layout.lines if line.field not in without and setter.has(line, label)
    )
    bars = layout.code128 if look.code128 is None else look.code128
    return replace(layout, lines=kept, code128=bars)


def _placed(
    area: Area, layout: Layout, label: Label, line_code: Matrix | None, head: Head
) -> tuple[Code, Frame]:
    """The symbol that the layout asks for, or Data Matrix where that would be too fine."""
    bar_modules = line_code.width if line_code else 0
    code = square_code(layout.symbol, label.address, label.code)
    try:
        return code, frame(area, layout, code, bar_modules, head)
    except LabelTooSmall:
        if code.kind == "datamatrix" or not layout.typed:
            raise
    smaller = square_code("datamatrix", label.address, label.code)
    return smaller, frame(area, layout, smaller, bar_modules, head)


def _column(
    setter: Typesetter, layout: Layout, label: Label, places: Frame, *, reserve_mm: float
) -> Column:
    lines = [line for line in layout.lines if line.place != "footer"]
    if not places.footer:
        lines += _lowered(layout)
    block = Block(
        places.text,
        places.unit_mm,
        "centre" if places.text_at == "below" or layout.centred else "left",
        reserve_mm + 2 * _BARS_GAP_MM if reserve_mm else 0,
        layout.centred,
        places.above_mm,
        places.below_mm,
    )
    return setter.column(lines, label, block)


def _lowered(layout: Layout) -> list[Line]:
    """What a label without a footer says of it."""
    lines = [line for line in layout.lines if line.place == "footer"]
    lines.sort(key=lambda line: line.field != "words")
    return [replace(line, place="bottom") for line in lines[:1]]


def _bars(area: Area, matrix: Matrix, places: Frame, head: Head) -> Grid | None:
    """Code 128 as wide as the text block allows, or None where thin bars would not be readable."""
    left_white = places.text.x_mm - (places.symbol.right_mm if places.text_at == "beside" else 0)
    right_white = area.width_mm - places.text.right_mm
    bar = min(
        _WIDEST_BAR_MM,
        places.text.width_mm / matrix.width,
        left_white / CODE128_QUIET_MODULES,
        (places.text.width_mm + right_white) / (matrix.width + CODE128_QUIET_MODULES),
    )
    bar = head.whole(bar)
    if bar < head.thinnest_bar_mm - 1e-6:
        return None
    return _grid(matrix, places.text, bar, head.whole(_BARS_HEIGHT * places.unit_mm))


def _between(bars: Grid, column: Column) -> Grid:
    """The bars right above the lower lines."""
    y_mm = column.free_bottom_mm - _BARS_GAP_MM - bars.height_mm
    return replace(bars, y_mm=y_mm)


def _footer(setter: Typesetter, layout: Layout, label: Label, places: Frame) -> Iterator[Column]:
    """A rule across the label; the first line under it at the left, the second at the right."""
    box = places.footer
    lines = _footer_words(layout)
    if not box or not lines:
        return
    rule = _grid(SOLID, box, box.width_mm, _RULE_MM)
    yield Column((rule,), box.y_mm, box.y_mm)
    yield from _footer_lines(setter, lines[:2], label, box, places.unit_mm)


def _footer_words(layout: Layout) -> list[Line]:
    """The lines of the footer; somebody's own words are one of the two that it has room for."""
    lines = [line for line in layout.lines if line.place == "footer"]
    if any(line.field == "words" for line in lines[2:]):
        lines.sort(key=lambda line: line.field != "words")
    return lines


def _footer_lines(
    setter: Typesetter, lines: Sequence[Line], label: Label, box: Box, unit_mm: float
) -> Iterator[Column]:
    share = box.width_mm * (0.7 if len(lines) > 1 else 1)
    sides: tuple[tuple[float, float, Align], ...] = (
        (box.x_mm, share, "left"),
        (box.x_mm + share, box.width_mm - share, "right"),
    )
    size = min(max(line.size for line in lines) * unit_mm, _FOOTER_TEXT * box.height_mm)
    for line, (x_mm, width_mm, align) in zip(lines, sides, strict=False):
        yield setter.row(line, label, Box(x_mm, box.y_mm, width_mm, box.height_mm), size, align)


def _symbol_cautions(layout: Layout, code: Code, places: Frame, bars: Grid | None) -> Iterator[str]:
    if code.kind == "datamatrix":
        yield (
            "This label has a Data Matrix code, not a QR code: StockScan's scanner reads it, a"
            " phone's own camera app may not open it"
        )
    elif places.module_mm < GOOD_MODULE_MM - 1e-6:
        yield (
            f"The QR code has modules of {places.module_mm:.2f} mm; below {GOOD_MODULE_MM:.2f} mm "
            "phones must come close: a larger label reads better, or the layout Small"
        )
    if layout.code128 and not bars:
        yield "There is no room for Code 128 on this label; it has the square code only"


def _look_cautions(layout: Layout, look: Look) -> Iterator[str]:
    if look.words and not any(line.field == "words" for line in layout.lines):
        yield f"The layout {layout.name} has no line for your own words: choose another layout"
    if layout.typed and "code" in look.without:
        yield "The code stays on the label: people must be able to type it"


def _grid(matrix: Matrix, at: Box, cell_width_mm: float, cell_height_mm: float) -> Grid:
    return Grid(at.x_mm, at.y_mm, cell_width_mm, cell_height_mm, matrix)
