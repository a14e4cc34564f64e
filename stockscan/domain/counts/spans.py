"""A time cut into weeks or months, so that a trend can be seen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

# A trend of more points than this goes by month.
MOST_WEEKS: Final = 27
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """A week or a month, both days in it."""

    first: date
    last: date
    is_week: bool

    @property
    def name(self) -> str:
        """As a chart names it: "W47", "Nov 2025"."""
        if self.is_week:
            return f"W{self.first.isocalendar().week}"
        return f"{self.first:%b %Y}"


def spans(first: date, last: date) -> list[Span]:
    """The whole weeks (Monday to Sunday) or, of a longer time, months from `first` to `last`."""
    if (last - first) <= MOST_WEEKS * _WEEK:
        return _weeks(first, last)
    return months(first, last)


def _weeks(first: date, last: date) -> list[Span]:
    monday, found = first - timedelta(days=first.weekday()), []
    while monday <= last:
        found.append(Span(monday, monday + timedelta(days=6), is_week=True))
        monday += _WEEK
    return found


def months(first: date, last: date) -> list[Span]:
    """The whole months from the one with `first` to the one with `last`."""
    start, found = first.replace(day=1), []
    while start <= last:
        following = (start + timedelta(days=31)).replace(day=1)
        found.append(Span(start, following - timedelta(days=1), is_week=False))
        start = following
    return found
