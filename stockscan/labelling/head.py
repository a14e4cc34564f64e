"""What a printer's dots allow: modules and bars that it can draw, and readers can read."""

import math
from dataclasses import dataclass

from stockscan.labelling.errors import LabelTooSmall

GOOD_MODULE_MM = 0.40
SMALLEST_MODULE_MM = 0.25
SMALLEST_MODULE_DOTS = 3
THINNEST_BAR_MM = 0.25

_NEARLY = 1e-6


@dataclass(frozen=True, slots=True)
class Head:
    """The print head, as far as it is known: its dots limit how fine a symbol may be.

    Where it `snaps`, every module and bar takes whole dots: the drawing is printed dot by dot.
    """

    dots_per_mm: float | None = None
    snaps: bool = True

    @property
    def is_dotted(self) -> bool:
        """Whether the drawing is made of this head's dots."""
        return self.dots_per_mm is not None and self.snaps

    def whole(self, length_mm: float) -> float:
        """The length rounded down to whole dots, where it snaps."""
        if self.dots_per_mm is None or not self.snaps:
            return length_mm
        return math.floor(length_mm * self.dots_per_mm + _NEARLY) / self.dots_per_mm

    @property
    def thinnest_bar_mm(self) -> float:
        """The thinnest bar that handheld scanners read."""
        if self.dots_per_mm is None or not self.snaps:
            return THINNEST_BAR_MM
        return math.ceil(THINNEST_BAR_MM * self.dots_per_mm - _NEARLY) / self.dots_per_mm

    def module_mm(self, largest_mm: float) -> float:
        """The largest module up to this size. Raises LabelTooSmall."""
        module = self.whole(largest_mm)
        dots = module * self.dots_per_mm if self.dots_per_mm else SMALLEST_MODULE_DOTS
        if dots < SMALLEST_MODULE_DOTS - _NEARLY:
            raise LabelTooSmall(
                f"the code would have {max(0, dots):.3g} printer dots a module, at least"
                f" {SMALLEST_MODULE_DOTS} are needed: choose a larger label or a finer printer"
            )
        if module < SMALLEST_MODULE_MM - _NEARLY:
            raise LabelTooSmall(
                f"the code would have modules of {max(0, module):.2f} mm, at least"
                f" {SMALLEST_MODULE_MM:.2f} mm are needed: choose a larger label"
            )
        return module


ANY_HEAD = Head()
