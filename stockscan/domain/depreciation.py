"""What a thing is still worth on paper: straight-line depreciation by whole months.

Each month of the life takes the same share of what the thing cost less what it will still fetch.
Formula: straight-line method of any accounting textbook.
"""

from datetime import date
from typing import NamedTuple

from stockscan.domain.figures import divide


class Plan(NamedTuple):
    """What the book value of a thing follows from; amounts are in minor units."""

    cost_minor: int
    salvage_minor: int | None
    life_months: int
    bought: date

    def value_minor(self, on: date) -> int:
        """What the thing is worth on a day."""
        return book_value(
            cost_minor=self.cost_minor,
            salvage_minor=self.salvage_minor or 0,
            life_months=self.life_months,
            bought=self.bought,
            today=on,
        )


def book_value(
    *, cost_minor: int, salvage_minor: int, life_months: int, bought: date, today: date
) -> int:
    """Cost less depreciation so far, in minor units; never below the salvage value.

    Where the salvage value is above the cost, nothing is written off.
    """
    months = min(max(months_between(bought, today), 0), life_months)
    written_off = max(cost_minor - salvage_minor, 0)
    return cost_minor - divide(written_off * months, life_months)


def year_ends(bought: date, life_months: int) -> list[date]:
    """The day on which each year of a thing's life is full; the last is the end of the life."""
    months = [*range(12, life_months, 12), life_months]
    return [months_after(bought, count) for count in months]


def months_after(start: date, count: int) -> date:
    """The day on which that many months are full: the one from which `months_between` counts them.

    A month without the day is full on the first day after it.
    """
    years, month = divmod(start.month - 1 + count, 12)
    try:
        return date(start.year + years, month + 1, start.day)
    except ValueError:
        return months_after(start.replace(day=1), count + 1)


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; the month counts once its day is reached."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
