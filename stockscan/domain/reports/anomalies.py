"""Parts whose use jumped or dropped: some months against the months before them.

Usual is the mean of the months before: it also fits parts that are used now and then, for which a
median would be nothing.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from stockscan.domain.figures import divide, times
from stockscan.domain.reports.peers import WHOLE_BP, Limits


class Way(StrEnum):
    """Which way a part's use went."""

    MORE = "more"
    LESS = "less"


class Anomaly(NamedTuple):
    """What was used, what is usual (thousandths), and what the difference cost (1/10,000)."""

    way: Way
    used_milli: int
    usual_milli: int
    apart_e4: int

    @property
    def ratio_bp(self) -> int | None:
        """How many times the usual; None where nothing is usual."""
        return divide(self.used_milli * WHOLE_BP, self.usual_milli) if self.usual_milli else None


def anomaly(
    used_milli: Sequence[int], before_milli: Sequence[int], cost_e4: int, limits: Limits
) -> Anomaly | None:
    """What is odd about the use of some months; None for nothing.

    It is odd when it is the limit's ratio of what is usual in as many months, or what is usual is
    that of it, and the difference is worth enough. Without a month before nothing is usual.
    """
    if not before_milli:
        return None
    used = sum(used_milli)
    usual = divide(sum(before_milli) * len(used_milli), len(before_milli))
    apart_e4 = times(used - usual, cost_e4)
    if abs(apart_e4) < max(limits.least_e4, 1):
        return None
    if used * WHOLE_BP >= limits.ratio_bp * usual:
        return Anomaly(Way.MORE, used, usual, apart_e4)
    if usual * WHOLE_BP >= limits.ratio_bp * used:
        return Anomaly(Way.LESS, used, usual, apart_e4)
    return None
