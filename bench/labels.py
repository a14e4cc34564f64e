"""A big print run: 10,000 labels as PDF, against only encoding their symbols (G12)."""

import random
import resource
import sys
import time
from collections.abc import Iterator

from stockscan import paths
from stockscan.domain.codes import label_address, make_code
from stockscan.labelling.files import load_layouts, load_stocks
from stockscan.labelling.fonts import load_fonts
from stockscan.labelling.printing import render
from stockscan.labelling.spec import Label
from stockscan.labelling.symbols import code128, qr

LABELS = 10_000
_HOST = "https://stock.example"
# What names look like, and how many of a hundred labels have such a one.
_WORDS = {
    "english": (55, "hydraulic pump bearing housing torque wrench seal kit valve motor filter"),
    "czech": (25, "čerpadlo příklepová vrtačka ložisko šroub těsnění žárovka klíč náhradní díl"),
    "chinese": (10, "不锈钢 六角螺栓 液压泵 轴承座 密封圈 电动机 过滤器 扳手 阀门 备件"),
    "arabic": (10, "مضخة هيدروليكية مفتاح محرك صمام مرشح محمل ختم قطع غيار"),
}
_OVER_LONG = 0.15


def main(count: int = LABELS) -> str:
    """Seconds of both, their ratio, the memory that the print run took, the size of the file."""
    labels = list(_labels(count))
    start = time.process_time()
    for label in labels:
        qr(label.address)
        code128(label.code)
    encoding_s = time.process_time() - start
    memory_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stocks, layouts = load_stocks(paths.LABELS / "stock"), load_layouts(paths.LABELS / "layouts")
    fonts = load_fonts(paths.LABELS / "fonts")  # as a server has them
    start = time.process_time()
    printed = render("pdf", stocks["avery-l7163"], layouts["qr-code128"], labels, fonts=fonts)
    pdf_s = time.process_time() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"G12  {count} labels PDF {pdf_s:.1f} CPU s / encoding alone {encoding_s:.1f} s"
        f" = {pdf_s / encoding_s:.1f} x (target 3.0), {len(printed.data) / 1e6:.1f} MB file,"
        f" peak {peak_mb:.0f} MB (+{peak_mb - memory_kb / 1024:.0f})"
    )


def _labels(count: int) -> Iterator[Label]:
    """QR, Code 128 and three lines each: no two names are the same."""
    chance = random.Random(1)  # noqa: S311 - made-up labels
    weights = [share for share, _ in _WORDS.values()]
    for number in range(count):
        ((_, words),) = chance.choices(list(_WORDS.values()), weights)
        length = 14 if chance.random() < _OVER_LONG else 3
        title = " ".join(chance.choices(words.split(), k=length))
        code = make_code(chance.choice)
        yield Label(
            address=label_address(_HOST, code),
            code=code,
            title=f"{title} {number}",
            subtitle=f"{chance.choice(words.split())} AT-{number:06d}",
        )


if __name__ == "__main__":
    print(main(*map(int, sys.argv[1:])))
