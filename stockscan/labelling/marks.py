"""What all writers draw: cells on a grid and text, in mm from the label's top left corner."""

from dataclasses import dataclass
from typing import Literal

from stockscan.labelling.fonts import Face
from stockscan.labelling.spec import Symbol
from stockscan.labelling.symbols import Matrix

Align = Literal["left", "centre", "right"]
SOLID = Matrix((b"\x01",))


@dataclass(frozen=True, slots=True)
class Grid:
    """Black cells: a symbol, bars, a rule, the logo, or text of a font that cannot be embedded.

    What is `shared` stands on many labels of a print; a writer may keep it once.
    """

    x_mm: float
    y_mm: float
    cell_width_mm: float
    cell_height_mm: float
    matrix: Matrix
    shared: bool = False

    @property
    def width_mm(self) -> float:
        return self.cell_width_mm * self.matrix.width

    @property
    def height_mm(self) -> float:
        return self.cell_height_mm * self.matrix.height


@dataclass(frozen=True, slots=True)
class Text:
    """One run of text in visual order; `x_mm` is its left edge, `size_mm` the font's size."""

    x_mm: float
    baseline_mm: float
    size_mm: float
    text: str
    face: Face

    @property
    def width_mm(self) -> float:
        return self.face.width(self.text) * self.size_mm


Mark = Grid | Text


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the label in mm."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        return self.y_mm + self.height_mm


@dataclass(frozen=True, slots=True)
class Drawing:
    """One finished label as it is read; the writers add nothing of their own."""

    width_mm: float
    height_mm: float
    corner_radius_mm: float
    marks: tuple[Mark, ...]
    symbol: Symbol
    module_mm: float  # of the symbol
    cautions: tuple[str, ...]  # the same words for every label they meet
    left_out: tuple[str, ...] = ()  # the names of fields that there was no room for
