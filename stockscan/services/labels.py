"""Labels: choosing things, drawing one to look at, printing and remembering what was printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection

from stockscan import paths
from stockscan.domain.access import Permission, require
from stockscan.domain.cards import CARDS, card
from stockscan.domain.codes import Kind, as_code, label_address, read
from stockscan.domain.errors import Invalid, NotFound, RuleBroken, TooLarge
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.printing import Format, Printed, render
from stockscan.labelling.spec import Label, Layout, Printer, Stock, load_layouts, load_stocks
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import settings
from stockscan.store.catalogue import labels as queries
from stockscan.store.catalogue.labels import LabelText
from stockscan.store.codes import claim_code, keep_cards
from stockscan.store.once import Once, first_time
from stockscan.store.scanning import resolve

USUAL_STOCK, USUAL_LAYOUT = "avery-l7160", "standard"
# More than this in one file is a job for several.
MOST_LABELS = 5000
MOST_BLANKS = 500
# A picture for the screen is finer than what a thermal printer needs.
_PRINTERS: dict[Format, Printer] = {"png": Printer(dots_per_mm=12)}


@dataclass(frozen=True, slots=True)
class Paper:
    """What to print on: the slugs of stock and layout, and the first free slot (from 1)."""

    stock: str
    layout: str
    start: int = 1


@cache
def stocks() -> dict[str, Stock]:
    """Every label stock that StockScan knows, by its slug."""
    return load_stocks(paths.LABELS / "stock")


@cache
def layouts() -> dict[str, Layout]:
    """Every label layout, by its slug."""
    return load_layouts(paths.LABELS / "layouts")


def make_blanks(ctx: Context, number: int) -> list[str]:
    """Fresh labels that are on nothing yet, 1 to 500 of them; their codes.

    They are one batch: `chosen_labels` finds them by the time of their making, `ctx.now_us`.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    if not 1 <= number <= MOST_BLANKS:
        raise Invalid(f"Make 1 to {MOST_BLANKS} blank labels at once.", field="number")
    with unit_of_work() as session:
        return [claim_code(session, Kind.BLANK, ctx.now_us) for _ in range(number)]


def chosen_labels(
    ctx: Context,
    references: Sequence[str],
    *,
    place: str = "",
    batch_us: int | None = None,
    cards: bool = False,
) -> list[LabelText]:
    """The words on the labels of these things, then of a place and all that is in it.

    After them a batch of blank labels, and all cards for the scan screen. Raises `NotFound` that
    names the reference which is nothing we know, and `TooLarge`.
    """
    require(ctx.actor, Permission.READ)
    if len(references) > MOST_LABELS:
        raise _too_many()
    with reading() as connection:
        codes = _codes(connection, references)
        if place:
            codes += _codes_at(connection, place)
        if batch_us is not None:
            codes += queries.blanks_of(connection, batch_us)
        if cards:
            codes += CARDS
        if len(codes) > MOST_LABELS:
            raise _too_many()
        found = _texts(connection, codes)
    return [found[code] for code in codes]


def picture(
    ctx: Context, reference: str, *, stock: str, layout: str, form: Format, public_url: str
) -> Printed:
    """One label to look at; nothing is recorded."""
    texts = chosen_labels(ctx, [reference])
    return _render(form, Paper(stock, layout), texts, public_url)


def print_labels(
    ctx: Context,
    references: Sequence[str],
    paper: Paper,
    *,
    form: Format,
    public_url: str,
    place: str = "",
    once: Once | None = None,
) -> Printed:
    """Make the file to print and record what is on it, with the address.

    A repetition under the same `once` is not recorded again. Raises `Conflict` when that id was
    used for something else, `RuleBroken` without a public address, `Invalid` for what can't be
    drawn, `NotFound` for an unknown thing, stock or layout. Missing letters are warnings, never a
    refusal.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    texts = chosen_labels(ctx, references, place=place)
    if not texts:
        raise Invalid("Choose at least one label.", field="items")
    printed = _render(form, paper, texts, public_url)
    with unit_of_work() as session:
        if not first_time(session, once, "print_labels", actor.person_id, ctx.now_us):
            return printed
        keep_cards(session, [text.code for text in texts if card(text.code)], ctx.now_us)
        queries.record(
            session,
            [text.code for text in texts],
            at_us=ctx.now_us,
            person_id=actor.person_id,
            stock=paper.stock,
            layout=paper.layout,
            format=form,
            start=paper.start,
            public_url=public_url,
        )
    return printed


def stock_of(slug: str) -> Stock:
    """The label stock with this slug. Raises `NotFound`."""
    stock = stocks().get(slug)
    if stock is None:
        message = f"There is no label stock {slug[:40]!r}. Choose one of the list."
        raise NotFound(message, field="stock")
    return stock


def layout_of(slug: str) -> Layout:
    """The label layout with this slug. Raises `NotFound`."""
    layout = layouts().get(slug)
    if layout is None:
        message = f"There is no label layout {slug[:40]!r}. Choose one of the list."
        raise NotFound(message, field="layout")
    return layout


def _render(form: Format, paper: Paper, texts: Sequence[LabelText], public_url: str) -> Printed:
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


def _codes(connection: Connection, references: Sequence[str]) -> list[str]:
    """The code behind each reference; codes as such are looked up all at once."""
    spelled = {reference: as_code(reference) for reference in references}
    known = _texts(connection, [code for code in spelled.values() if code])
    found: list[str] = []
    for reference in references:
        code = spelled[reference]
        found.append(code if code in known else _resolved(connection, reference))
    return found


def _texts(connection: Connection, codes: Sequence[str]) -> dict[str, LabelText]:
    cards = {code: card(code) for code in codes}
    return queries.texts(connection, codes) | {
        code: LabelText(code, "card", known.title, "Scan it on the scan screen")
        for code, known in cards.items()
        if known
    }


def _resolved(connection: Connection, reference: str) -> str:
    thing = resolve(connection, read(reference), _LABELLED)
    if thing is None:
        message = f"{reference[:60]!r} is nothing we know. Scan its label, or search by name."
        raise NotFound(message, field="items", code="unknown_reference")
    return thing.code


def _codes_at(connection: Connection, place: str) -> list[str]:
    found = resolve(connection, read(place), (Kind.LOCATION,))
    if found is None or found.id is None:
        message = f"{place[:60]!r} is not a place we know."
        raise NotFound(message, field="place", code="unknown_reference")
    return queries.codes_at(connection, found.id)


def _too_many() -> TooLarge:
    return TooLarge(f"That is more than {MOST_LABELS:,} labels. Print them in parts.")


_LABELLED = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON, Kind.BLANK, Kind.COMMAND)
