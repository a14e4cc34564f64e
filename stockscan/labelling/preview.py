"""The first page as a picture for the screen: quick, and true to what will be printed."""

from collections.abc import Iterable
from io import BytesIO

from PIL import Image

from stockscan.labelling.dots import WHITE, picture
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.marks import Drawing
from stockscan.labelling.spec import Stock

_FINER = 2  # symbols are drawn larger and reduced, so that no module vanishes between pixels


def sheet_png(stock: Stock, drawings: Iterable[Drawing], start: int, px_per_mm: float) -> bytes:
    """A page of a sheet with the drawings from slot `start` on, or one label of a roll as read.

    Raises LabelSpecError for an impossible start, and for a roll without a label.
    """
    if not 1 <= start <= stock.slots:
        raise LabelSpecError(f"start at a slot from 1 to {stock.slots}, not {start}")
    if stock.kind == "roll":
        return _png(_roll(drawings, px_per_mm))
    size = round(stock.page_width_mm * px_per_mm), round(stock.page_height_mm * px_per_mm)
    page = Image.new("L", size, WHITE)
    for slot, drawing in enumerate(drawings, start - 1):
        x_mm, y_mm = stock.cell_mm(slot)
        cell = _small(drawing, px_per_mm)
        if stock.turned:
            cell = cell.transpose(Image.Transpose.ROTATE_270)
        page.paste(cell, (round(x_mm * px_per_mm), round(y_mm * px_per_mm)))
    return _png(page)


def _roll(drawings: Iterable[Drawing], px_per_mm: float) -> Image.Image:
    for drawing in drawings:
        return _small(drawing, px_per_mm)
    raise LabelSpecError("there is nothing to show: choose at least one label")


def _small(drawing: Drawing, px_per_mm: float) -> Image.Image:
    return picture(drawing, px_per_mm * _FINER).reduce(_FINER)


def _png(page: Image.Image) -> bytes:
    written = BytesIO()
    page.save(written, "PNG", compress_level=3)
    return written.getvalue()
