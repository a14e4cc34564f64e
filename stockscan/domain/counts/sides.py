"""On which side of a count a movement lies: the likely answer, and the cut that answers make."""

from enum import StrEnum


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
