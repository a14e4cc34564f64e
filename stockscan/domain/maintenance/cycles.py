"""Days that come again: each so many days, weeks, months or years after a first one."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """What a cycle is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Cycle(NamedTuple):
    """So many units, again and again."""

    every: int
    unit: Unit

    def after(self, start: date, times: int) -> date:
        """The day that many cycles after `start`.

        A month without the day of the start ends earlier: a month after 31 January is the last of
        February, two months after it 31 March.
        """
        number = self.every * times
        if self.unit in {Unit.DAY, Unit.WEEK}:
            return start + timedelta(days=number * self._days)
        return _months_later(start, number * self._months)

    def next(self, start: date, day: date) -> date:
        """The first of `start` and what comes each cycle after it that lies behind `day`."""
        if day < start:
            return start
        if self.unit in {Unit.DAY, Unit.WEEK}:
            times = (day - start).days // (self.every * self._days)
        else:
            months = (day.year - start.year) * 12 + day.month - start.month
            times = max(months // (self.every * self._months) - 1, 0)
        while (found := self.after(start, times)) <= day:
            times += 1
        return found

    @property
    def _days(self) -> int:
        return 7 if self.unit == Unit.WEEK else 1

    @property
    def _months(self) -> int:
        return 12 if self.unit == Unit.YEAR else 1


def _months_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
