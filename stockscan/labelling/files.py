"""Stocks and layouts as TOML: every fault is told in words; what is written reads back equal."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import LONGEST_MM, SHORTEST_MM, Layout, Line, Stock

T = TypeVar("T")
Source = str | Mapping[str, object]  # the text of a file, or its table

_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_KIND = re.compile(r"[a-z]{1,20}")
_LONGEST_TEXT = 300
_LARGEST_MM = 2000
_LARGEST = 1_000_000
_TOLERANCE_MM = 0.01


def load_stocks(folder: Path) -> dict[str, Stock]:
    """Every `*.toml` of a folder by its slug, the file's name. Raises LabelSpecError."""
    return {path.stem: load_stock(path) for path in sorted(folder.glob("*.toml"))}


def load_layouts(folder: Path) -> dict[str, Layout]:
    """Every `*.toml` of a folder by its slug, the file's name. Raises LabelSpecError."""
    return {path.stem: load_layout(path) for path in sorted(folder.glob("*.toml"))}


def load_stock(path: Path) -> Stock:
    """The stock in a file; the slug is the file's name. Raises LabelSpecError."""
    return _load(path, read_stock)


def load_layout(path: Path) -> Layout:
    """The layout in a file; the slug is the file's name. Raises LabelSpecError."""
    return _load(path, read_layout)


def read_stock(slug: str, source: Source) -> Stock:
    """One stock. Raises LabelSpecError; its `field` names the key at fault where it is one."""
    stock = _build(Stock, {"slug": _slug(slug), **_table(source, Stock)})
    _check_stock(stock)
    return stock


def read_layout(slug: str, source: Source) -> Layout:
    """One layout. Raises LabelSpecError; its `field` names the key at fault where it is one."""
    table = _table(source, Layout, {"line": "lines"})
    raw_lines = table.pop("lines", [])
    if not isinstance(raw_lines, list) or not all(isinstance(line, dict) for line in raw_lines):
        raise LabelSpecError("each line is written as a table under [[line]]", "line")
    lines = tuple(_build(Line, line) for line in raw_lines)
    if isinstance(kinds := table.get("kinds"), list):
        table["kinds"] = tuple(kinds)
    layout = _build(Layout, {"slug": _slug(slug), "lines": lines, **table})
    _check_layout(layout)
    return layout


def stock_faults(stock: Stock) -> dict[str, str]:
    """What can't be about a stock, by the key at fault; empty for one that can be printed on."""
    faults: dict[str, str] = {}
    for check in (_check_sizes, _check_pitch, _check_page, _check_margins, _check_roll):
        try:
            check(stock)
        except LabelSpecError as error:
            faults.setdefault(error.field, str(error))
    return faults


def stock_toml(stock: Stock) -> str:
    """The file of a stock: `read_stock(stock.slug, stock_toml(stock)) == stock`."""
    return _toml(stock)


def layout_toml(layout: Layout) -> str:
    """The file of a layout: `read_layout(layout.slug, layout_toml(layout)) == layout`."""
    return _toml(layout) + "".join(f"\n[[line]]\n{_toml(line)}" for line in layout.lines)


def _toml(item: Stock | Layout | Line) -> str:
    """Each key that is not as it would be without the file, on a line."""
    kept = (
        (field.name, getattr(item, field.name))
        for field in fields(item)
        if field.name not in {"slug", "lines"} and getattr(item, field.name) != field.default
    )
    # JSON's text, numbers, lists and booleans are TOML's as well.
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in kept)


def _load(path: Path, read: Callable[[str, str], T]) -> T:
    try:
        return read(path.stem, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise LabelSpecError(f"{path.name}: save it as UTF-8 text") from error
    except LabelSpecError as error:
        raise LabelSpecError(f"{path.name}: {error}", error.field) from error


def _slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise LabelSpecError("the file's name may hold a-z, 0-9, - and . only, up to 60", "slug")
    return slug


def _table(
    source: Source, kind: type[object], renamed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The keys of a file, `renamed` to those of the dataclass; `slug` is its name, not a key."""
    if isinstance(source, str):
        try:
            source = tomllib.loads(source)
        except (ValueError, RecursionError) as error:
            raise LabelSpecError(f"this is not TOML: {error}") from error
    names = renamed or {}
    known = [field.name for field in fields(kind) if field.name != "slug"]  # type: ignore[arg-type]
    allowed = sorted(set(known) - set(names.values())) + list(names)
    if unknown := sorted(set(source) - set(allowed)):
        raise LabelSpecError(
            f"unknown key {unknown[0]!r}; known are {', '.join(allowed)}", unknown[0]
        )
    return {names.get(key, key): value for key, value in source.items()}


def _build(kind: type[T], table: Mapping[str, Any]) -> T:
    """Make the dataclass from a table, naming the key that is missing, unknown or of wrong type."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(known)):
        raise LabelSpecError(
            f"unknown key {unknown[0]!r}; known are {', '.join(known)}", unknown[0]
        )
    values = dict(table)
    for name, field in known.items():
        if name not in table:
            if field.default is MISSING:
                raise LabelSpecError(f"the key {name!r} is missing", name)
        elif not _is_a(table[name], field.type):
            raise LabelSpecError(
                f"{name} = {str(table[name])[:60]!r} is not {_expected(field.type)}", name
            )
        elif field.type is float:
            values[name] = float(table[name])
    return kind(**values)


def _is_a(value: object, declared: Any) -> bool:
    if declared is float or declared is int:
        if isinstance(value, bool) or not isinstance(value, (declared, int)):
            return False
        return -_LARGEST <= value <= _LARGEST  # which NaN is not
    if get_origin(declared) is tuple:
        item, _ = get_args(declared)
        return isinstance(value, tuple) and all(_is_a(one, item) for one in value)
    if choices := get_args(declared):
        return isinstance(value, str) and value in choices
    return isinstance(value, declared) and (declared is not str or _is_text(value))


def _is_text(value: object) -> bool:
    text = str(value)
    return text.isprintable() and bool(text.strip()) and len(text) <= _LONGEST_TEXT


def _expected(declared: Any) -> str:
    if get_origin(declared) is tuple:
        return "a list of words in quotes"
    if choices := get_args(declared):
        return "one of " + ", ".join(map(str, choices))
    if declared is str:
        return f"a line of text in quotes of up to {_LONGEST_TEXT} characters"
    return {float: "a number", int: "a whole number", bool: "true or false"}[declared]


def _check_stock(stock: Stock) -> None:
    for name, fault in stock_faults(stock).items():
        raise LabelSpecError(fault, name)


def _check_sizes(stock: Stock) -> None:
    for name in ("columns", "rows"):
        if not 1 <= getattr(stock, name) <= 200:
            raise LabelSpecError("columns and rows must be 1 or more, up to 200", name)
    for name in ("page_width_mm", "page_height_mm", "label_width_mm", "label_height_mm"):
        if not 0 < getattr(stock, name) <= _LARGEST_MM:
            raise LabelSpecError(f"{name} must be above 0 and up to {_LARGEST_MM}", name)
    for name in ("corner_radius_mm", "margin_x_mm", "margin_y_mm"):
        if getattr(stock, name) < 0:
            raise LabelSpecError(f"{name} must be 0 or more", name)


def _check_pitch(stock: Stock) -> None:
    for axis, count, side in (("x", stock.columns, "width"), ("y", stock.rows, "height")):
        name = f"pitch_{axis}_mm"
        if count > 1 and getattr(stock, name) < getattr(stock, f"label_{side}_mm") - _TOLERANCE_MM:
            raise LabelSpecError(
                f"{name} is smaller than the label: neighbours would overlap. It counts from the"
                " edge of one label to the same edge of the next",
                name,
            )


def _check_page(stock: Stock) -> None:
    right_mm, bottom_mm = stock.rest_mm
    for name, edge, spare_mm in (
        ("left_mm", "left", stock.left_mm),
        ("top_mm", "top", stock.top_mm),
        ("columns", "right", right_mm),
        ("rows", "bottom", bottom_mm),
    ):
        if spare_mm < -_TOLERANCE_MM:
            raise LabelSpecError(
                "the labels do not fit on the page: they reach"
                f" {-spare_mm:.2f} mm beyond its {edge} edge",
                name,
            )


def _check_margins(stock: Stock) -> None:
    sides = (("margin_x_mm", stock.label_width_mm), ("margin_y_mm", stock.label_height_mm))
    for name, side_mm in sides:
        if getattr(stock, name) * 2 >= side_mm > 0:
            raise LabelSpecError(f"{name} leaves nothing of the label: make it smaller", name)


def _check_roll(stock: Stock) -> None:
    if stock.kind == "roll" and stock.slots != 1:
        raise LabelSpecError("a roll has one label a page: set columns and rows to 1", "columns")
    if not stock.endless:
        return
    if stock.kind != "roll":
        raise LabelSpecError("only a roll can be endless: set kind to roll", "endless")
    if not SHORTEST_MM <= stock.shortest_mm <= stock.label_height_mm <= LONGEST_MM:
        raise LabelSpecError(
            f"the usual length of an endless roll, label_height_mm, is {SHORTEST_MM:g} to"
            f" {LONGEST_MM:g} mm and not below shortest_mm",
            "label_height_mm",
        )


def _check_layout(layout: Layout) -> None:
    if not 0.1 <= layout.qr_share <= 1:
        raise LabelSpecError("qr_share is a share of the label's width, from 0.1 to 1", "qr_share")
    if layout.typed and not any(line.field == "code" for line in layout.lines):
        raise LabelSpecError("a line for the code is missing: people must be able to type it")
    for line in layout.lines:
        if not 0 < line.size <= 1 or not 1 <= line.rows <= 9:
            raise LabelSpecError(f"line {line.field!r}: size is from 0 to 1, rows from 1 to 9")
    if any(not _KIND.fullmatch(kind) for kind in layout.kinds):
        raise LabelSpecError('kinds are names such as "asset" and "location"', "kinds")
