"""A big print run: 10,000 labels as PDF, against only encoding their symbols (G12)."""

import random
import resource
import time

from stockscan import paths
from stockscan.domain.codes import label_address, make_code
from stockscan.labelling.fonts import load_fonts
from stockscan.labelling.printing import render
from stockscan.labelling.spec import Label, load_layouts, load_stocks
from stockscan.labelling.symbols import qr

LABELS = 10_000


def main() -> str:
    """Seconds of both, their ratio, and the memory that the print run took."""
    chance = random.Random(1)  # noqa: S311 - made-up labels
    codes = [make_code(chance.choice) for _ in range(LABELS)]
    start = time.process_time()
    for code in codes:
        qr(label_address("https://stock.example", code))
    encoding_s = time.process_time() - start
    memory_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stocks, layouts = load_stocks(paths.LABELS / "stock"), load_layouts(paths.LABELS / "layouts")
    labels = (_label(code) for code in codes)
    start = time.process_time()
    printed = render("pdf", stocks["avery-l7160"], layouts["standard"], labels,
                     fonts=load_fonts(paths.LABELS / "fonts"))  # fmt: skip
    pdf_s = time.process_time() - start
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory_kb) / 1024
    return (
        f"G12  {LABELS} labels PDF {pdf_s:.1f} s / encoding alone {encoding_s:.1f} s"
        f" = {pdf_s / encoding_s:.1f} x (target 3.0), {len(printed.data) / 1e6:.1f} MB file,"
        f" +{grown_mb:.0f} MB"
    )


def _label(code: str) -> Label:
    address = label_address("https://stock.example", code)
    return Label(code=code, address=address, title=f"Hydraulic pump {code}", subtitle="AT-000123")


if __name__ == "__main__":
    print(main())
