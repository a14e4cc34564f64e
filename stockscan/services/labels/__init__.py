"""Labels: choosing things, drawing one to look at, printing and remembering what was printed."""

from stockscan.services.labels.choosing import MOST_BLANKS, MOST_LABELS, chosen_labels, make_blanks
from stockscan.services.labels.drawing import picture
from stockscan.services.labels.papers import (
    USUAL_LAYOUT,
    USUAL_STOCK,
    LabelSetup,
    Paper,
    layout_of,
    layouts,
    stock_of,
    stocks,
)
from stockscan.services.labels.printing import print_labels

__all__ = [
    "MOST_BLANKS",
    "MOST_LABELS",
    "USUAL_LAYOUT",
    "USUAL_STOCK",
    "LabelSetup",
    "Paper",
    "chosen_labels",
    "layout_of",
    "layouts",
    "make_blanks",
    "picture",
    "print_labels",
    "stock_of",
    "stocks",
]
