"""How far a count may lie off before a person must look at it."""

import json
from dataclasses import dataclass

from stockscan.domain.figures import times


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a count may lie off before a person must look at it.

    Percentages are in basis points of the book quantity per ABC class; `value_e4` of None means
    no limit by value.
    """

    absolute_milli: int = 0
    basis_points: tuple[tuple[str, int], ...] = (("A", 100), ("B", 300), ("C", 500))
    value_e4: int | None = None

    def allows(
        self, *, variance_milli: int, book_milli: int, cost_e4: int, abc_class: str = "C"
    ) -> bool:
        """Whether `|v| <= max(abs, pct * |book|)` and `|v| * cost <= value` (when set)."""
        points = dict(self.basis_points)
        share = points.get(abc_class, points.get("C", 0))
        off = abs(variance_milli)
        within = off <= self.absolute_milli or off * 10_000 <= share * abs(book_milli)
        if self.value_e4 is None:
            return within
        return within and abs(times(off, cost_e4)) <= self.value_e4

    def to_json(self) -> str:
        """The tolerance as a count keeps it."""
        return json.dumps(
            {
                "absolute_milli": self.absolute_milli,
                "basis_points": dict(self.basis_points),
                "value_e4": self.value_e4,
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> "Tolerance":
        """The tolerance that a count kept; what it does not say is as by default."""
        kept = json.loads(text)
        points = kept.get("basis_points")
        return cls(
            absolute_milli=kept.get("absolute_milli", 0),
            basis_points=tuple(sorted(points.items())) if points else cls().basis_points,
            value_e4=kept.get("value_e4"),
        )
