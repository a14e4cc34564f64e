"""Cycle counts: variance, tolerance and the states of a line."""

from dataclasses import dataclass
from enum import StrEnum

from stockscan.domain.figures import times


class SessionState(StrEnum):
    """The life of a count session."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    POSTED = "POSTED"
    CANCELLED = "CANCELLED"


class LineState(StrEnum):
    """The life of a counted line; only POSTED lines are anchors."""

    PENDING = "PENDING"
    COUNTING = "COUNTING"
    COUNTED = "COUNTED"
    MATCHED = "MATCHED"
    MOVED_DURING_COUNT = "MOVED_DURING_COUNT"
    NEEDS_RECOUNT = "NEEDS_RECOUNT"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    POSTED = "POSTED"
    REJECTED = "REJECTED"
    NOT_COUNTED = "NOT_COUNTED"
    VOIDED = "VOIDED"


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


class Side(StrEnum):
    """On which side of a count a movement lies."""

    BEFORE = "before"
    AFTER = "after"


def likely_side(*, variance_milli: int, taken_milli: int) -> Side:
    """The answer to preselect for a taking of unknown time: was the count short by that much?"""
    return Side.BEFORE if variance_milli <= -taken_milli else Side.AFTER


class Contradiction(ValueError):
    """The answers put a later movement before and an earlier one after the count."""


def cut(movements: list[tuple[int, Side | None]]) -> tuple[int, bool]:
    """Where a count lies among the movements of its window, from the answers given so far.

    `movements` are in physical order as (effective_us, answer). Returns the number of movements
    that lie before the count and whether that is certain. Unanswered movements between the last
    "before" and the first "after" leave it open; the cut then lies before the first "after".
    Raises `Contradiction` when a "before" follows an "after".
    """
    answers = [answer for _, answer in movements]
    befores = [i for i, answer in enumerate(answers) if answer is Side.BEFORE]
    afters = [i for i, answer in enumerate(answers) if answer is Side.AFTER]
    lowest = befores[-1] + 1 if befores else 0
    highest = afters[0] if afters else len(answers)
    if lowest > highest:
        raise Contradiction
    return highest, lowest == highest
