"""Labels as PDF: vectors only, exact size, printed without scaling."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.marks import Drawing, Grid, Text
from stockscan.labelling.spec import Printer, Stock
from stockscan.labelling.symbols import BLACK_RUN, Matrix

_PIECE = 8  # cells of a row
_SYMBOL_CELLS = 128  # across the largest QR code that labels carry
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

    Rolls get one page a label, as the printer is fed. Raises LabelSpecError for an impossible start
    or no labels.
    """
    if not 1 <= start <= stock.slots:
        raise LabelSpecError(f"start at a slot from 1 to {stock.slots}, not {start}")
    buffer = BytesIO()
    pages = _Pages(_new_canvas(buffer, stock), stock, printer or Printer())
    position = start - 1
    for drawing in drawings:
        slot = position % stock.slots
        if slot == 0 or position == start - 1:
            pages.turn_over()
        pages.draw(slot, drawing)
        position += 1
    if position == start - 1:
        raise LabelSpecError("there is nothing to print: choose at least one label")
    pages.canvas.save()
    return buffer.getvalue()


def _new_canvas(buffer: BytesIO, stock: Stock) -> Canvas:
    size = (stock.page_width_mm * mm, stock.page_height_mm * mm)
    # invariant: no date and no random id, so the same labels make the same bytes.
    canvas = Canvas(buffer, pagesize=size, pageCompression=1, invariant=1)
    canvas.setTitle(f"Labels, {stock.name}")
    canvas.setCreator("StockScan")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


@dataclass
class _Pages:
    """The pages of one file; what is shared by its labels is in it once."""

    canvas: Canvas
    stock: Stock
    printer: Printer
    begun: bool = False
    forms: dict[Matrix, str] = field(default_factory=dict)

    def turn_over(self) -> None:
        """Begin a page, moved and scaled as this printer needs it."""
        if self.begun:
            self.canvas.showPage()
        self.begun = True
        stock, printer = self.stock, self.printer
        centre_x, centre_y = stock.page_width_mm * mm / 2, stock.page_height_mm * mm / 2
        right, down = printer.offset_x_mm * mm, printer.offset_y_mm * mm
        self.canvas.translate(centre_x + right, centre_y - down)
        self.canvas.scale(printer.scale_x, printer.scale_y)
        self.canvas.translate(-centre_x, -centre_y)

    def draw(self, slot: int, drawing: Drawing) -> None:
        """One label in its slot; nothing of it leaves its cell."""
        canvas, height_mm = self.canvas, drawing.height_mm
        size = f"{_short(drawing.width_mm * mm)} {_short(height_mm * mm)}"
        canvas.addLiteral(f"q {self._corner(slot, height_mm)} cm 0 0 {size} re W n")
        words = canvas.beginText()
        for mark in drawing.marks:
            if isinstance(mark, Text):
                words.setFont(mark.face.name, mark.size_mm * mm)
                words.setTextOrigin(mark.x_mm * mm, (height_mm - mark.baseline_mm) * mm)
                words.textOut(mark.text)
            elif mark.shared:
                self._shared(mark, height_mm)
            else:
                canvas.addLiteral(f"q {_placed(mark, height_mm)} cm {_path(mark.matrix)} f Q")
        canvas.drawText(words)
        canvas.addLiteral("Q")

    def _corner(self, slot: int, height_mm: float) -> str:
        """The way to the lower left corner of the label as it is read."""
        x_mm, y_mm = self.stock.cell_mm(slot)
        top_mm = self.stock.page_height_mm - y_mm
        if self.stock.turned:  # what is at the left when read is at the top of the page
            return f"0 -1 1 0 {_short(x_mm * mm)} {_short(top_mm * mm)}"
        return f"1 0 0 1 {_short(x_mm * mm)} {_short((top_mm - height_mm) * mm)}"

    def _shared(self, grid: Grid, height_mm: float) -> None:
        canvas, matrix = self.canvas, grid.matrix
        if matrix not in self.forms:
            self.forms[matrix] = f"shared{len(self.forms)}"
            canvas.beginForm(self.forms[matrix], 0, 0, matrix.width, matrix.height)
            canvas.addLiteral(f"{_merged(matrix)} f")
            canvas.endForm()
        canvas.addLiteral(f"q {_placed(grid, height_mm)} cm")
        canvas.doForm(self.forms[matrix])
        canvas.addLiteral("Q")


def _placed(grid: Grid, height_mm: float) -> str:
    """The way from cells, counted from the grid's top, to the label: so the numbers stay short."""
    return (
        f"{_short(grid.cell_width_mm * mm)} 0 0 {_short(-grid.cell_height_mm * mm)} "
        f"{_short(grid.x_mm * mm)} {_short((height_mm - grid.y_mm) * mm)}"
    )


def _path(matrix: Matrix) -> str:
    """All black cells as one path, in cells as unit.

    The rows of symbols are put together from pieces that other symbols have at the same place,
    which is ten times as fast as looking for the fewest boxes; what is drawn is the same.
    """
    if matrix.height == 1 or matrix.width > _SYMBOL_CELLS:
        return _merged(matrix)
    starts = range(0, matrix.width, _PIECE)
    return "".join(
        _runs(row[x : x + _PIECE], x, y) for y, row in enumerate(matrix.rows) for x in starts
    )


def _merged(matrix: Matrix) -> str:
    return " ".join(f"{x} {y} {width} {height} re" for x, y, width, height in matrix.boxes())


@lru_cache(maxsize=1 << 16)
def _runs(cells: bytes, x: int, y: int) -> str:
    boxes = ((x + run.start(), y, run.end() - run.start()) for run in BLACK_RUN.finditer(cells))
    return "".join(f"{left} {top} {width} 1 re " for left, top, width in boxes)


def _short(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".")
