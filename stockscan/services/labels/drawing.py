"""Drawing labels: the words of things on the paper that was chosen."""

from collections.abc import Sequence

from stockscan.domain.codes import label_address
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.printing import Format, Printed, render
from stockscan.labelling.spec import Label, Printer
from stockscan.services.labels.choosing import chosen_labels
from stockscan.services.labels.papers import Paper, layout_of, stock_of
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.catalogue.labels import LabelText

# A picture for the screen is finer than what a thermal printer needs.
_PRINTERS: dict[Format, Printer] = {"png": Printer(dots_per_mm=12)}


def picture(
    ctx: Context, reference: str, *, stock: str, layout: str, form: Format, public_url: str
) -> Printed:
    """One label to look at; nothing is recorded."""
    texts = chosen_labels(ctx, [reference])
    return draw(form, Paper(stock, layout), texts, public_url)


def draw(form: Format, paper: Paper, texts: Sequence[LabelText], public_url: str) -> Printed:
    """The file with these labels. Raises `RuleBroken` without an address, and `Invalid`."""
    if not public_url:
        message = (
            "Labels carry the address of this server, and nobody has said what it is. Set"
            " STOCKSCAN_PUBLIC_URL, for example https://stock.example.com, and start again."
        )
        raise RuleBroken(message, code="public_url_missing")
    stock, layout = stock_of(paper.stock), layout_of(paper.layout)
    if not 1 <= paper.start <= stock.slots:
        raise Invalid(f"start must be a whole number from 1 to {stock.slots}.", field="start")
    with reading() as connection:
        company = settings.load(connection).company
    labels = (
        Label(
            address=label_address(public_url, text.code),
            code=text.code,
            title=text.title,
            subtitle=text.subtitle,
            kind=text.kind,
            company=company,
        )
        for text in texts
    )
    try:
        return render(form, stock, layout, labels, start=paper.start, printer=_PRINTERS.get(form))
    except LabellingError as error:
        raise Invalid(f"{error}", code="label_not_printable") from error
