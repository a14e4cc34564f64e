"""Printed labels as a phone sees them: turned by 8 degrees, out of focus, 6 pixels a millimetre."""

import pytest
from PIL import Image, ImageFilter

from stockscan.labelling.printing import render
from stockscan.labelling.spec import Layout
from tests.labelling.cast import LAYOUTS, MM_PER_INCH, STOCKS, labels, page_pictures, seen

PIXELS_PER_MM = 6
SLUGS = ["avery-l7160", "avery-5160", "avery-l7651", "avery-l7120", "zebra-2x1"]


def photo(
    sheet: Image.Image, corner_mm: tuple[float, float], size_mm: tuple[float, float]
) -> Image.Image:
    """One label cut out, laid on a grey bench, turned and blurred."""
    left, top = (round(value * PIXELS_PER_MM) for value in corner_mm)
    width, height = (round(value * PIXELS_PER_MM) for value in size_mm)
    bench = Image.new("L", (width + 80, height + 80), 110)
    bench.paste(sheet.crop((left, top, left + width, top + height)), (40, 40))
    turned = bench.rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=110)
    return turned.filter(ImageFilter.GaussianBlur(0.8))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
@pytest.mark.parametrize("slug", SLUGS)
def test_every_label_reads_turned_and_blurred(slug: str, layout: Layout) -> None:
    stock = STOCKS[slug]
    wanted = labels(14)
    printed = render("pdf", stock, layout, wanted)
    pages = page_pictures(printed.data, PIXELS_PER_MM * MM_PER_INCH)
    size_mm = stock.label_width_mm, stock.label_height_mm
    for number, one in enumerate(wanted):
        page, slot = divmod(number, stock.slots)
        picture = photo(pages[page], stock.cell_mm(slot), size_mm)
        assert one.address in {code.text for code in seen(picture, MM_PER_INCH)}
