"""The labels that the tests print, and the readers that judge the prints."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

from stockscan import paths
from stockscan.labelling.files import load_layouts, load_stocks
from stockscan.labelling.fonts import load_fonts
from stockscan.labelling.spec import Label, Stock

STOCKS = load_stocks(paths.LABELS / "stock")
LAYOUTS = load_layouts(paths.LABELS / "layouts")
FONTS = load_fonts(paths.LABELS / "fonts")
SHIPPED_ONLY = load_fonts(paths.LABELS / "fonts", completed=False)
MM_PER_INCH = 25.4

WORDS = (
    ("Hydraulic pump HP-230", "Bay 4, line 2", "asset"),
    ("Vrtačka příklepová Žižkov", "Sklad č. 3, náhradní díly", "part"),
    ("不锈钢六角螺栓 M8×40", "仓库 3 号货架", "part"),
    ("مضخة هيدروليكية 230 فولت", "المستودع الرئيسي 12", "asset"),
    ("An over-long name of a bearing housing " * 6, "and as much to say below it " * 6, "part"),
    ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten", "", "asset"),
    ("A-03-12", "Main store / Aisle A", "location"),
)
_SYMBOLS = "0123456789BCDFGHJKMNPQRSTVWXZ"


@dataclass(frozen=True)
class Seen:
    """A code that a reader found, with the corners of the symbol in mm from the page's corner."""

    text: str
    is_qr: bool
    left_mm: float
    top_mm: float
    right_mm: float
    bottom_mm: float


def label(number: int) -> Label:
    """The label of this number; each has its own code, words take turns."""
    title, subtitle, kind = WORDS[number % len(WORDS)]
    mixed = (number + 1) * 0x9E3779B1
    code = "".join(_SYMBOLS[(mixed // 29**place) % 29] for place in range(7))
    address = f"https://STOCK.EXAMPLE.COM/S/{code}"
    return Label(address, code, title, subtitle, kind, "Example Works Ltd")


def labels(count: int) -> list[Label]:
    """So many different labels."""
    return [label(number) for number in range(count)]


def page_pictures(pdf: bytes, dpi: float) -> list[Image.Image]:
    """Every page of a PDF in grey, drawn by PDFium."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]


def seen(picture: Image.Image, dpi: float) -> list[Seen]:
    """All codes in a picture, read by ZXing."""
    scale = MM_PER_INCH / dpi
    found = []
    for code in zxingcpp.read_barcodes(picture):
        at = code.position
        corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        xs, ys = [corner.x * scale for corner in corners], [corner.y * scale for corner in corners]
        is_qr = code.format == zxingcpp.BarcodeFormat.QRCode
        found.append(Seen(code.text, is_qr, min(xs), min(ys), max(xs), max(ys)))
    return found


def by_slot(stock: Stock, codes: Iterable[Seen]) -> dict[int, str]:
    """The text of the QR code in each slot; a code that no slot holds, or a second one, fails."""
    found: dict[int, str] = {}
    for code in (one for one in codes if one.is_qr):
        (slot,) = (slot for slot in range(stock.slots) if _inside(stock, slot, code))
        assert slot not in found
        found[slot] = code.text
    return found


def _inside(stock: Stock, slot: int, code: Seen) -> bool:
    x_mm, y_mm = stock.cell_mm(slot)
    return (
        x_mm <= code.left_mm < code.right_mm <= x_mm + stock.label_width_mm
        and y_mm <= code.top_mm < code.bottom_mm <= y_mm + stock.label_height_mm
    )


def opened(png: bytes) -> Image.Image:
    """A PNG as picture."""
    return Image.open(io.BytesIO(png)).convert("L")
