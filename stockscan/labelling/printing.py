"""Printing in one call: labels in, a file to download or to send to a printer out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from stockscan import paths
from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.fonts import Fonts, load_fonts
from stockscan.labelling.head import ANY_HEAD, Head
from stockscan.labelling.marks import Drawing
from stockscan.labelling.pdf import sheet_pdf
from stockscan.labelling.png import label_png
from stockscan.labelling.preview import sheet_png
from stockscan.labelling.spec import PLAIN_LOOK, Label, Layout, Look, Printer, Stock, Symbol
from stockscan.labelling.svg import label_svg
from stockscan.labelling.symbols import Matrix
from stockscan.labelling.zpl import labels_zpl

Format = Literal["pdf", "svg", "png", "zpl"]
# One layout for all labels, or the one that was made for each.
Layouts = Layout | Callable[[Label], Layout]

# The media type of each, and how its files end.
KINDS: dict[Format, tuple[str, str]] = {
    "pdf": ("application/pdf", "pdf"),
    "svg": ("image/svg+xml", "svg"),
    "png": ("image/png", "png"),
    "zpl": ("text/plain; charset=utf-8", "zpl"),
}
_NAMED_CODES = 5


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished file, and what people should know before they print it."""

    data: bytes
    media_type: str
    extension: str
    warnings: tuple[str, ...]
    smallest_module_mm: float  # of all symbols
    symbols: frozenset[Symbol]


def render(  # noqa: PLR0913 - each is a choice of its own, all of them by name
    form: Format,
    stock: Stock,
    layout: Layouts,
    labels: Iterable[Label],
    *,
    start: int = 1,
    printer: Printer | None = None,
    look: Look = PLAIN_LOOK,
    logo: Matrix | None = None,
    fonts: Fonts | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Printed:
    """Draw labels: any number as PDF or ZPL, exactly one as SVG or PNG.

    `start` is the first free slot of a sheet, counted from 1. A `printer` limits how fine symbols
    may be. `on_progress` is told how many labels are drawn; what it raises ends the work.
    Raises LabelSpecError or LabelTooSmall with a message that says what to do.
    """
    press = _Press(stock, layout, _head(form, stock, printer), look, logo, fonts, on_progress)
    dots = printer or Printer()
    if form == "pdf":
        data = sheet_pdf(stock, press.drawings(labels), start=start, printer=printer)
    elif form == "zpl":
        data = b"".join(labels_zpl(press.drawings(labels), dots, turned=stock.turned))
        if not data:
            raise LabelSpecError("there is nothing to print: choose at least one label")
    else:
        label = _only(labels)
        (drawing,) = press.drawings([label])
        if form == "png":
            data = label_png(drawing, dots.dots_per_mm)
        else:
            data = label_svg(drawing, f"Label {label.shown_code}, {label.title}")
    return press.printed(data, form)


def sheet_picture(  # noqa: PLR0913 - as `render`
    stock: Stock,
    layout: Layouts,
    labels: Iterable[Label],
    *,
    start: int = 1,
    px_per_mm: float = 4.0,
    printer: Printer | None = None,
    look: Look = PLAIN_LOOK,
    logo: Matrix | None = None,
    fonts: Fonts | None = None,
) -> Printed:
    """A PNG of the first page as `render` prints it as PDF, quickly; of a roll, the first label.

    Slots before `start` stay empty, as do those for which there are no labels. Raises as `render`.
    """
    press = _Press(stock, layout, _head("pdf", stock, printer), look, logo, fonts)
    shown = islice(labels, max(0, stock.slots - start + 1))
    data = sheet_png(stock, press.drawings(shown), start, px_per_mm)
    return press.printed(data, "png")


def _head(form: Format, stock: Stock, printer: Printer | None) -> Head:
    """PNG and ZPL are dots. A PDF snaps to a printer's dots where its page is printed 1:1.

    That is a roll on the label printer that was named: the file then carries the same symbol as
    PNG and ZPL. A sheet is scaled by drivers and by the printer's own profile: whole dots would
    not stay whole, so its dots are a limit only.
    """
    if form in {"png", "zpl"}:
        return Head((printer or Printer()).dots_per_mm)
    if printer is None or form == "svg":
        return ANY_HEAD
    return Head(printer.dots_per_mm, snaps=stock.kind == "roll")


def _only(labels: Iterable[Label]) -> Label:
    several = list(labels)
    if len(several) != 1:
        raise LabelSpecError(f"a picture shows one label, not {len(several)}: choose PDF or ZPL")
    return several[0]


@dataclass
class _Press:
    """Draws label after label and remembers what each of them needs to be known for."""

    stock: Stock
    layout: Layouts
    head: Head
    look: Look
    logo: Matrix | None
    fonts: Fonts | None
    on_progress: Callable[[int], None] | None = None
    count: int = 0
    smallest_module_mm: float = float("inf")
    symbols: set[Symbol] = field(default_factory=set)
    cautions: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)  # the labels that something was left out of

    def drawings(self, labels: Iterable[Label]) -> Iterator[Drawing]:
        """Each label as a drawing, one at a time."""
        fonts = self.fonts or load_fonts(paths.LABELS / "fonts")
        for label in labels:
            layout = self.layout if isinstance(self.layout, Layout) else self.layout(label)
            drawing = compose(
                self.stock, layout, label, fonts, head=self.head, look=self.look, logo=self.logo
            )
            self._note(label, drawing)
            yield drawing
            if self.on_progress:
                self.on_progress(self.count)

    def printed(self, data: bytes, form: Format) -> Printed:
        """The finished file with all that was noted."""
        media_type, extension = KINDS[form]
        warnings, symbols = tuple(self._warnings()), frozenset(self.symbols)
        smallest_mm = self.smallest_module_mm if symbols else 0.0
        return Printed(data, media_type, extension, warnings, smallest_mm, symbols)

    def _note(self, label: Label, drawing: Drawing) -> None:
        self.count += 1
        self.symbols.add(drawing.symbol)
        self.smallest_module_mm = min(self.smallest_module_mm, drawing.module_mm)
        for caution in drawing.cautions:
            self.cautions.setdefault(caution, []).append(label.shown_code)
        if drawing.left_out:
            self.left_out.update(dict.fromkeys(drawing.left_out))
            self.without.append(label.shown_code)

    def _warnings(self) -> Iterator[str]:
        """One sentence a kind of problem, with the labels it concerns."""
        told = dict(self.cautions)
        if self.without:
            told[f"There is no room for: {', '.join(self.left_out)}"] = self.without
        for caution, codes in told.items():
            if len(codes) == self.count > 1:
                yield f"{caution} (all {self.count} labels)."
                continue
            named = ", ".join(codes[:_NAMED_CODES])
            more = len(codes) - _NAMED_CODES
            yield f"{caution}: {named}" + (f" and {more} more." if more > 0 else ".")
