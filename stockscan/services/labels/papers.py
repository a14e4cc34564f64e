"""What labels are printed on and how: stocks, layouts, and what somebody chose of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stockscan import paths
from stockscan.domain.errors import NotFound
from stockscan.labelling.spec import Layout, Look, Stock, load_layouts, load_stocks

USUAL_STOCK, USUAL_LAYOUT = "avery-l7160", "standard"
# Each kind of thing on the layout that was made for it.
AUTO_LAYOUT = "auto"
PLAIN = Look()


@dataclass(frozen=True, slots=True)
class LabelSetup:
    """What this server says of labels: its public address ("" where nobody has said it), and the
    folder that holds the stocks, layouts and the logo of this company."""

    public_url: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Paper:
    """How to print: slugs of stock and layout, the first free slot (from 1), copies of each label.

    `length_mm` is the length of one label of an endless roll, 0 for the usual one; `printer` the
    number of the printer whose offsets, dots and address are used, None for a plain one.
    """

    stock: str
    layout: str
    start: int = 1
    copies: int = 1
    length_mm: float = 0.0
    look: Look = PLAIN
    printer: int | None = None


@cache
def stocks() -> dict[str, Stock]:
    """Every label stock that StockScan knows, by its slug."""
    return load_stocks(paths.LABELS / "stock")


@cache
def layouts() -> dict[str, Layout]:
    """Every label layout, by its slug."""
    return load_layouts(paths.LABELS / "layouts")


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
