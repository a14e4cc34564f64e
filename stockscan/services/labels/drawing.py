"""Drawing labels: the words of things on the paper that was chosen."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import label_address
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.printing import Format, Printed, render, sheet_picture
from stockscan.labelling.spec import Label, Layout, Printer, Stock
from stockscan.services.labels.choosing import Wanted, label_texts, wanted_labels
from stockscan.services.labels.logo import logo
from stockscan.services.labels.papers import LabelSetup, Paper, layout_for, stock_of
from stockscan.services.labels.printers import as_spec, printer_of
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.catalogue.labels import LabelText

# A picture for the screen is finer than what a thermal printer needs.
_ON_SCREEN: Final = Printer(dots_per_mm=12)
# A sheet on the screen is so many pixels wide, but no small page is blown up beyond this.
_SHEET_PX: Final = 1000
_FINEST_PX_PER_MM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What to know before printing: the smallest dot of all symbols, and cautions in words.

    `has_square` tells that some symbols are Data Matrix instead of QR, `labels` how many labels
    were looked at.
    """

    smallest_mm: float
    has_square: bool
    cautions: tuple[str, ...]
    labels: int


def draw(form: Format, paper: Paper, texts: Iterable[LabelText], setup: LabelSetup) -> Printed:
    """The file with these labels, each as often as the paper says.

    Raises `RuleBroken` without an address, `NotFound` for an unknown stock, layout or printer,
    `Invalid` for what can't be drawn.
    """
    labels = _labels(setup, paper, texts)
    stock = cut_stock(setup, paper)
    if not 1 <= paper.start <= stock.slots:
        raise Invalid(f"start must be a whole number from 1 to {stock.slots}.", field="start")
    layouts, made = _made(setup, paper, _ON_SCREEN if form == "png" else None)
    with _refusals():
        return render(form, stock, layouts, labels, start=paper.start, **made)


def picture(ctx: Context, setup: LabelSetup, reference: str, paper: Paper, form: Format) -> Printed:
    """One label to look at; nothing is recorded. Raises as `draw` does."""
    require(ctx.actor, Permission.LABEL_PRINT)
    one = replace(paper, start=1, copies=1)
    return draw(form, one, wanted_labels(ctx, Wanted([reference])), setup)


def sheet_image(ctx: Context, setup: LabelSetup, codes: Sequence[str], paper: Paper) -> bytes:
    """The first sheet of these labels as it will be printed, as PNG. Raises as `draw` does."""
    require(ctx.actor, Permission.LABEL_PRINT)
    labels, stock = _labels(setup, paper, label_texts(codes)), cut_stock(setup, paper)
    layouts, made = _made(setup, paper)
    fine = min(_SHEET_PX / stock.page_width_mm, _FINEST_PX_PER_MM)
    with _refusals():
        return sheet_picture(stock, layouts, labels, start=paper.start, px_per_mm=fine, **made).data


def check_labels(setup: LabelSetup, paper: Paper, texts: Sequence[LabelText]) -> Checked:
    """What to know of these labels before they are printed. Raises as `draw` does."""
    printed = draw("pdf", replace(paper, start=1, copies=1), texts, setup)
    has_square = "datamatrix" in printed.symbols
    return Checked(printed.smallest_module_mm, has_square, printed.warnings, len(texts))


def cut_stock(setup: LabelSetup, paper: Paper) -> Stock:
    """The stock of this paper, cut to the length that was chosen.

    Raises `NotFound` for an unknown one, `Invalid` for a length that can't be cut.
    """
    with _refusals():
        return stock_of(setup, paper.stock).cut(paper.length_mm)


def _made(setup: LabelSetup, paper: Paper, usual: Printer | None = None) -> Any:
    """The layout for each label, and what else the paper says of drawing."""
    printer = usual if paper.printer is None else as_spec(printer_of(paper.printer))
    found = logo(setup) if paper.look.logo else None
    of_kind = cache(lambda kind: layout_for(setup, paper.layout, kind))

    def layout(label: Label) -> Layout:
        return of_kind(label.kind)

    return layout, {"printer": printer, "look": paper.look, "logo": found}


def _labels(setup: LabelSetup, paper: Paper, texts: Iterable[LabelText]) -> Iterator[Label]:
    if not setup.public_url:
        message = (
            "Labels carry the address of this server, and nobody has said what it is. Set"
            " STOCKSCAN_PUBLIC_URL, for example https://stock.example.com, and start again."
        )
        raise RuleBroken(message, code="public_url_missing")
    with reading() as connection:
        company = settings.load(connection).company
    return (
        Label(
            address=label_address(setup.public_url, text.code),
            code=text.code,
            title=text.title,
            subtitle=text.subtitle,
            kind=text.kind,
            company=company,
            serial=text.serial,
            model=text.model,
            place=text.place,
            number=text.number,
        )
        for text in texts
        for _ in range(paper.copies)
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """What can't be drawn is the fault of what was asked for."""
    try:
        yield
    except LabellingError as error:
        raise Invalid(f"{error}", code="label_not_printable") from error
