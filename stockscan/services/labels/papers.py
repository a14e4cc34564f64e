"""What labels are printed on and how: stocks, layouts, and what somebody chose of them.

Shipped ones stand beside those of the company: files in its folder, read anew when one changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Generic, TypeVar

from stockscan import paths
from stockscan.domain.errors import NotFound
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.files import load_layout, load_layouts, load_stock, load_stocks
from stockscan.labelling.spec import Layout, Look, Stock

USUAL_STOCK, USUAL_LAYOUT = "avery-l7160", "standard"
# Each kind of thing on the layout that was made for it.
AUTO_LAYOUT = "auto"
PLAIN = Look()

STOCK_FOLDER: Final = "stock"
LAYOUT_FOLDER: Final = "layouts"

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Own(Generic[T]):
    """The company's own files of one kind: what is in them, and which can't be used and why."""

    found: Mapping[str, T]
    faults: Mapping[str, str]


def stocks(setup: LabelSetup) -> dict[str, Stock]:
    """Every label stock by its slug; the company's own takes the place of a shipped one."""
    return {**shipped_stocks(), **own_stocks(setup).found}


def layouts(setup: LabelSetup) -> dict[str, Layout]:
    """Every label layout by its slug; the company's own takes the place of a shipped one."""
    return {**shipped_layouts(), **own_layouts(setup).found}


def stock_of(setup: LabelSetup, slug: str) -> Stock:
    """The label stock with this slug. Raises `NotFound`."""
    stock = stocks(setup).get(slug)
    if stock is None:
        message = f"There is no label stock {slug[:40]!r}. Choose one of the list."
        raise NotFound(message, field="stock")
    return stock


def layout_of(setup: LabelSetup, slug: str) -> Layout:
    """The label layout with this slug. Raises `NotFound`."""
    layout = layouts(setup).get(slug)
    if layout is None:
        message = f"There is no label layout {slug[:40]!r}. Choose one of the list."
        raise NotFound(message, field="layout")
    return layout


def layout_for(setup: LabelSetup, slug: str, kind: str) -> Layout:
    """The layout for a thing of this kind: `AUTO_LAYOUT` is the one that was made for the kind.

    The company's own goes before a shipped one, and the usual layout is for all others. Raises
    `NotFound`.
    """
    if slug != AUTO_LAYOUT:
        return layout_of(setup, slug)
    for each in (own_layouts(setup).found, shipped_layouts()):
        for layout in each.values():
            if kind in layout.kinds:
                return layouts(setup)[layout.slug]
    return layout_of(setup, USUAL_LAYOUT)


def own_stocks(setup: LabelSetup) -> Own[Stock]:
    """The stocks in the company's folder."""
    folder = setup.folder / STOCK_FOLDER
    return _read_stocks(_state(folder))


def own_layouts(setup: LabelSetup) -> Own[Layout]:
    """The layouts in the company's folder."""
    folder = setup.folder / LAYOUT_FOLDER
    return _read_layouts(_state(folder))


@cache
def shipped_stocks() -> dict[str, Stock]:
    """The stocks that come with StockScan."""
    return load_stocks(paths.LABELS / "stock")


@cache
def shipped_layouts() -> dict[str, Layout]:
    """The layouts that come with StockScan."""
    return load_layouts(paths.LABELS / "layouts")


# A file as it stands on the disk: every worker sees by this that another one has saved it.
_State = tuple[tuple[Path, int, int, int], ...]


def _state(folder: Path) -> _State:
    """All files of a folder and what changes with their content; none where there is no folder."""
    return tuple(_about(path) for path in sorted(folder.glob("*.toml")))


def _about(path: Path) -> tuple[Path, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return path, 0, 0, 0  # whoever reads it is told why
    return path, found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)
def _read_stocks(state: _State) -> Own[Stock]:
    return _read(state, load_stock)


@lru_cache(maxsize=8)
def _read_layouts(state: _State) -> Own[Layout]:
    return _read(state, load_layout)


def _read(state: _State, load: Callable[[Path], T]) -> Own[T]:
    found, faults = dict[str, T](), dict[str, str]()
    for path, *_ in state:
        try:
            found[path.stem] = load(path)
        except LabelSpecError as error:
            faults[path.name] = str(error)
        except OSError as error:
            faults[path.name] = f"{path.name}: it can't be read ({error.strerror})"
    return Own(found, faults)
