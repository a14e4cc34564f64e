"""The proof on paper: a full sheet is printed, cut into its cells, and read by two readers.

The readers are not ours (zxing-cpp and ZBar), nor is what draws the pages (PDFium) and ZPL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import zxingcpp
from PIL import Image

from stockscan.domain.codes import as_code
from stockscan.labelling.compose import compose
from stockscan.labelling.head import GOOD_MODULE_MM, Head
from stockscan.labelling.marks import Drawing, Grid
from stockscan.labelling.pdf import sheet_pdf
from stockscan.labelling.printing import Format, Layouts, Printed, render
from stockscan.labelling.spec import Label, Layout, Printer, Stock, Symbol
from tests.labelling.cast import FONTS, MM_PER_INCH, labels, page_pictures
from tests.labelling.damage import FINER, PX_PER_MM, seen_by_camera
from tests.labelling.judges import render_zpl, zbar_read

SAMPLE = 7  # all kinds of words once
ROLL_LABELS = 14
FINE_DPI = 300
_SQUARE = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix)
_BARS = (zxingcpp.BarcodeFormat.Code128,)
# Looking for all that it knows, ZXing takes one long German word in bold for an EAN-13.
_PRINTED = (*_SQUARE, *_BARS)
_ROOM_MM = 4.0  # white around a label that is drawn alone, to see what leaves it
_ROOM_DOTS_PER_MM = 10
_EDGE_MM = 0.2  # ink this near to the die-cut is lost on a printer that feeds a little askew
_INK = 128  # darker is black on a printer
_SLACK_MM = 0.1  # less than a dot of the coarsest printer
_CLOSE_MM = 0.01


@dataclass(frozen=True, slots=True)
class Reads:
    """How many of some labels each reader reads."""

    labels: int
    zxing: int
    zbar: int
    either: int
    wrong: int  # texts that are not on this label
    mistaken: int  # those of them that StockScan would take for a label's
    bars: int  # labels whose Code 128 was read


@dataclass(frozen=True, slots=True)
class Verdict:
    """Some labels as printed at one resolution, and what can be read of them."""

    reads: Reads
    symbols: frozenset[Symbol]
    module_mm: float  # the smallest
    bars: int | None = None  # labels that carry Code 128, where that was looked at
    cut: int = 0  # labels with ink outside their cell, at its edge or where the printer can't reach
    overlapping: int = 0  # pairs of cells

    @property
    def is_easy(self) -> bool:
        """Whether all carry a QR code that is large enough for every reader."""
        return self.symbols == {"qr"} and self.module_mm >= GOOD_MODULE_MM - 1e-6

    def holds_on_paper(self, dpi: float) -> bool:
        """All read, none wrong, cut or overlapping; read by both readers where that is easy."""
        reads = self.reads
        enough = reads.either == reads.labels and self.bars in {None, reads.bars}
        if self.is_easy and dpi >= FINE_DPI:
            enough = enough and reads.zxing == reads.zbar == reads.labels
        return enough and not (reads.wrong or self.cut or self.overlapping)

    def holds_for_a_camera(self) -> bool:
        """None taken for another, and all read where that is easy."""
        all_read = self.reads.either == self.reads.labels
        return not self.reads.mistaken and (all_read or not self.is_easy)


def judged(stock: Stock, layout: Layout, dpi: float) -> Verdict:
    """Print a full sheet, or some labels of a roll, for this resolution and let it be read."""
    wanted = labels(stock.slots if stock.kind == "sheet" else ROLL_LABELS)
    dots_per_mm = dpi / MM_PER_INCH
    done = printed("pdf", stock, layout, wanted, dots_per_mm)
    pictures = cells(stock, page_pictures(done.data, dpi), dpi)[: len(wanted)]
    drawings = drawn(stock, layout, wanted, dots_per_mm)
    verdict = _verdict(done, read(wanted, pictures))
    return replace(
        verdict,
        bars=sum(map(has_bars, drawings)),
        cut=cut(stock, drawings),
        overlapping=overlapping(stock),
    )


def judged_zpl(stock: Stock, layouts: Sequence[Layout], dots_per_mm: float) -> Verdict:
    """Let one label of each layout be drawn from ZPL, and read; words take turns."""
    wanted = labels(len(layouts))
    of = dict(zip(wanted, layouts, strict=True))
    done = printed("zpl", stock, of.__getitem__, wanted, dots_per_mm)
    size_mm = stock.label_width_mm, stock.label_height_mm
    return _verdict(done, read(wanted, render_zpl(done.data.decode(), *size_mm, dots_per_mm)))


def judged_by_camera(stock: Stock, layout: Layout) -> Verdict:
    """Let a few labels be read as a phone's camera sees them."""
    wanted = labels(SAMPLE)
    done = printed("pdf", stock, layout, wanted, FINE_DPI / MM_PER_INCH)
    dpi = FINER * PX_PER_MM * MM_PER_INCH
    pictures = cells(stock, page_pictures(done.data, dpi), dpi)[:SAMPLE]
    return _verdict(done, read(wanted, [seen_by_camera(picture) for picture in pictures]))


def printed(
    form: Format, stock: Stock, layout: Layouts, wanted: Sequence[Label], dots_per_mm: float
) -> Printed:
    """The file for a printer of this resolution."""
    printer = Printer(dots_per_mm=dots_per_mm)
    return render(form, stock, layout, wanted, printer=printer, fonts=FONTS)


def drawn(
    stock: Stock, layout: Layout, wanted: Iterable[Label], dots_per_mm: float
) -> list[Drawing]:
    """The labels as the PDF for a printer of this resolution has them."""
    head = Head(dots_per_mm, snaps=stock.kind == "roll")
    return [compose(stock, layout, one, FONTS, head=head) for one in wanted]


def read(wanted: Sequence[Label], pictures: Sequence[Image.Image]) -> Reads:
    """What both readers find in the picture of each label."""
    by_zxing = [zxingcpp.read_barcodes(picture, formats=_PRINTED) for picture in pictures]
    found = list(zip(wanted, by_zxing, zbar_read(pictures), strict=True))
    zxing = [_has(codes, _SQUARE, _said(one)) for one, codes, _ in found]
    zbar = [one.address in texts for one, _, texts in found]
    bars = [_has(codes, _BARS, _said(one)) or one.code in texts for one, codes, texts in found]
    wrong = [
        text
        for one, codes, texts in found
        for text in (*texts, *(code.text for code in codes))
        if text not in _said(one)
    ]
    return Reads(
        labels=len(wanted),
        zxing=sum(zxing),
        zbar=sum(zbar),
        either=sum(map(max, zxing, zbar)),
        wrong=len(wrong),
        mistaken=sum(as_code(text) is not None for text in wrong),
        bars=sum(bars),
    )


def cells(stock: Stock, pages: Iterable[Image.Image], dpi: float) -> list[Image.Image]:
    """The cells of pages, row by row, each cut out along its edge."""
    dots = dpi / MM_PER_INCH
    found = []
    for page in pages:
        for slot in range(stock.slots):
            x_mm, y_mm = stock.cell_mm(slot)
            right_mm, bottom_mm = x_mm + stock.label_width_mm, y_mm + stock.label_height_mm
            found.append(page.crop(_dots(x_mm, y_mm, right_mm, bottom_mm, dots)))
    return found


def cut(stock: Stock, drawings: Sequence[Drawing]) -> int:
    """How many of these labels would lose ink: each is drawn alone, on more paper than it has."""
    area, room = stock.area, _ROOM_MM
    across = max(area.margin_x_mm - _SLACK_MM, _EDGE_MM)
    down = max(area.margin_y_mm - _SLACK_MM, _EDGE_MM)
    right_mm, bottom_mm = room + area.width_mm - across, room + area.height_mm - down
    inside = _dots(room + across, room + down, right_mm, bottom_mm, _ROOM_DOTS_PER_MM)
    paper = _paper(stock, area.width_mm + 2 * room, area.height_mm + 2 * room)
    dpi = _ROOM_DOTS_PER_MM * MM_PER_INCH
    lost = 0
    for page in page_pictures(sheet_pdf(paper, map(_with_room, drawings)), dpi):
        page.paste(255, inside)
        lost += page.getextrema()[0] < _INK
    return lost


def overlapping(stock: Stock) -> int:
    """How many pairs of cells share paper."""
    at = [stock.cell_mm(slot) for slot in range(stock.slots)]
    return sum(
        abs(one[0] - other[0]) < stock.label_width_mm - _CLOSE_MM
        and abs(one[1] - other[1]) < stock.label_height_mm - _CLOSE_MM
        for one, other in combinations(at, 2)
    )


def has_bars(drawing: Drawing) -> bool:
    """Whether the label carries Code 128: many modules in one row."""
    shapes = [mark.matrix for mark in drawing.marks if isinstance(mark, Grid)]
    return any(shape.height == 1 < shape.width for shape in shapes)


def _verdict(done: Printed, reads: Reads) -> Verdict:
    return Verdict(reads, done.symbols, done.smallest_module_mm)


def _has(
    codes: Iterable[zxingcpp.Barcode],
    kinds: Sequence[zxingcpp.BarcodeFormat],
    texts: Sequence[str],
) -> bool:
    return any(code.format in kinds and code.text in texts for code in codes)


def _said(label: Label) -> tuple[str, str]:
    """What the codes of a label may say."""
    return label.address, label.code


def _dots(
    left_mm: float, top_mm: float, right_mm: float, bottom_mm: float, dots_per_mm: float
) -> tuple[int, int, int, int]:
    return (
        round(left_mm * dots_per_mm),
        round(top_mm * dots_per_mm),
        round(right_mm * dots_per_mm),
        round(bottom_mm * dots_per_mm),
    )


def _paper(stock: Stock, width_mm: float, height_mm: float) -> Stock:
    """A roll of this size."""
    size = {f"{what}_width_mm": width_mm for what in ("page", "label")}
    size |= {f"{what}_height_mm": height_mm for what in ("page", "label")}
    size |= {"pitch_x_mm": width_mm, "pitch_y_mm": height_mm, "left_mm": 0.0, "top_mm": 0.0}
    return replace(stock, kind="roll", columns=1, rows=1, turned=False, **size)


def _with_room(drawing: Drawing) -> Drawing:
    moved = tuple(
        replace(mark, x_mm=mark.x_mm + _ROOM_MM, y_mm=mark.y_mm + _ROOM_MM)
        if isinstance(mark, Grid)
        else replace(mark, x_mm=mark.x_mm + _ROOM_MM, baseline_mm=mark.baseline_mm + _ROOM_MM)
        for mark in drawing.marks
    )
    width_mm, height_mm = drawing.width_mm + 2 * _ROOM_MM, drawing.height_mm + 2 * _ROOM_MM
    return replace(drawing, width_mm=width_mm, height_mm=height_mm, marks=moved)
