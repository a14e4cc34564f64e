"""Dates of foreign files: ISO, D.M.Y, day or month first, named months and Excel's day numbers.

Only the order of 3/4/2025 is ever open; it is decided by column, and never guessed.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from stockscan.domain.errors import Invalid
from stockscan.domain.importing.cells import Broken

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"
ORDERS: Final = (DAY_FIRST, MONTH_FIRST)

_TIME: Final = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[AaPp][Mm]|Z|[+-]\d{2}:?\d{2})?)?"
_ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_DOTTED: Final = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}|\d{{2}}){_TIME}")
_SLASHED: Final = re.compile(rf"(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}|\d{{2}}){_TIME}")
_DAY_NAMED: Final = re.compile(
    rf"(\d{{1,2}})[ .-]+([A-Za-z]{{3,9}})\.?[ ,-]+(\d{{4}}|\d{{2}}){_TIME}"
)
_NAMED_DAY: Final = re.compile(rf"([A-Za-z]{{3,9}})\.?[ -]+(\d{{1,2}}),?[ -]+(\d{{4}}){_TIME}")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")  # fmt: skip
# Excel's day 60 is a 29 February 1900 that never was; no asset is that old.
_EXCEL_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(14_000, 80_000)
# Two digits of a year: 69 is 1969, 68 is 2068.
_PIVOT: Final = 69
_MONTHS_IN_YEAR: Final = 12


def orders_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The orders in which the dates of a column may be read: none needed, one, or both.

    An empty answer is a column where nothing depends on the order; both is one to ask about.
    """
    first, second, slashed = False, False, False
    for text in texts:
        parts = _SLASHED.fullmatch(text.strip())
        if parts is None or isinstance(text, Broken):
            continue
        slashed = True
        first |= int(parts[1]) > _MONTHS_IN_YEAR
        second |= int(parts[2]) > _MONTHS_IN_YEAR
    if not slashed:
        return ()
    if first != second:
        return (DAY_FIRST,) if first else (MONTH_FIRST,)
    return ORDERS


def is_date(text: str) -> bool:
    """Whether a text looks like a date; day numbers, which look like any number, do not."""
    stripped = text.strip()
    patterns = (_ISO, _DOTTED, _SLASHED, _DAY_NAMED, _NAMED_DAY)
    return any(pattern.fullmatch(stripped) for pattern in patterns)


def as_iso(text: str, order: str) -> str:
    """A date as `2026-11-22`; `order` tells which number of 3/4/2025 is the month.

    Raises `Invalid` for what is no date in that order.
    """
    try:
        found = _read(text.strip(), order)
    except ValueError:
        found = None
    if found is None:
        how = "month/day/year" if order == MONTH_FIRST else "day/month/year"
        message = f"{text[:40]!r} is no date. Write it like 2026-11-22, or as {how}."
        raise Invalid(message, code="bad_date")
    return found.isoformat()


def _read(text: str, order: str) -> date | None:
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        return _EXCEL_ZERO + timedelta(days=int(float(text)))
    return _numbered(text, order) or _named(text)


def _numbered(text: str, order: str) -> date | None:
    if parts := _ISO.fullmatch(text):
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    if parts := _DOTTED.fullmatch(text):
        return date(_year(parts[3]), int(parts[2]), int(parts[1]))
    if parts := _SLASHED.fullmatch(text):
        day, month = (parts[2], parts[1]) if order == MONTH_FIRST else (parts[1], parts[2])
        return date(_year(parts[3]), int(month), int(day))
    return None


def _named(text: str) -> date | None:
    if parts := _DAY_NAMED.fullmatch(text):
        return date(_year(parts[3]), _month(parts[2]), int(parts[1]))
    if parts := _NAMED_DAY.fullmatch(text):
        return date(int(parts[3]), _month(parts[1]), int(parts[2]))
    return None


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) > 2:
        return number
    return number + (1900 if number >= _PIVOT else 2000)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1
