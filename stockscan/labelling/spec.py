"""What a label is: paper (Stock), what goes where (Layout) and what to say (Label)."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from stockscan.labelling.errors import LabelSpecError

Field = Literal[
    "title", "subtitle", "code", "company", "kind", "serial", "model", "place", "number", "words"
]
Symbol = Literal["qr", "datamatrix"]
Place = Literal["top", "bottom", "footer"]
Kind = Literal["sheet", "roll"]

T = TypeVar("T")

_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*")
_TOLERANCE_MM = 0.01


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind of label paper: a sheet of cells, or a roll whose page is one label."""

    slug: str
    name: str
    kind: Kind
    page_width_mm: float
    page_height_mm: float
    columns: int
    rows: int
    label_width_mm: float
    label_height_mm: float
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float
    corner_radius_mm: float
    source: str
    confidence: str
    margin_x_mm: float = 0.0  # the printer cannot reach this strip inside each label
    margin_y_mm: float = 0.0

    @property
    def slots(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    def cell_mm(self, slot: int) -> tuple[float, float]:
        """Left and top edge of a slot; slots count from 0, row by row."""
        row, column = divmod(slot, self.columns)
        return self.left_mm + column * self.pitch_x_mm, self.top_mm + row * self.pitch_y_mm


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the label as text; `size` is a share of the text block's height."""

    field: Field
    place: Place
    size: float
    rows: int = 1
    bold: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Which fields stand where; it adapts to the size of the label.

    `typed` tells that people must be able to type the code, so that it has to be on the label.
    """

    slug: str
    name: str
    about: str
    qr_share: float  # of the label's width, quiet zone included
    lines: tuple[Line, ...]
    code128: bool = False
    typed: bool = True
    symbol: Symbol = "qr"
    kinds: tuple[str, ...] = ()  # what it was made for: "asset", "location"…; empty for anything


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody chose for this print: fields to leave out, bars or none, the logo, own words.

    `code128` is None for what the layout says.
    """

    without: frozenset[Field] = frozenset()
    code128: bool | None = None
    logo: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. `address` is the text of the QR code, exactly as given."""

    address: str
    code: str
    title: str
    subtitle: str = ""
    kind: str = ""
    company: str = ""
    serial: str = ""
    model: str = ""
    place: str = ""
    number: str = ""  # a part's number, a model's number
    words: str = ""  # the same on all labels of a print, as somebody typed them

    @property
    def shown_code(self) -> str:
        """The code as people read it: `7K3 QX9A`."""
        return f"{self.code[:3]} {self.code[3:]}"

    def text(self, field: Field) -> str:
        """The words that stand on the label for this field."""
        if field == "code":
            return self.shown_code
        text: str = getattr(self, field)
        return text.capitalize() if field == "kind" else text


@dataclass(frozen=True, slots=True)
class Printer:
    """What one printer needs so that print and die-cut meet."""

    offset_x_mm: float = 0.0  # moves a PDF page to the right
    offset_y_mm: float = 0.0  # moves a PDF page downwards
    scale_x: float = 1.0  # of a PDF page, about its centre
    scale_y: float = 1.0
    dots_per_mm: float = 8.0  # of PNG and ZPL; PDF has no dots


def load_stocks(folder: Path) -> dict[str, Stock]:
    """Read every `*.toml` of a folder; the slug is the file's name. Raises LabelSpecError."""
    return _load(folder, _read_stock)


def load_layouts(folder: Path) -> dict[str, Layout]:
    """Read every `*.toml` of a folder; the slug is the file's name. Raises LabelSpecError."""
    return _load(folder, _read_layout)


def _load(folder: Path, read: Callable[[str, dict[str, Any]], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = read(_slug(path), tomllib.loads(path.read_text("utf-8")))
        except (LabelSpecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LabelSpecError(f"{path.name}: {error}") from error
    return found


def _slug(path: Path) -> str:
    if not _SLUG.fullmatch(path.stem):
        raise LabelSpecError("the file's name may hold a-z, 0-9, - and . only")
    return path.stem


def _read_stock(slug: str, table: dict[str, Any]) -> Stock:
    stock = _build(Stock, {"slug": slug, **table})
    _check_stock(stock)
    return stock


def _read_layout(slug: str, table: dict[str, Any]) -> Layout:
    raw_lines = table.pop("line", [])
    if not isinstance(raw_lines, list):
        raise LabelSpecError("each line is written as a table under [[line]]")
    lines = tuple(_build(Line, line) for line in raw_lines)
    layout = _build(Layout, {"slug": slug, "lines": lines, **table})
    _check_layout(layout)
    return layout


def _build(kind: type[T], table: Mapping[str, Any]) -> T:
    """Make the dataclass from a table, naming the key that is missing, unknown or of wrong type."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(known)):
        raise LabelSpecError(f"unknown key {unknown[0]!r}; known are {', '.join(known)}")
    for name, field in known.items():
        if name not in table:
            if field.default is MISSING:
                raise LabelSpecError(f"the key {name!r} is missing")
        elif not _is_a(table[name], field.type):
            raise LabelSpecError(f"{name} = {table[name]!r} is not {_expected(field.type)}")
    return kind(**table)


def _is_a(value: object, declared: Any) -> bool:
    if declared is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if declared is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if choices := get_args(declared):
        return isinstance(value, tuple) or value in choices
    return isinstance(value, declared)


def _expected(declared: Any) -> str:
    if choices := get_args(declared):
        return "one of " + ", ".join(map(str, choices))
    return {float: "a number", int: "a whole number", bool: "true or false"}.get(declared, "text")


def _check_stock(stock: Stock) -> None:
    if stock.columns < 1 or stock.rows < 1:
        raise LabelSpecError("columns and rows must be 1 or more")
    if min(stock.label_width_mm, stock.label_height_mm) <= 0:
        raise LabelSpecError("label_width_mm and label_height_mm must be above 0")
    if stock.columns > 1 and stock.pitch_x_mm < stock.label_width_mm - _TOLERANCE_MM:
        raise LabelSpecError("pitch_x_mm is smaller than the label: neighbours would overlap")
    if stock.rows > 1 and stock.pitch_y_mm < stock.label_height_mm - _TOLERANCE_MM:
        raise LabelSpecError("pitch_y_mm is smaller than the label: neighbours would overlap")
    x_mm, y_mm = stock.cell_mm(stock.slots - 1)
    right_mm = stock.page_width_mm - x_mm - stock.label_width_mm
    bottom_mm = stock.page_height_mm - y_mm - stock.label_height_mm
    if min(stock.left_mm, stock.top_mm, right_mm, bottom_mm) < -_TOLERANCE_MM:
        raise LabelSpecError(
            f"the labels do not fit on the page: {right_mm:.2f} mm left over at the right, "
            f"{bottom_mm:.2f} mm at the bottom"
        )
    if stock.kind == "roll" and stock.slots != 1:
        raise LabelSpecError("a roll has one label a page: set columns and rows to 1")


def _check_layout(layout: Layout) -> None:
    if not 0.1 <= layout.qr_share <= 1:
        raise LabelSpecError("qr_share is a share of the label's width, from 0.1 to 1")
    if layout.typed and not any(line.field == "code" for line in layout.lines):
        raise LabelSpecError("a line for the code is missing: people must be able to type it")
    for line in layout.lines:
        if not 0 < line.size <= 1 or line.rows < 1:
            raise LabelSpecError(f"line {line.field!r}: size is from 0 to 1, rows at least 1")
