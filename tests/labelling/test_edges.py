"""No ink is lost: labels stay where the printer reaches, with all their accents and tails."""

import pytest

from stockscan.labelling.spec import Stock
from tests.labelling.cast import LAYOUTS, MM_PER_INCH, STOCKS, labels
from tests.labelling.proof import FINE_DPI, cut, drawn

NARROWED = [stock for stock in STOCKS.values() if stock.margin_x_mm or stock.margin_y_mm]


@pytest.mark.parametrize("stock", NARROWED, ids=[stock.slug for stock in NARROWED])
def test_ink_stays_where_the_printer_reaches(stock: Stock) -> None:
    wanted = labels(4)  # English, Czech, Chinese, Arabic
    dots_per_mm = FINE_DPI / MM_PER_INCH
    for layout in LAYOUTS.values():
        assert cut(stock, drawn(stock, layout, wanted, dots_per_mm)) == 0, layout.slug
