"""What a thing is still worth on paper: straight-line depreciation by whole months.

Each month of the life takes the same share of what the thing cost less what it will still fetch.
Formula: straight-line method of any accounting textbook.
"""

from datetime import date

from stockscan.domain.figures import divide


def book_value(
    *, cost_minor: int, salvage_minor: int, life_months: int, bought: date, today: date
) -> int:
    """Cost less depreciation so far, in minor units; never below the salvage value.

    Where the salvage value is above the cost, nothing is written off.
    """
    months = min(max(months_between(bought, today), 0), life_months)
    written_off = max(cost_minor - salvage_minor, 0)
    return cost_minor - divide(written_off * months, life_months)


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; the month counts once its day is reached."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
