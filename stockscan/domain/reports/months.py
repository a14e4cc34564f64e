"""Months as whole numbers, year x 12 + month - 1, in UTC: so that sums of the ledger are kept."""

import re
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import to_us

# Later than any month that anything moved in.
LAST: Final = 2100 * 12
_DAY_US: Final = 86_400_000_000
# From 1 March 1968, where a cycle of leap years ends, to 1 January 1970; and that month's number.
_SHIFT_DAYS: Final = 671
_MARCH_1968: Final = 1968 * 12 + 2
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def month_of(moment_us: Any) -> Any:
    """The month of a moment from 1970 to February 2100; of a column, the expression of it.

    Years begin in March, so that the odd day is their last: then months are 153 days to every
    five, and years 1461 to every four. Whole numbers only, the same on every database.
    """
    days = moment_us // _DAY_US + _SHIFT_DAYS
    year = (4 * days + 3) // 1461
    day = days - 1461 * year // 4
    return _MARCH_1968 + 12 * year + (5 * day + 2) // 153


def month_at(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def begins_us(month: int) -> int:
    """The moment at which a month begins, in UTC."""
    return to_us(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC))


def month_name(month: int) -> str:
    """As charts name it: "Nov 25"."""
    return f"{first_day(month):%b %y}"


def month_text(month: int) -> str:
    """As addresses and files have it: "2025-11"."""
    return f"{first_day(month):%Y-%m}"


def read_month(raw: str, *, field: str) -> int:
    """The month that "2025-11" means. Raises `Invalid` for anything else."""
    found = _MONTH.fullmatch(raw.strip())
    if not found or not 1970 <= int(found[1]) < 2100:
        raise Invalid("Write each month like 2026-11.", field=field)
    return int(found[1]) * 12 + int(found[2]) - 1


class Months(NamedTuple):
    """The months from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def from_us(self) -> int:
        """When the first one begins."""
        return begins_us(self.first)

    @property
    def until_us(self) -> int:
        """When the last one is over."""
        return begins_us(self.last + 1)
