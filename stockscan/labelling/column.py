"""The text block of a label: lines from the top, lines from the bottom, nothing overlaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stockscan.labelling.fonts import CAP_HEIGHT, DESCENT, Face, Fallback, Fonts, raster
from stockscan.labelling.marks import Align, Box, Grid, Mark, Text
from stockscan.labelling.spec import Field, Label, Line
from stockscan.labelling.text import Fitted, fit

_LEADING = 1.16  # from baseline to baseline within one field
_GAP = 0.055  # of the unit, between two fields
_RASTER_DOTS_PER_MM = 24  # finer than the eye and most printers
_GLADLY = (1.0, 0.95, 0.9, 0.85)  # of the size that the layout asks
_RELUCTANTLY = (0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)
_NAMES: dict[Field, str] = {
    "title": "name",
    "subtitle": "second line",
    "code": "code",
    "company": "company",
    "kind": "kind",
    "serial": "serial number",
    "model": "model",
    "place": "place",
    "number": "number",
    "words": "own words",
}


@dataclass(frozen=True, slots=True)
class Column:
    """The drawn block, and the free band between its upper and its lower lines."""

    marks: tuple[Mark, ...]
    free_top_mm: float
    free_bottom_mm: float
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Set:
    """A line of the layout with its words, set in type."""

    line: Line
    face: Face
    fitted: Fitted

    @property
    def height_mm(self) -> float:
        """From the capitals' top to the last baseline."""
        return self.fitted.size_mm * (CAP_HEIGHT + _LEADING * (len(self.fitted.lines) - 1))


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets lines in `fonts`; raster text takes whole dots when the printer's are known."""

    fonts: Fonts
    dots_per_mm: float | None = None

    def column(
        self,
        lines: Sequence[Line],
        label: Label,
        box: Box,
        *,
        unit_mm: float,
        align: Align = "left",
        reserve_mm: float = 0,
    ) -> Column:
        """Fill a box; optional lines go first when it is low, then rows, then size."""
        wanted = [line for line in lines if label.text(line.field).strip()]
        height_mm = box.height_mm - reserve_mm
        chosen = self._choose(wanted, label, box.width_mm, height_mm, unit_mm)
        marks: list[Mark] = []
        gap = _GAP * unit_mm
        top, bottom = box.y_mm, box.bottom_mm
        for one in (one for one in chosen if one.line.place == "top"):
            marks += self._draw(one, box, top, align)
            top += one.height_mm + DESCENT * one.fitted.size_mm + gap
        for one in reversed([one for one in chosen if one.line.place == "bottom"]):
            if bottom < box.bottom_mm:
                bottom -= DESCENT * one.fitted.size_mm
            marks += self._draw(one, box, bottom - one.height_mm, align)
            bottom -= one.height_mm + gap
        cautions = tuple(_cautions(wanted, chosen))
        return Column(tuple(marks), top, bottom, cautions)

    def row(self, line: Line, label: Label, box: Box, size_mm: float, align: Align) -> Column:
        """One line whose baseline is the bottom of the box."""
        face = self.fonts.face(bold=line.bold)
        one = _Set(line, face, fit(label.text(line.field), face, size_mm, box.width_mm, 1))
        marks = tuple(self._draw(one, box, box.bottom_mm - one.height_mm, align))
        return Column(marks, box.y_mm, box.bottom_mm, tuple(_cautions([line], [one])))

    def _choose(
        self,
        lines: Sequence[Line],
        label: Label,
        width_mm: float,
        height_mm: float,
        unit_mm: float,
    ) -> list[_Set]:
        chosen: list[_Set] = []
        for kept, factor in _ways(lines):
            chosen = [self._set(line, label, width_mm, unit_mm * factor) for line in kept]
            if _stack_mm(chosen, unit_mm) <= height_mm:
                break
        return chosen

    def _set(self, line: Line, label: Label, width_mm: float, unit_mm: float) -> _Set:
        face = self.fonts.face(bold=line.bold)
        words = label.text(line.field)
        return _Set(line, face, fit(words, face, line.size * unit_mm, width_mm, line.rows))

    def _draw(self, one: _Set, box: Box, top_mm: float, align: Align) -> Iterator[Mark]:
        if one.fitted.right_to_left and align == "left":
            align = "right"
        size = one.fitted.size_mm
        for number, words in enumerate(one.fitted.lines):
            spare = box.width_mm - one.face.width(words) * size
            x = box.x_mm + {"left": 0.0, "centre": spare / 2, "right": spare}[align]
            baseline = top_mm + size * (CAP_HEIGHT + _LEADING * number)
            for run, fallback in one.face.runs(words):
                width = one.face.width(run) * size
                if fallback:
                    yield self._dots(run, fallback, x, baseline, size)
                else:
                    yield Text(x, baseline, size, width, run, one.face)
                x += width

    def _dots(
        self, run: str, font: Fallback, x_mm: float, baseline_mm: float, size_mm: float
    ) -> Grid:
        dots_per_mm = self.dots_per_mm or _RASTER_DOTS_PER_MM
        matrix, baseline = raster(run, font.file, font.index, size_mm * dots_per_mm)
        dot = 1 / dots_per_mm
        return Grid(x_mm, baseline_mm - baseline * dot, dot, dot, matrix)


def _ways(lines: Sequence[Line]) -> Iterator[tuple[list[Line], float]]:
    """What to keep and how large, best first: a little smaller, less, fewer rows, much smaller."""
    kept = list(lines)
    while True:
        for factor in _GLADLY:
            yield list(kept), factor
        optional = [line for line in kept if line.optional]
        tall = [line for line in kept if line.rows > 1]
        if optional:
            kept.remove(optional[-1])
        elif tall:
            kept[kept.index(tall[-1])] = replace(tall[-1], rows=tall[-1].rows - 1)
        else:
            break
    for factor in _RELUCTANTLY:
        yield kept, factor


def _stack_mm(chosen: Sequence[_Set], unit_mm: float) -> float:
    """Height of the whole block, from the first capitals to the last baseline."""
    below = DESCENT * sum(one.fitted.size_mm for one in chosen[:-1])
    return sum(one.height_mm for one in chosen) + below + _GAP * unit_mm * (len(chosen) - 1)


def _cautions(wanted: Sequence[Line], chosen: Sequence[_Set]) -> Iterator[str]:
    shown = {one.line.field for one in chosen}
    for line in wanted:
        if line.field not in shown:
            yield f"There is no room for the {_NAMES[line.field]} on this label"
    for one in chosen:
        if one.fitted.shortened:
            yield f"The {_NAMES[one.line.field]} is shortened to fit"
        if one.fitted.missing:
            yield (
                f"No font on this computer can draw {' '.join(one.fitted.missing)}; "
                "install one that can, such as Noto Sans CJK (Debian package fonts-noto-cjk)"
            )
