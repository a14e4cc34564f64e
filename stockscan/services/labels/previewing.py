"""Looking before printing: what is on the first sheet, how much paper, and what to know first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import is_card
from stockscan.domain.codes import Kind
from stockscan.domain.errors import StockScanError
from stockscan.labelling.spec import Layout, Stock
from stockscan.services.labels.choosing import label_texts
from stockscan.services.labels.drawing import Checked, check_labels, cut_stock
from stockscan.services.labels.logo import logo
from stockscan.services.labels.papers import LabelSetup, Paper, layout_for
from stockscan.services.labels.remembering import Stopped, last_paper, stopped_at
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.label_needs import KINDS
from stockscan.store.catalogue.labels import LabelText, kinds_of

# So many labels are looked at for what to know before printing; more take longer than looking.
LOOKED_AT: Final = 300
SHOWN: Final = 100
FEW: Final = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """What is about to be printed, and how it fills the paper.

    `first` are the things on the first sheet, `shown` some of all from `row` on; `layouts` those
    that are used, `checked` what to know before printing, or `trouble` why nothing can be printed.
    """

    codes: Sequence[str]
    kinds: Sequence[str]
    stock: Stock
    paper: Paper
    layouts: Sequence[Layout]
    first: Sequence[LabelText]
    shown: Sequence[LabelText]
    row: int
    has_logo: bool
    stopped: Stopped | None
    checked: Checked | None
    trouble: str

    @property
    def labels(self) -> int:
        """How many labels are printed, with all copies."""
        return len(self.codes) * self.paper.copies

    @property
    def first_few(self) -> Sequence[LabelText]:
        """Enough of them to see how the labels of a roll look."""
        return self.shown[:FEW]

    @property
    def sheets(self) -> int:
        """Sheets, or labels of a roll."""
        return -(-(self.paper.start - 1 + self.labels) // self.stock.slots)

    @property
    def free(self) -> int:
        """Labels left over on the last sheet."""
        return self.sheets * self.stock.slots - (self.paper.start - 1 + self.labels)

    @property
    def on_first(self) -> int:
        """The last slot of the first sheet that gets a label."""
        return min(self.paper.start - 1 + self.labels, self.stock.slots)

    @property
    def fields(self) -> list[str]:
        """What the layouts that are used can show and somebody may leave out."""
        lines = [line for layout in self.layouts for line in layout.lines]
        typed = all(layout.typed for layout in self.layouts)
        found = dict.fromkeys(line.field for line in lines)
        return [name for name in found if name != "words" and not (typed and name == "code")]

    @property
    def has_words(self) -> bool:
        """Whether there is room for words of one's own."""
        return any(line.field == "words" for layout in self.layouts for line in layout.lines)

    @property
    def may_have_bars(self) -> bool:
        """Whether a Code 128 is to be asked for: no layout has one by itself."""
        return not any(layout.code128 for layout in self.layouts)


def usual_paper(ctx: Context, setup: LabelSetup, codes: Sequence[str]) -> Paper:
    """What this person would print these things on, going by the last time."""
    kinds = _kinds(codes)
    return last_paper(ctx, setup, kinds[0] if len(kinds) == 1 else "")


def preview(
    ctx: Context, setup: LabelSetup, codes: Sequence[str], paper: Paper, row: int = 0
) -> Preview:
    """How these things come out on this paper. A slot that the stock has not is its first.

    Raises `NotFound` for an unknown stock, layout or printer, `Invalid` for a length that can't be
    cut.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    stock = cut_stock(setup, paper)
    if paper.start > stock.slots:
        paper = replace(paper, start=1)
    kinds = _kinds(codes)
    used = [layout_for(setup, paper.layout, kind) for kind in kinds]
    room = -(-(stock.slots - paper.start + 1) // paper.copies)
    looked_at = list(islice(label_texts(codes), max(room, LOOKED_AT)))
    checked, trouble = None, ""
    try:
        checked = check_labels(setup, paper, looked_at[:LOOKED_AT])
    except StockScanError as error:
        trouble = error.message
    row = row if 0 <= row < len(codes) else 0
    return Preview(
        codes=codes,
        kinds=kinds,
        stock=stock,
        paper=paper,
        layouts=list({layout.slug: layout for layout in used}.values()),
        first=looked_at[: max(room, 1)],
        shown=list(label_texts(codes[row : row + SHOWN])),
        row=row,
        has_logo=logo(setup) is not None,
        stopped=stopped_at(ctx, stock),
        checked=checked,
        trouble=trouble,
    )


def _kinds(codes: Sequence[str]) -> list[str]:
    """The kinds of these things, in the order in which they are always named."""
    with reading() as connection:
        found = kinds_of(connection, [code for code in codes if not is_card(code)])
    if any(is_card(code) for code in codes):
        found.add("card")
    return [kind for kind in (*KINDS, Kind.BLANK, "card") if kind in found]
