"""One label as PNG, every module on whole pixels."""

from io import BytesIO

from stockscan.labelling.dots import picture
from stockscan.labelling.marks import Drawing


def label_png(drawing: Drawing, dots_per_mm: float) -> bytes:
    """A grey-scale picture whose size on paper is written into the file."""
    written = BytesIO()
    dpi = dots_per_mm * 25.4
    picture(drawing, dots_per_mm).save(written, "PNG", dpi=(dpi, dpi))
    return written.getvalue()
