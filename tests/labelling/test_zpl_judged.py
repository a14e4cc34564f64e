"""Another program draws our ZPL: dot for dot the preview's label, and where the PDF has it."""

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from stockscan.labelling.printing import render
from stockscan.labelling.spec import Printer
from tests.labelling.cast import LAYOUTS, STOCKS, labels, opened, page_pictures
from tests.labelling.judges import render_zpl, zbar_read

STANDARD = LAYOUTS["standard"]
# An endless roll, one that is read across, the smallest, and the usual one on every print head.
CASES = [
    ("brother-dk-22205", 12),
    ("dymo-30252", 8),
    ("dymo-30332", 12),
    ("zebra-2x1", 8),
    ("zebra-2x1", 12),
    ("zebra-2x1", 24),
]


def ink(picture: Image.Image) -> np.ndarray:
    """Which dots are burnt."""
    return np.asarray(picture) < 144


def near(dots: np.ndarray) -> np.ndarray:
    """Those dots, and the ones beside them."""
    wider = Image.fromarray(dots).convert("L").filter(ImageFilter.MaxFilter(5))
    return np.asarray(wider) > 0


@pytest.mark.parametrize(("slug", "dots"), CASES)
def test_another_program_draws_the_same(slug: str, dots: int) -> None:
    stock, printer, some = STOCKS[slug], Printer(dots_per_mm=dots), labels(3)
    zpl = render("zpl", stock, STANDARD, some, printer=printer)
    drawn = render_zpl(zpl.data.decode(), stock.label_width_mm, stock.label_height_mm, dots)
    pdf = render("pdf", stock, STANDARD, some, printer=printer).data
    for one, picture, page in zip(some, drawn, page_pictures(pdf, dots * 25.4), strict=True):
        preview = opened(render("png", stock, STANDARD, [one], printer=printer).data)
        if stock.turned:
            preview = preview.rotate(-90, expand=True)
        # The program's paper may be a dot larger.
        assert np.array_equal(ink(picture.crop((0, 0, *preview.size))), ink(preview))
        on_paper = ink(page.resize(picture.size))
        assert (on_paper & near(ink(picture))).sum() > 0.98 * on_paper.sum()
        assert one.address in {code.text for code in zxingcpp.read_barcodes(picture)}
    if zpl.symbols == {"qr"}:
        assert all(one.address in texts for one, texts in zip(some, zbar_read(drawn), strict=True))
