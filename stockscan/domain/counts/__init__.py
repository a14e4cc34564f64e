"""Cycle counts: states, tolerance, sides of a count, and the verdict on a record."""

from stockscan.domain.counts.judging import Attempt, Verdict, judge
from stockscan.domain.counts.sides import Contradiction, Side, cut, likely_side
from stockscan.domain.counts.states import (
    CLOSED,
    ENDED,
    OPEN,
    AuditState,
    LineState,
    SessionState,
)
from stockscan.domain.counts.tolerance import Tolerance
from stockscan.domain.counts.walking import walking_order

__all__ = [
    "CLOSED",
    "ENDED",
    "OPEN",
    "Attempt",
    "AuditState",
    "Contradiction",
    "LineState",
    "SessionState",
    "Side",
    "Tolerance",
    "Verdict",
    "cut",
    "judge",
    "likely_side",
    "walking_order",
]
