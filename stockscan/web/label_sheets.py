"""Sheets on the screen: the stocks as a list offers them, and where each slot lies on its sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from stockscan.labelling.spec import Stock

_PAGES: Final = {(210, 297): "Sheets, A4", (216, 279): "Sheets, Letter"}
_OTHER_PAGES: Final = "Sheets, other sizes"


@dataclass(frozen=True, slots=True)
class Group:
    """Stocks that stand together in a list."""

    name: str
    stocks: Sequence[Stock]


def groups(stocks: Mapping[str, Stock], own: Mapping[str, Stock]) -> list[Group]:
    """All stocks: the company's own first, then sheets by their page, then rolls; by name."""
    named: dict[str, list[Stock]] = {"Your own": list(own.values())}
    named |= {name: [] for name in (*_PAGES.values(), _OTHER_PAGES, "Rolls")}
    for slug, stock in stocks.items():
        if slug not in own:
            named[_group(stock)].append(stock)
    return [
        Group(name, sorted(each, key=lambda stock: stock.name.lower()))
        for name, each in named.items()
        if each
    ]


def size(stock: Stock) -> str:
    """The size of one label as it is read: "63.5 × 38.1 mm"."""
    area = stock.area
    if stock.endless:
        return f"{stock.label_width_mm:g} mm wide, any length"
    return f"{round(area.width_mm, 2):g} × {round(area.height_mm, 2):g} mm"


def version(stock: Stock) -> str:
    """Another text whenever the stock changes: its style sheet is kept by browsers until then."""
    return f"{crc32(repr(stock).encode()):08x}"


def slot_css(stock: Stock) -> str:
    """A style sheet that puts the slots of this stock over the picture of its sheet, exactly.

    Everything is a share of the page, so it holds at any size on the screen.
    """
    right_mm, bottom_mm = stock.rest_mm
    grid_width_mm = stock.page_width_mm - stock.left_mm - right_mm
    grid_height_mm = stock.page_height_mm - stock.top_mm - bottom_mm
    inset = [
        _share(stock.top_mm, stock.page_height_mm),
        _share(right_mm, stock.page_width_mm),
        _share(bottom_mm, stock.page_height_mm),
        _share(stock.left_mm, stock.page_width_mm),
    ]
    columns = f"repeat({stock.columns}, {_share(stock.label_width_mm, grid_width_mm)})"
    rows = f"repeat({stock.rows}, {_share(stock.label_height_mm, grid_height_mm)})"
    across = _share(stock.pitch_x_mm - stock.label_width_mm, grid_width_mm)
    down = _share(stock.pitch_y_mm - stock.label_height_mm, grid_height_mm)
    sheet = f'[data-stock="{stock.slug}"]'
    return (
        "@layer pages {\n"
        f"  {sheet} {{ aspect-ratio: {stock.page_width_mm:g} / {stock.page_height_mm:g}; }}\n"
        f"  {sheet} > .slots {{ inset: {' '.join(inset)}; grid-template: {rows} / {columns};"
        f" gap: {down} {across}; }}\n"
        "}\n"
    )


def _group(stock: Stock) -> str:
    if stock.kind == "roll":
        return "Rolls"
    page = round(stock.page_width_mm), round(stock.page_height_mm)
    return _PAGES.get(page, _OTHER_PAGES)


def _share(part_mm: float, whole_mm: float) -> str:
    return f"{max(0.0, part_mm) / whole_mm:.4%}"
