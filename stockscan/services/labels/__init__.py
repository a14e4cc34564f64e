"""Labels: choosing things, drawing one to look at, printing and remembering what was printed."""

from stockscan.services.labels.choosing import (
    MOST_BLANKS,
    MOST_LABELS,
    Wanted,
    blank_batches,
    label_needs,
    label_texts,
    make_blanks,
    wanted_codes,
)
from stockscan.services.labels.drawing import picture, sheet_image
from stockscan.services.labels.papers import (
    AUTO_LAYOUT,
    USUAL_LAYOUT,
    USUAL_STOCK,
    LabelSetup,
    Paper,
    layout_for,
    layout_of,
    layouts,
    shipped_stocks,
    stock_of,
    stocks,
)
from stockscan.services.labels.previewing import Preview, preview, usual_paper
from stockscan.services.labels.printers import as_spec, printer_of, printers, save_printer
from stockscan.services.labels.printing import (
    Again,
    Ordered,
    Which,
    file_of,
    order_print,
    print_again,
)
from stockscan.services.labels.prints import SENT, SMALL, Print, Way
from stockscan.services.labels.remembering import stopped_at

__all__ = [
    "AUTO_LAYOUT",
    "MOST_BLANKS",
    "MOST_LABELS",
    "SENT",
    "SMALL",
    "USUAL_LAYOUT",
    "USUAL_STOCK",
    "Again",
    "LabelSetup",
    "Ordered",
    "Paper",
    "Preview",
    "Print",
    "Wanted",
    "Way",
    "Which",
    "as_spec",
    "blank_batches",
    "file_of",
    "label_needs",
    "label_texts",
    "layout_for",
    "layout_of",
    "layouts",
    "make_blanks",
    "order_print",
    "picture",
    "preview",
    "print_again",
    "printer_of",
    "printers",
    "save_printer",
    "sheet_image",
    "shipped_stocks",
    "stock_of",
    "stocks",
    "stopped_at",
    "usual_paper",
    "wanted_codes",
]
