"""How much an asset is used: how long it was out of a period, and how long it stood idle."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from stockscan.domain.figures import MICRO, divide

DAY_US: Final = 86_400 * MICRO


class Interval(NamedTuple):
    """A time in somebody's hands; `end_us` is None while it lasts."""

    start_us: int
    end_us: int | None


@dataclass(frozen=True, slots=True)
class Use:
    """How long something was out of the time it was there; of several things, the sums."""

    out_us: int
    there_us: int

    @property
    def days_out(self) -> int:
        """Whole days, rounded half up."""
        return divide(self.out_us, DAY_US)

    @property
    def days_idle(self) -> int:
        """What is left of the days it was there."""
        return divide(self.there_us, DAY_US) - self.days_out

    @property
    def percent(self) -> int:
        """The share of the time that it was out; 0 for what was not there yet."""
        return divide(100 * self.out_us, self.there_us) if self.there_us else 0


def use(intervals: Iterable[Interval], start_us: int, end_us: int) -> Use:
    """How much of a period lies within the intervals; what they share counts once."""
    out_us, reached_us = 0, start_us
    for interval in sorted(intervals, key=lambda interval: interval.start_us):
        until_us = end_us if interval.end_us is None else min(interval.end_us, end_us)
        from_us = max(interval.start_us, reached_us)
        out_us += max(until_us - from_us, 0)
        reached_us = max(reached_us, until_us)
    return Use(out_us, max(end_us - start_us, 0))
