"""The label stocks as admins edit them: where each comes from, checking, saving, removing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.files import read_stock, stock_faults, stock_toml
from stockscan.labelling.lengths import read_length_mm
from stockscan.labelling.spec import Stock
from stockscan.services.labels import own_files
from stockscan.services.labels.papers import (
    STOCK_FOLDER,
    LabelSetup,
    own_stocks,
    shipped_stocks,
    stock_of,
    stocks,
)
from stockscan.services.work import Context

_AXES: Final = (("x", "width", "left", "columns"), ("y", "height", "top", "rows"))
SHEET, ROLL, ENDLESS = "sheet", "roll", "endless"
# What is not said of a stock that somebody types in.
TYPED_HERE: Final = "Entered here"


@dataclass(frozen=True, slots=True)
class ListedStock:
    """A stock, whether the company has a file of it, and whether StockScan ships one."""

    stock: Stock
    is_own: bool
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class StockList:
    """All stocks by name, and the company's files that can't be used, each with why."""

    stocks: list[ListedStock]
    faults: Mapping[str, str]


def stock_list(ctx: Context, setup: LabelSetup) -> StockList:
    """Every stock, the company's own first; who prints may look."""
    require(ctx.actor, Permission.LABEL_PRINT)
    listed = [_listed(setup, stock) for stock in stocks(setup).values()]
    listed.sort(key=lambda each: (not each.is_own, each.stock.name.casefold()))
    return StockList(listed, own_stocks(setup).faults)


def stock_page(ctx: Context, setup: LabelSetup, slug: str) -> ListedStock:
    """One stock; who prints may look. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    return _listed(setup, stock_of(setup, slug))


def check_stock(ctx: Context, texts: Mapping[str, str], slug: str = "") -> Stock:
    """The stock that these texts say, by the keys of `Stock`; nothing is saved.

    `kind` may be "endless" as well. Lengths are in mm, or in inches where they say so. A roll needs
    its label's size only; of a sheet an empty pitch is "no gap" and an empty left or top "in the
    middle". Raises `Invalid` whose `details["faults"]` says for each wrong key what is wrong.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    table, faults = _read(texts)
    if not faults:
        stock = Stock(slug=slug or own_files.slug_of(table["name"]), **table)
        faults = stock_faults(stock)
        if not faults:
            return _as_file(stock)
    raise _invalid(faults)


def save_stock(
    ctx: Context, setup: LabelSetup, texts: Mapping[str, str], slug: str = ""
) -> ListedStock:
    """Save a new stock, named by its name, or the company's own of this slug.

    The slug of a shipped stock makes one that takes its place. The same again is no change. Raises
    `Invalid` as `check_stock`, also for a new one whose name another stock has, and `NotFound`.
    """
    stock = check_stock(ctx, texts, slug and stock_of(setup, slug).slug)
    known = stocks(setup).get(stock.slug)
    if known is not None and known != stock and not slug:
        raise _invalid({"name": f"There is a stock called {known.name} already. Change the name."})
    if known != stock:
        own_files.write(setup.folder / STOCK_FOLDER, stock.slug, stock_toml(stock))
    return _listed(setup, stock)


def remove_stock(ctx: Context, setup: LabelSetup, slug: str) -> None:
    """Remove the company's own stock; a shipped one of the same slug counts again.

    One that is gone already is no error. Raises `NotFound` for what is no slug.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    own_files.remove(setup.folder / STOCK_FOLDER, slug)


def _listed(setup: LabelSetup, stock: Stock) -> ListedStock:
    is_own = stock.slug in own_stocks(setup).found
    return ListedStock(stock, is_own, stock.slug in shipped_stocks())


def _as_file(stock: Stock) -> Stock:
    """The stock as it is read again from its file, so that what is saved is never refused."""
    try:
        return read_stock(stock.slug, stock_toml(stock))
    except LabelSpecError as error:
        raise _invalid({error.field: f"{error}"}) from error


def _invalid(faults: Mapping[str, str]) -> Invalid:
    field, fault = next(iter(faults.items()))
    return Invalid(fault, field=field, faults=dict(faults))


def _read(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the texts say by the keys of `Stock`, and what is wrong by key."""
    kind = texts.get("kind", SHEET)
    table: dict[str, Any] = {}
    faults: dict[str, str] = {}
    parsers = {**_LABEL, **_PAGE} if kind == SHEET else _LABEL
    for key, parse in parsers.items():
        try:
            table[key] = parse(texts.get(key, "").strip())
        except (LabelSpecError, ValueError) as error:
            faults[key] = f"{error}"
    if not faults:
        complete = _sheet if kind == SHEET else _roll
        table |= {**complete(table), "turned": bool(texts.get("turned")), "confidence": "own"}
        table["kind"], table["endless"] = SHEET if kind == SHEET else ROLL, kind == ENDLESS
    return table, faults


def _roll(table: Mapping[str, Any]) -> dict[str, Any]:
    """A roll's page is one label."""
    width_mm, height_mm = table["label_width_mm"], table["label_height_mm"]
    return {
        "page_width_mm": width_mm,
        "page_height_mm": height_mm,
        "columns": 1,
        "rows": 1,
        "left_mm": 0.0,
        "top_mm": 0.0,
        "pitch_x_mm": width_mm,
        "pitch_y_mm": height_mm,
    }


def _sheet(table: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty: no gap between labels, and as much paper before as behind them."""
    found: dict[str, Any] = {}
    for axis, side, start, count in _AXES:
        label_mm = table[f"label_{side}_mm"]
        pitch_mm = found[f"pitch_{axis}_mm"] = table[f"pitch_{axis}_mm"] or label_mm
        over_mm = table[f"page_{side}_mm"] - (table[count] - 1) * pitch_mm - label_mm
        given_mm = table[f"{start}_mm"]
        found[f"{start}_mm"] = round(over_mm / 2, 4) if given_mm is None else given_mm
    return found


def _text(raw: str) -> str:
    if not raw or len(raw) > 120 or not raw.isprintable():
        raise ValueError("Enter a name of up to 120 characters.")
    return raw


def _count(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9 or not 1 <= int(raw) <= 200:
        raise ValueError("Enter a whole number from 1 to 200.")
    return int(raw)


def _or(empty: Any, parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """The parser, with a value for what was left empty."""
    return lambda raw: parse(raw) if raw else empty


_LABEL: Final[Mapping[str, Callable[[str], Any]]] = {
    "name": _text,
    "label_width_mm": read_length_mm,
    "label_height_mm": read_length_mm,
    "corner_radius_mm": _or(0.0, read_length_mm),
    "margin_x_mm": _or(0.0, read_length_mm),
    "margin_y_mm": _or(0.0, read_length_mm),
    "source": _or(TYPED_HERE, _text),
}
_PAGE: Final[Mapping[str, Callable[[str], Any]]] = {
    "page_width_mm": read_length_mm,
    "page_height_mm": read_length_mm,
    "columns": _count,
    "rows": _count,
    "left_mm": _or(None, read_length_mm),
    "top_mm": _or(None, read_length_mm),
    "pitch_x_mm": _or(None, read_length_mm),
    "pitch_y_mm": _or(None, read_length_mm),
}
