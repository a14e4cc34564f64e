"""How right the books were: accuracy by records, units and value, never netted; shrink apart."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

# Shares are whole basis points: 9_740 is 97.4 %.
WHOLE: Final = 10_000
# Below this many records a share alone says too little.
FEW: Final = 50

# The quantile of the normal distribution for 95 %.
_Z: Final = Decimal("1.959964")


@dataclass(frozen=True, slots=True)
class Measured:
    """What the first blind counts of some records found, added up.

    Of `records` keys the books were `exact` for some and `within` the tolerance of their class for
    some more (those that are exact are within it too). `off_milli` adds up how far off each was,
    whichever way, of the `book_milli` that were booked (below zero counts as much as above). In
    money, frozen when it was counted: what was there and not booked (`over_e4`), what was booked
    and not there (`short_e4`, 0 or more), of a book of `book_e4`.
    """

    records: int
    exact: int
    within: int
    off_milli: int
    book_milli: int
    over_e4: int
    short_e4: int
    book_e4: int

    @property
    def records_bp(self) -> int | None:
        """Records whose book was exactly right, of all; None where none was counted."""
        return _share(self.exact, self.records)

    @property
    def within_bp(self) -> int | None:
        """Records whose book was right within tolerance, of all; None where none was counted."""
        return _share(self.within, self.records)

    @property
    def units_bp(self) -> int | None:
        """`max(0, 1 - Σ|v| / Σ|book|)`; of an empty book 1 if nothing was found, else 0."""
        return self._right(self.off_milli, self.book_milli)

    @property
    def value_bp(self) -> int | None:
        """The same in money."""
        return self._right(self.over_e4 + self.short_e4, self.book_e4)

    @property
    def shrink_e4(self) -> int:
        """The net of what was found and what was missing; below zero for a loss. No accuracy."""
        return self.over_e4 - self.short_e4

    @property
    def likely_bp(self) -> tuple[int, int] | None:
        """Between which shares `records_bp` lies with 95 % certainty, where records are few.

        The interval of E. B. Wilson (JASA 22, 1927), which holds for few and for extreme shares.
        None for 50 records and more, and for none.
        """
        if not 0 < self.records < FEW:
            return None
        return wilson(self.exact, self.records)

    def misses(self, target_bp: int) -> bool:
        """Whether the books were less right than aimed at; few records must leave no doubt."""
        if self.records_bp is None:
            return False
        return (self.likely_bp[1] if self.likely_bp else self.records_bp) < target_bp

    def _right(self, off: int, book: int) -> int | None:
        if not self.records:
            return None
        if book == 0:
            return 0 if off else WHOLE
        return max(0, book - off) * WHOLE // book


NOTHING: Final = Measured(0, 0, 0, 0, 0, 0, 0, 0)


def wilson(hits: int, number: int) -> tuple[int, int]:
    """The 95 % interval of a share of `hits` of `number` (1 or more), widened to basis points."""
    exact = Context(prec=28)
    share, square = Decimal(hits) / number, _Z * _Z
    middle = share + square / (2 * number)
    spread = _Z * exact.sqrt((share * (1 - share) + square / (4 * number)) / number)
    scale = WHOLE / (1 + square / number)
    low = ((middle - spread) * scale).to_integral_value(ROUND_FLOOR)
    high = ((middle + spread) * scale).to_integral_value(ROUND_CEILING)
    return max(0, int(low)), min(WHOLE, int(high))


def _share(part: int, whole: int) -> int | None:
    """Rounded down: 100 % is said of what is all right, and of nothing else."""
    return part * WHOLE // whole if whole else None
