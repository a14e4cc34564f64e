"""The proof of the labels: every stock and layout, printed, read by two readers that are not ours.

`python -m bench.label_proof` prints the tables as Markdown; `--write` keeps them as
docs/labels-proof.md. Exits 1 where the promise is broken.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import product, starmap
from pathlib import Path

from stockscan.labelling.errors import LabelTooSmall
from tests.labelling import judges, proof
from tests.labelling.cast import LAYOUTS, MM_PER_INCH, STOCKS

PAGE = Path(__file__).parents[1] / "docs" / "labels-proof.md"
PRINT_HEADS_PER_MM = (8, 12, 24)
SECTIONS = {"paper": "On paper", "zpl": "ZPL", "camera": "Before a camera"}
ALL = "each in turn"
SYMBOLS = {"qr": "QR", "datamatrix": "Data Matrix"}
ABOUT = {
    "paper": f"""\
PDF, drawn by PDFium, each cell cut out and read. Full sheets, and {proof.ROLL_LABELS} labels of
each roll.""",
    "zpl": """\
One label of each layout, drawn by zpl-renderer-js for print heads of 8, 12 and 24 dots a mm. Rolls
only: no label printer takes sheets.""",
    "camera": f"""\
{proof.SAMPLE} labels turned by 7 degrees, tilted by 8, blurred by 0.8 px, at 6 px a mm. A
reader may then guess at thin bars; the check character refuses such a text.""",
}
INTRODUCTION = """\
Every stock that is shipped, in every layout, full of labels with English, Czech, Chinese, Arabic
and over-long words, is printed and read by zxing-cpp, which looks for the kinds of code that labels
carry, and by ZBar, which looks for all that it knows (no Data Matrix).

The promise: all labels are read by at least one of them, and where the symbol is a QR code with
modules of 0.4 mm or more, by both (at 300 dpi) and before a camera; nothing wrong is read, or
before a camera nothing that the check character lets pass; no ink is lost at an edge or where the
printer cannot reach; no cells overlap. "all" counts every label; an empty cell is none."""
HEADS = (
    "stock", "layout", "at", "symbol", "module mm", "labels", "zxing-cpp", "ZBar", "either",
    "wrong", "bars read", "cut", "overlap", "promise",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What is printed, and the dpi that it is printed for."""

    section: str
    stock: str
    layout: str
    dpi: float = 0.0

    @property
    def at(self) -> str:
        """The resolution as people know it."""
        if self.section == "zpl":
            return f"{self.dpi / MM_PER_INCH:.0f} dots/mm"
        return f"{self.dpi:.0f} dpi" if self.dpi else "camera"


@dataclass(frozen=True)
class Row:
    """A case with what came out; without a verdict the label was not printed, for this reason."""

    case: Case
    kept: bool
    verdict: proof.Verdict | None = None
    refusal: str = ""

    @property
    def rank(self) -> tuple[object, ...]:
        """The worst first."""
        if self.verdict is None:
            return (self.kept, -1.0)
        reads, names = self.verdict.reads, (self.case.stock, self.case.layout, self.case.dpi)
        shares = (reads.either / reads.labels, (reads.zxing + reads.zbar) / reads.labels)
        return (self.kept, *shares, self.verdict.module_mm, *names)


def main() -> None:
    """Print the tables that were asked for, and whether the promise holds."""
    wanted = arguments()
    if not judges.are_here():
        sys.exit("ZBar and the renderer of ZPL need Node.js, and `npm ci` in this folder.")
    rows = []
    with ProcessPoolExecutor() as pool:
        for row in pool.map(decided, cases(wanted)):
            rows.append(row)
            if not row.kept:  # it takes minutes: what is broken is told at once
                print(line(cells(row)), file=sys.stderr)
    text = page(wanted.only, sorted(rows, key=lambda row: row.rank))
    print(text, end="")
    if wanted.write:
        PAGE.write_text(text, "utf-8")
    sys.exit(any(not row.kept for row in rows))


def arguments() -> argparse.Namespace:
    """Everything, unless a part is asked for."""
    told = argparse.ArgumentParser(prog="bench.label_proof", description=__doc__)
    told.add_argument("--stock", nargs="+", choices=STOCKS, default=list(STOCKS), metavar="S")
    told.add_argument("--layout", nargs="+", choices=LAYOUTS, default=list(LAYOUTS), metavar="L")
    told.add_argument("--dpi", nargs="+", type=int, default=[203, 300])
    told.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    told.add_argument("--write", action="store_true", help=f"keep it as {PAGE.name}")
    return told.parse_args()


def cases(wanted: argparse.Namespace) -> Iterator[Case]:
    """All that was asked for."""
    if "paper" in wanted.only:
        yield from starmap(partial(Case, "paper"), product(wanted.stock, wanted.layout, wanted.dpi))
    if "camera" in wanted.only:
        yield from starmap(partial(Case, "camera"), product(wanted.stock, wanted.layout))
    if "zpl" in wanted.only:
        rolls = [stock for stock in wanted.stock if STOCKS[stock].kind == "roll"]
        for stock, dots_per_mm in product(rolls, PRINT_HEADS_PER_MM):
            yield Case("zpl", stock, ALL, dots_per_mm * MM_PER_INCH)


def decided(case: Case) -> Row:
    """Print it and let it be read. A refusal is kept: nothing unreadable leaves the printer."""
    stock = STOCKS[case.stock]
    try:
        if case.section == "zpl":
            verdict = proof.judged_zpl(stock, list(LAYOUTS.values()), case.dpi / MM_PER_INCH)
        elif case.section == "paper":
            verdict = proof.judged(stock, LAYOUTS[case.layout], case.dpi)
        else:
            verdict = proof.judged_by_camera(stock, LAYOUTS[case.layout])
            return Row(case, verdict.holds_for_a_camera(), verdict)
    except LabelTooSmall as error:
        return Row(case, kept=True, refusal=str(error))
    return Row(case, verdict.holds_on_paper(case.dpi), verdict)


def page(sections: Iterable[str], rows: Sequence[Row]) -> str:
    """The whole page in Markdown."""
    broken = sum(not row.kept for row in rows)
    end = f"The promise is BROKEN in {broken} of {len(rows)} cases." if broken else (
        f"The promise holds in all {len(rows)} cases."
    )  # fmt: skip
    made = f"Made on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.label_proof --write`."
    tables = [table(name, [row for row in rows if row.case.section == name]) for name in sections]
    parts = ["# The proof of the labels", INTRODUCTION, made, summary(rows), *tables, end]
    return "\n\n".join(parts) + "\n"


def table(section: str, rows: Sequence[Row]) -> str:
    """One section."""
    lines = [line(HEADS), line(["---"] * len(HEADS)), *(line(cells(row)) for row in rows)]
    return f"## {SECTIONS[section]}\n{ABOUT[section]}\n\n" + "\n".join(lines)


def cells(row: Row) -> list[str]:
    """A row of the table."""
    case, verdict = row.case, row.verdict
    names = [case.stock, case.layout, case.at]
    if verdict is None:
        return [*names, f"not printed: {row.refusal}", *[""] * (len(HEADS) - 4)]
    reads = verdict.reads
    return [
        *names,
        " and ".join(SYMBOLS[symbol] for symbol in sorted(verdict.symbols)),
        f"{verdict.module_mm:.2f}",
        str(reads.labels),
        *(share(count, reads.labels) for count in (reads.zxing, reads.zbar, reads.either)),
        some(reads.wrong),
        share(reads.bars, verdict.bars) if verdict.bars else "",
        some(verdict.cut),
        some(verdict.overlapping),
        "kept" if row.kept else "BROKEN",
    ]


def summary(rows: Iterable[Row]) -> str:
    """What the readers read of all labels together."""
    judged = [(row.case.section, row.verdict) for row in rows if row.verdict]
    printed = [verdict for section, verdict in judged if section != "camera"]
    reads = [verdict.reads for verdict in printed]
    easy = [verdict.reads for verdict in printed if verdict.is_easy]
    seen = [verdict.reads for section, verdict in judged if section == "camera" and verdict.is_easy]
    return (
        f"Of {_labels(reads)} printed labels {sum(one.either for one in reads)} are read by at"
        f" least one reader. Of {_labels(easy)} with a QR code of 0.4 mm or more zxing-cpp reads"
        f" {sum(one.zxing for one in easy)} and ZBar {sum(one.zbar for one in easy)}; before a"
        f" camera one of them reads {sum(one.either for one in seen)} of {_labels(seen)}. Wrong"
        f" texts {sum(one.wrong for one in reads)}, cut labels {sum(one.cut for one in printed)},"
        f" overlapping cells {sum(one.overlapping for one in printed)}."
    )


def _labels(reads: Iterable[proof.Reads]) -> int:
    return sum(one.labels for one in reads)


def share(count: int, of: int) -> str:
    """A count, or that it is all of them."""
    return "all" if count == of else str(count)


def some(count: int) -> str:
    """A count that should be none."""
    return str(count) if count else ""


def line(texts: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(texts)} |"


if __name__ == "__main__":
    main()
