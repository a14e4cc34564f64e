"""How reports ask for a time: the usual lengths as segments, any months as fields."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

from stockscan.domain.company import read_whole
from stockscan.domain.errors import Invalid
from stockscan.domain.reports.months import month_at, month_text
from stockscan.web.reports.shape import Ask, Way

# The names of the filters.
TIME: Final = ("from", "to")
LENGTHS: Final = {"3 months": 3, "12 months": 12, "36 months": 36}
USUAL_LENGTH: Final = 12

ASKS: Final = (
    Ask("from", "From month", "2026-01", kind="month"),
    Ask("to", "To month", "2026-12", kind="month"),
)


def lengths(today: date) -> list[Way]:
    """The last few months, this one included, as segments."""
    return [Way(name, {"from": since(today, many), "to": ""}) for name, many in LENGTHS.items()]


def usual(today: date) -> dict[str, str]:
    """What holds where no month is asked for."""
    return {"from": since(today, USUAL_LENGTH), "to": ""}


def since(today: date, many: int) -> str:
    """The first of so many months that end with this one."""
    return month_text(month_at(today) - many + 1)


def ledger(months: tuple[str, str], **narrowed: str) -> str:
    """The rows of the ledger behind a number of these months."""
    return f"/reports/ledger?{urlencode({'from': months[0], 'to': months[1], **narrowed})}"


def whole(raw: str, field: str) -> int:
    """The whole number that a filter asks for, 0 for none. Raises `Invalid` that names it."""
    if not raw:
        return 0
    number = read_whole(raw)
    if number is None:
        raise Invalid("Write a whole number of days.", field=field)
    return number
