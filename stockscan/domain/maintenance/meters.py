"""How fast a meter runs, and when it will show a value."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise
from statistics import median
from typing import Final, NamedTuple

from stockscan.domain.figures import MICRO

# As many of a meter's last readings as its speed follows from.
READINGS: Final = 10
# A meter that stands still is thought to run this slowly, in thousandths a day.
SLOWEST_MILLI: Final = 1
_DAY_US: Final = 86_400 * MICRO


class Reading(NamedTuple):
    """What a meter showed at an instant."""

    at_us: int
    value_milli: int


class Meter(NamedTuple):
    """What a meter showed last and how many thousandths it runs in a day; None is not known yet."""

    on: date
    value_milli: int
    daily_milli: int | None

    def day_of(self, value_milli: int) -> date | None:
        """When it will show this; the day of the reading where it did already, None for unknown."""
        left = value_milli - self.value_milli
        if left <= 0:
            return self.on
        if self.daily_milli is None:
            return None
        days = -(-left // self.daily_milli)
        return self.on + timedelta(days=days) if days <= (date.max - self.on).days else None

    def value_on(self, day: date) -> int:
        """What it will show on a day, in thousandths."""
        return self.value_milli + (self.daily_milli or 0) * max((day - self.on).days, 0)


def daily_milli(readings: Iterable[Reading]) -> int | None:
    """How many thousandths a meter runs in a day, at least 1; None where fewer than two tell.

    The median of the slopes between any two readings (Theil and Sen): a mistyped one turns it
    little. A meter that shows less than before is a new one; what was before that tells nothing.
    """
    told = _since_new(sorted(readings))
    slopes = [
        (later - earlier) * _DAY_US / (later_us - earlier_us)
        for (earlier_us, earlier), (later_us, later) in combinations(told, 2)
        if later_us > earlier_us
    ]
    return max(round(median(slopes)), SLOWEST_MILLI) if slopes else None


def _since_new(readings: list[Reading]) -> list[Reading]:
    pairs = enumerate(pairwise(readings), 1)
    drops = [number for number, (a, b) in pairs if b.value_milli < a.value_milli]
    return readings[drops[-1] :] if drops else readings
