"""Quarters of the year, as budgets and reviews cut time."""

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from stockscan.domain.errors import Invalid
from stockscan.domain.reports.months import month_at

_QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")


class Quarter(NamedTuple):
    """Three months of a year, counted from 1."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As people say it: "Q3 2026"."""
        return f"Q{self.number} {self.year}"

    @property
    def text(self) -> str:
        """As an address says it: "2026-Q3"."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Quarter":
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The one before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def months(self) -> list[int]:
        """Its three months by their numbers."""
        first = month_at(self.first)
        return [first, first + 1, first + 2]


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter:
    """The quarter that "2026-Q3" names. Raises `Invalid`."""
    found = _QUARTER.fullmatch(text.strip().upper())
    if not found or not 1971 <= int(found[1]) < 2099:
        raise Invalid("Write a quarter like 2026-Q3.", field="quarter")
    return Quarter(int(found[1]), int(found[2]))
