"""What becomes of a record after one or more people counted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What to do next with a record: book it, wait for a count, order another, ask a person."""

    ACCEPT = "accept"
    WAIT = "wait"
    RECOUNT = "recount"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One count of a record: how far off the books were at that moment, and if that may pass.

    Variances are compared, never the counted numbers: parts may move between two counts.
    """

    variance_milli: int
    acceptable: bool


def judge(attempts: Sequence[Attempt], *, counters: int = 1, most: int = 2) -> Verdict:
    """The verdict after these attempts, oldest first.

    `counters` people count on their own: until all have, the record waits; then they must agree,
    or all be acceptable. Afterwards the newest attempt is accepted if it may pass. Two attempts
    that agree need no third: a person decides. So it is when `most` attempts are used up.
    """
    if len(attempts) < counters:
        return Verdict.WAIT
    newest = attempts[-1]
    agreed = any(attempt.variance_milli == newest.variance_milli for attempt in attempts[:-1])
    passes = newest.acceptable
    if len(attempts) == counters > 1:
        passes = all(attempt.acceptable for attempt in attempts)
    if passes:
        return Verdict.ACCEPT
    if agreed or len(attempts) >= max(most, counters):
        return Verdict.REVIEW
    return Verdict.RECOUNT
