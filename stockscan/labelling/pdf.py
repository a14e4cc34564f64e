"""Labels as PDF: vectors only, exact size, printed without scaling."""

from collections.abc import Iterable
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.marks import Drawing, Grid, Text
from stockscan.labelling.spec import Printer, Stock

# Pages as plain bytes instead of ASCII: a fifth smaller, and written much faster.
rl_config.useA85 = 0


def sheet_pdf(
    stock: Stock,
    drawings: Iterable[Drawing],
    *,
    start: int = 1,
    printer: Printer | None = None,
) -> bytes:
    """Fill page after page, the first from slot `start` on (counted from 1, row by row).

    Rolls get one page a label. Raises LabelSpecError for an impossible start or no labels.
    """
    if not 1 <= start <= stock.slots:
        raise LabelSpecError(f"start at a slot from 1 to {stock.slots}, not {start}")
    buffer = BytesIO()
    canvas = _new_canvas(buffer, stock)
    position = start - 1
    for drawing in drawings:
        slot = position % stock.slots
        if slot == 0 and position:
            canvas.showPage()
        if slot == 0 or position == start - 1:
            _adjust(canvas, stock, printer or Printer())
        _draw(canvas, stock, slot, drawing)
        position += 1
    if position == start - 1:
        raise LabelSpecError("there is nothing to print: choose at least one label")
    canvas.save()
    return buffer.getvalue()


def _new_canvas(buffer: BytesIO, stock: Stock) -> Canvas:
    size = (stock.page_width_mm * mm, stock.page_height_mm * mm)
    # invariant: no date and no random id, so the same labels make the same bytes.
    canvas = Canvas(buffer, pagesize=size, pageCompression=1, invariant=1)
    canvas.setTitle(f"Labels, {stock.name}")
    canvas.setCreator("StockScan")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _adjust(canvas: Canvas, stock: Stock, printer: Printer) -> None:
    centre_x, centre_y = stock.page_width_mm * mm / 2, stock.page_height_mm * mm / 2
    canvas.translate(centre_x + printer.offset_x_mm * mm, centre_y - printer.offset_y_mm * mm)
    canvas.scale(printer.scale_x, printer.scale_y)
    canvas.translate(-centre_x, -centre_y)


def _draw(canvas: Canvas, stock: Stock, slot: int, drawing: Drawing) -> None:
    x_mm, y_mm = stock.cell_mm(slot)
    bottom_mm = stock.page_height_mm - y_mm - drawing.height_mm
    canvas.saveState()
    canvas.translate(x_mm * mm, bottom_mm * mm)
    cell = canvas.beginPath()
    cell.rect(0, 0, drawing.width_mm * mm, drawing.height_mm * mm)
    canvas.clipPath(cell, stroke=0, fill=0)
    for mark in drawing.marks:
        if isinstance(mark, Grid):
            canvas.addLiteral(_grid(mark, drawing.height_mm))
        else:
            _text(canvas, mark, drawing.height_mm)
    canvas.restoreState()


def _text(canvas: Canvas, text: Text, height_mm: float) -> None:
    canvas.setFont(text.face.name, text.size_mm * mm)
    canvas.drawString(text.x_mm * mm, (height_mm - text.baseline_mm) * mm, text.text)


def _grid(grid: Grid, height_mm: float) -> str:
    """All black cells as one path, in cells as unit, so that the numbers stay short."""
    matrix = (
        f"{_short(grid.cell_width_mm * mm)} 0 0 {_short(-grid.cell_height_mm * mm)} "
        f"{_short(grid.x_mm * mm)} {_short((height_mm - grid.y_mm) * mm)} cm"
    )
    boxes = " ".join(f"{x} {y} {width} {height} re" for x, y, width, height in grid.matrix.boxes())
    return f"q {matrix} {boxes} f Q"


def _short(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".")
