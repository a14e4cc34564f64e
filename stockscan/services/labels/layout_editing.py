"""The label layouts as admins edit them: checking, an example to look at, saving, removing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.labelling.errors import LabellingError, LabelSpecError
from stockscan.labelling.files import layout_toml, read_layout
from stockscan.labelling.printing import Printed, render
from stockscan.labelling.spec import Field, Label, Layout, Place, Printer, Symbol
from stockscan.services.labels import own_files
from stockscan.services.labels.papers import (
    LAYOUT_FOLDER,
    LabelSetup,
    layout_of,
    layouts,
    own_layouts,
    shipped_layouts,
    stock_of,
)
from stockscan.services.work import Context

MOST_LINES: Final = 20
# What a layout can be made for.
KINDS: Final = ("asset", "part", "location", "person", "card", "blank")

_EXAMPLE: Final = Label(
    address="https://STOCK.EXAMPLE.COM/S/7K3QX9A",
    code="7K3QX9A",
    title="FL-07",
    subtitle="Hydraulic pump HP-230",
    kind="asset",
    company="Example Works",
    serial="SN 4711-08-15",
    model="Linde H25D",
    place="Hall 2, bay 4",
    number="HP-230-17",
    words="Do not remove",
)
_FINE: Final = Printer(dots_per_mm=12)


@dataclass(frozen=True, slots=True)
class ListedLayout:
    """A layout, whether the company has a file of it, and whether StockScan ships one."""

    layout: Layout
    is_own: bool
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class LayoutList:
    """All layouts, and the company's files that can't be used, each with why."""

    layouts: list[ListedLayout]
    faults: Mapping[str, str]


def layout_list(ctx: Context, setup: LabelSetup) -> LayoutList:
    """Every layout, the company's own first."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    listed = [_listed(setup, layout) for layout in layouts(setup).values()]
    listed.sort(key=lambda each: (not each.is_own, each.layout.name.casefold()))
    return LayoutList(listed, own_layouts(setup).faults)


def layout_page(ctx: Context, setup: LabelSetup, slug: str) -> ListedLayout:
    """One layout. Raises `NotFound`."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    return _listed(setup, layout_of(setup, slug))


def check_layout(ctx: Context, texts: Mapping[str, Any], slug: str = "") -> Layout:
    """The layout that these texts say, by the keys of `Layout`; nothing is saved.

    `qr_share` and the sizes are in %; `lines` has the keys of `Line`, one without a field is left
    out. Raises `Invalid` whose `details["faults"]` says what is wrong with each wrong key, those of
    lines as `lines-0-size`.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    faults: dict[str, str] = {}
    name = str(texts.get("name") or "").strip()
    if not name or len(name) > 120 or not name.isprintable():
        faults["name"] = "Enter a name of up to 120 characters."
    share = _share(texts.get("qr_share"), 0.1)
    if share is None:
        faults["qr_share"] = "Enter the width of the symbol, from 10 to 100 %."
    lines = _lines(texts.get("lines", ()), faults)
    if not faults:
        table = {
            "name": name,
            "about": str(texts.get("about") or "").strip() or name,
            "qr_share": share,
            "symbol": texts.get("symbol") if texts.get("symbol") in get_args(Symbol) else "qr",
            "code128": bool(texts.get("code128")),
            "typed": bool(texts.get("typed")),
            "centred": bool(texts.get("centred")),
            "kinds": [kind for kind in texts.get("kinds") or () if kind in KINDS],
            "line": lines,
        }
        try:
            return read_layout(slug or own_files.slug_of(name), table)
        except LabelSpecError as error:
            faults[error.field or "lines"] = f"{error}"
    raise _invalid(faults)


def save_layout(
    ctx: Context, setup: LabelSetup, texts: Mapping[str, Any], slug: str = ""
) -> ListedLayout:
    """Save a new layout, named by its name, or the company's own of this slug.

    The slug of a shipped layout makes one that takes its place. The same again is no change. Raises
    `Invalid` as `check_layout`, also for a new one whose name another has, and `NotFound`.
    """
    layout = check_layout(ctx, texts, slug and layout_of(setup, slug).slug)
    known = layouts(setup).get(layout.slug)
    if known is not None and known != layout and not slug:
        message = f"There is a layout called {known.name} already. Change the name."
        raise _invalid({"name": message})
    if known != layout:
        own_files.write(setup.folder / LAYOUT_FOLDER, layout.slug, layout_toml(layout))
    return _listed(setup, layout)


def remove_layout(ctx: Context, setup: LabelSetup, slug: str) -> None:
    """Remove the company's own layout; a shipped one of the same slug counts again.

    One that is gone already is no error. Raises `NotFound` for what is no slug.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    own_files.remove(setup.folder / LAYOUT_FOLDER, slug)


def example(ctx: Context, setup: LabelSetup, layout: Layout, stock: str) -> Printed:
    """A label with every field, as PNG. Raises `NotFound`, and `Invalid` where it has no room."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    try:
        return render("png", stock_of(setup, stock), layout, [_EXAMPLE], printer=_FINE)
    except LabellingError as error:
        raise Invalid(f"{error}", field="stock", code="label_not_printable") from error


def _listed(setup: LabelSetup, layout: Layout) -> ListedLayout:
    is_own = layout.slug in own_layouts(setup).found
    return ListedLayout(layout, is_own, layout.slug in shipped_layouts())


def _invalid(faults: Mapping[str, str]) -> Invalid:
    field, fault = next(iter(faults.items()))
    return Invalid(fault, field=field, faults=dict(faults))


def _lines(raw: Sequence[Mapping[str, Any]], faults: dict[str, str]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for at, line in enumerate(raw[:MOST_LINES]):
        if line.get("field") not in get_args(Field):
            continue
        rows = str(line.get("rows") or "1").strip()
        if rows not in {str(number) for number in range(1, 10)}:
            faults[f"lines-{at}-rows"] = f"Line {at + 1}: enter how many rows, from 1 to 9."
            continue
        size = _share(line.get("size"), 0.01)
        if size is None:
            faults[f"lines-{at}-size"] = f"Line {at + 1}: enter its size, from 1 to 100 %."
        lines.append(
            {
                "field": line["field"],
                "place": line.get("place") if line.get("place") in get_args(Place) else "top",
                "size": size,
                "rows": int(rows),
                "bold": bool(line.get("bold")),
                "optional": bool(line.get("optional")),
            }
        )
    return lines


def _share(raw: object, least: float) -> float | None:
    """A share that was typed in %; None for what is none, or below the least."""
    try:
        share = float(str(raw or "").strip().removesuffix("%").strip().replace(",", ".")) / 100
    except ValueError:
        return None
    return round(share, 4) if least <= share <= 1 else None
