"""Printing in one call: labels in, a file to download or to send to a printer out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from stockscan import paths
from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.fonts import Fonts, load_fonts
from stockscan.labelling.marks import Drawing
from stockscan.labelling.pdf import sheet_pdf
from stockscan.labelling.png import label_png
from stockscan.labelling.spec import Label, Layout, Printer, Stock
from stockscan.labelling.svg import label_svg
from stockscan.labelling.zpl import label_zpl

Format = Literal["pdf", "svg", "png", "zpl"]

_KINDS: dict[Format, tuple[str, str]] = {
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


def render(
    form: Format,
    stock: Stock,
    layout: Layout,
    labels: Iterable[Label],
    *,
    start: int = 1,
    printer: Printer | None = None,
    fonts: Fonts | None = None,
) -> Printed:
    """Draw labels: any number as PDF or ZPL, exactly one as SVG or PNG.

    `start` is the first free slot of a sheet, counted from 1.
    Raises LabelSpecError or LabelTooSmall with a message that says what to do.
    """
    dots_per_mm = (printer or Printer()).dots_per_mm
    press = _Press(stock, layout, fonts or load_fonts(paths.LABELS / "fonts"))
    if form == "pdf":
        drawings = (press.draw(label, None) for label in labels)
        data = sheet_pdf(stock, drawings, start=start, printer=printer)
    elif form == "zpl":
        data = b"".join(label_zpl(press.draw(label, dots_per_mm), dots_per_mm) for label in labels)
        if not data:
            raise LabelSpecError("there is nothing to print: choose at least one label")
    else:
        data = _picture(form, press, labels, dots_per_mm)
    media_type, extension = _KINDS[form]
    return Printed(data, media_type, extension, tuple(press.warnings()))


def _picture(
    form: Literal["svg", "png"], press: "_Press", labels: Iterable[Label], dots_per_mm: float
) -> bytes:
    several = list(labels)
    if len(several) != 1:
        raise LabelSpecError(f"a picture shows one label, not {len(several)}: choose PDF or ZPL")
    (label,) = several
    if form == "png":
        return label_png(press.draw(label, dots_per_mm), dots_per_mm)
    return label_svg(press.draw(label, None), f"Label {label.shown_code}, {label.title}")


@dataclass
class _Press:
    """Draws label after label and remembers what each of them needs to be known for."""

    stock: Stock
    layout: Layout
    fonts: Fonts
    count: int = 0
    cautions: dict[str, list[str]] = field(default_factory=dict)

    def draw(self, label: Label, dots_per_mm: float | None) -> Drawing:
        drawing = compose(self.stock, self.layout, label, self.fonts, dots_per_mm=dots_per_mm)
        self.count += 1
        for caution in drawing.cautions:
            self.cautions.setdefault(caution, []).append(label.shown_code)
        return drawing

    def warnings(self) -> Iterator[str]:
        """One sentence a kind of problem, with the labels it concerns."""
        for caution, codes in self.cautions.items():
            if len(codes) == self.count > 1:
                yield f"{caution} (all {self.count} labels)."
                continue
            named = ", ".join(codes[:_NAMED_CODES])
            more = len(codes) - _NAMED_CODES
            yield f"{caution}: {named}" + (f" and {more} more." if more > 0 else ".")
