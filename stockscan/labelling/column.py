"""The text block of a label: lines from the top, lines from the bottom, nothing overlaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stockscan.labelling.emblem import emblem
from stockscan.labelling.fonts import (
    ACCENT,
    CAP_HEIGHT,
    DESCENT,
    GLYPH_PX,
    Face,
    Fallback,
    Fonts,
    glyph,
    raster,
)
from stockscan.labelling.head import ANY_HEAD, Head
from stockscan.labelling.marks import Align, Box, Grid, Mark, Text
from stockscan.labelling.scripts import advice
from stockscan.labelling.spec import Field, Label, Line
from stockscan.labelling.symbols import Matrix
from stockscan.labelling.text import Fitted, fit

_LEADING = 1.16  # from baseline to baseline within one field
_GAP = 0.055  # of the unit, between two fields
_LOGO_IN_ROW = 0.68  # of the row's height
_RASTER_DOTS_PER_MM = 24  # finer than the eye and most printers
_SMALLEST = 0.75  # of the size that the layout asks; what is huge may become usual before that
_USUAL_SIZE = 0.17
_READABLE_MM = 1.5  # nothing is set smaller while there is a line that can be left out
_GLADLY = (1.0, 0.95, 0.9, 0.85)  # of the size that the layout asks
_RATHER = (0.8, 0.75)  # than a row less, which often is an ellipsis
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
    "words": "text of your own",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Where a column goes; sizes of lines are shares of `unit_mm`, `reserve_mm` is for bars.

    `centred` puts the upper lines in the middle of the height that the lower ones leave. Accents of
    the first line may stand out by `above_mm`, the tails of the last one by `below_mm`.
    """

    box: Box
    unit_mm: float
    align: Align = "left"
    reserve_mm: float = 0.0
    centred: bool = False
    above_mm: float = 0.0
    below_mm: float = 0.0

    def inside(self, lines: Sequence["_Set"]) -> Box:
        """From the capitals' top to the last baseline: lower where accents and tails need room."""
        if not lines:
            return self.box
        accents_mm = max(0.0, lines[0].above_mm - self.above_mm)
        tails_mm = max(0.0, lines[-1].below_mm - self.below_mm)
        top_mm, height_mm = self.box.y_mm + accents_mm, self.box.height_mm - accents_mm - tails_mm
        return replace(self.box, y_mm=top_mm, height_mm=height_mm)


@dataclass(frozen=True, slots=True)
class Column:
    """The drawn block, the free band between its upper and its lower lines, what had no room."""

    marks: tuple[Mark, ...]
    free_top_mm: float
    free_bottom_mm: float
    cautions: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """A line of the layout with its words, set in type."""

    line: Line
    face: Face
    fitted: Fitted
    head: Head

    @property
    def height_mm(self) -> float:
        """From the capitals' top to the last baseline."""
        return self.fitted.size_mm * (CAP_HEIGHT + _LEADING * (len(self.fitted.lines) - 1))

    @property
    def above_mm(self) -> float:
        return ACCENT * self.fitted.size_mm

    @property
    def below_mm(self) -> float:
        return DESCENT * self.fitted.size_mm

    def draw(self, box: Box, top_mm: float, align: Align) -> Iterator[Mark]:
        if self.fitted.right_to_left and align == "left":
            align = "right"
        size = self.fitted.size_mm
        for number, words in enumerate(self.fitted.lines):
            x_mm = box.x_mm
            if align != "left":
                x_mm = _start_mm(box, self.face.width(words) * size, align)
            baseline = top_mm + size * (CAP_HEIGHT + _LEADING * number)
            yield from self._runs(words, x_mm, baseline)

    def _runs(self, words: str, x_mm: float, baseline_mm: float) -> Iterator[Mark]:
        size = self.fitted.size_mm
        for run, fallback in self.face.runs(words):
            if not fallback:
                yield Text(x_mm, baseline_mm, size, run, self.face)
            elif fallback.shaping or self.head.is_dotted:
                yield self._dots(run, fallback, x_mm, baseline_mm)
            else:
                yield from self._glyphs(run, fallback, x_mm, baseline_mm)
            if run != words:
                x_mm += self.face.width(run) * size

    def _dots(self, run: str, font: Fallback, x_mm: float, baseline_mm: float) -> Grid:
        dots_per_mm = self.head.dots_per_mm if self.head.is_dotted else None
        dot = 1 / (dots_per_mm or _RASTER_DOTS_PER_MM)
        matrix, baseline = raster(
            run, font.file, font.index, self.fitted.size_mm / dot, font.shaping
        )
        return Grid(x_mm, baseline_mm - baseline * dot, dot, dot, matrix)

    def _glyphs(self, run: str, font: Fallback, x_mm: float, baseline_mm: float) -> Iterator[Grid]:
        """Each character by itself, so that a file holds it once."""
        dot = self.fitted.size_mm / GLYPH_PX
        for character in run:
            matrix, baseline = glyph(character, font.file, font.index)
            yield Grid(x_mm, baseline_mm - baseline * dot, dot, dot, matrix, shared=True)
            x_mm += self.face.width(character) * self.fitted.size_mm

    def cautions(self) -> Iterator[str]:
        if self.fitted.shortened:
            yield f"The {_NAMES[self.line.field]} is shortened to fit"
        yield from advice(self.fitted.missing)


@dataclass(frozen=True, slots=True)
class _Logo:
    """The company's logo where its name would stand."""

    line: Line
    grid: Grid
    above_mm: float = 0.0
    below_mm: float = 0.0

    @property
    def height_mm(self) -> float:
        return self.grid.height_mm

    def draw(self, box: Box, top_mm: float, align: Align) -> Iterator[Mark]:
        yield replace(self.grid, x_mm=_start_mm(box, self.grid.width_mm, align), y_mm=top_mm)

    def cautions(self) -> Iterator[str]:
        yield from ()


_Set = _Words | _Logo


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets lines in `fonts` for a print head; `logo` stands where the company's name would."""

    fonts: Fonts
    head: Head = ANY_HEAD
    logo: Matrix | None = None

    def has(self, line: Line, label: Label) -> bool:
        """Whether there is anything to set in this line."""
        return bool(label.text(line.field).strip()) or self._is_logo(line)

    def column(self, lines: Sequence[Line], label: Label, block: Block) -> Column:
        """Fill a block; optional lines go first when it is low, then rows, then size."""
        chosen = self._choose(lines, label, block)
        box, gap = block.inside(chosen), _GAP * block.unit_mm
        lower: list[Mark] = []
        bottom = box.bottom_mm
        for one in reversed([one for one in chosen if one.line.place == "bottom"]):
            if bottom < box.bottom_mm:
                bottom -= one.below_mm
            lower += one.draw(box, bottom - one.height_mm, block.align)
            bottom -= one.height_mm + gap
        upper = [one for one in chosen if one.line.place == "top"]
        top = box.y_mm
        if block.centred:
            height = _stack_mm(upper, block.unit_mm)
            top += max(0, (bottom - block.reserve_mm - top - height) / 2)
        marks: list[Mark] = []
        for one in upper:
            marks += one.draw(box, top, block.align)
            top += one.height_mm + one.below_mm + gap
        cautions = tuple(caution for one in chosen for caution in one.cautions())
        return Column((*marks, *lower), top, bottom, cautions, _left_out(lines, chosen))

    def row(self, line: Line, label: Label, box: Box, size_mm: float, align: Align) -> Column:
        """One line in the middle of the box; words that had to shrink keep its baseline."""
        one: _Set
        middle_mm = box.y_mm + box.height_mm / 2
        if self.logo and self._is_logo(line):
            height_mm = _LOGO_IN_ROW * box.height_mm
            one = _Logo(line, emblem(self.logo, height_mm, box.width_mm, self.head))
            top_mm = middle_mm - one.height_mm / 2
        else:
            single = replace(line, rows=1)
            one = self._words(single, label, size_mm, _SMALLEST * size_mm, box.width_mm)
            top_mm = middle_mm + CAP_HEIGHT / 2 * size_mm - one.height_mm
        marks = tuple(one.draw(box, top_mm, align))
        return Column(marks, box.y_mm, box.bottom_mm, tuple(one.cautions()))

    def _choose(self, lines: Sequence[Line], label: Label, block: Block) -> list[_Set]:
        chosen: list[_Set] = []
        width_mm = block.box.width_mm
        for kept, factor in _ways(lines):
            unit_mm = block.unit_mm * factor
            readable_mm = _READABLE_MM * min(1, factor / _GLADLY[-1])
            chosen = [self._set(line, label, width_mm, unit_mm, readable_mm) for line in kept]
            height_mm = block.inside(chosen).height_mm - block.reserve_mm
            if _stack_mm(chosen, block.unit_mm) <= height_mm:
                break
        return chosen

    def _set(
        self, line: Line, label: Label, width_mm: float, unit_mm: float, readable_mm: float
    ) -> _Set:
        if self.logo and self._is_logo(line):
            return _Logo(line, emblem(self.logo, line.size * unit_mm, width_mm, self.head))
        size_mm = max(line.size * unit_mm, readable_mm)
        least_mm = _SMALLEST * max(min(line.size, _USUAL_SIZE) * unit_mm, readable_mm)
        return self._words(line, label, size_mm, least_mm, width_mm)

    def _words(
        self, line: Line, label: Label, size_mm: float, least_mm: float, width_mm: float
    ) -> _Words:
        face = self.fonts.face(bold=line.bold)
        words = label.text(line.field)
        return _Words(
            line, face, fit(words, face, size_mm, width_mm, line.rows, least_mm), self.head
        )

    def _is_logo(self, line: Line) -> bool:
        return line.field == "company" and self.logo is not None


def _start_mm(box: Box, width_mm: float, align: Align) -> float:
    spare = box.width_mm - width_mm
    return box.x_mm + {"left": 0.0, "centre": spare / 2, "right": spare}[align]


def _ways(lines: Sequence[Line]) -> Iterator[tuple[list[Line], float]]:
    """What to keep and how large, best first: a little smaller, less, fewer rows, much smaller."""
    kept = list(lines)
    while True:
        # What somebody typed for this print goes last.
        optional = sorted((line for line in kept if line.optional), key=_is_typed, reverse=True)
        tall = [line for line in kept if line.rows > 1]
        for factor in _GLADLY if optional or not tall else (*_GLADLY, *_RATHER):
            yield list(kept), factor
        if optional:
            kept.remove(optional[-1])
        elif tall:
            kept[kept.index(tall[-1])] = replace(tall[-1], rows=tall[-1].rows - 1)
        else:
            break
    for factor in _RELUCTANTLY:
        yield kept, factor


def _is_typed(line: Line) -> bool:
    return line.field == "words"


def _stack_mm(chosen: Sequence[_Set], unit_mm: float) -> float:
    """Height of the whole block, from the first capitals to the last baseline."""
    below = sum(one.below_mm for one in chosen[:-1])
    return sum(one.height_mm for one in chosen) + below + _GAP * unit_mm * (len(chosen) - 1)


def _left_out(wanted: Sequence[Line], chosen: Sequence[_Set]) -> tuple[str, ...]:
    shown = {one.line.field for one in chosen}
    return tuple(_NAMES[line.field] for line in wanted if line.field not in shown)
