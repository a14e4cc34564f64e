"""Days within a query: of an instant where the server stands, as `figures.day_of`, or of a date."""

from datetime import timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from stockscan.domain.figures import MICRO, from_us
from stockscan.store.db import Big

# Clocks are looked at from 2000 to 2040; outside of that they stand as at its ends.
_FIRST_S: Final = 946_684_800
_LAST_S: Final = 2_208_988_800
_WEEK_S: Final = 7 * 86_400
_DAY_US: Final = 86_400 * MICRO


class day_number(GenericFunction[int]):  # noqa: N801 - it reads as the function that it is
    """Days from 1970 to a date."""

    type = Big
    inherit_cache = True


@compiles(day_number)
def _day_number(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **more)}) - 2440587.5 AS INTEGER)"


@compiles(day_number, "postgresql")
def _day_number_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"(({compiler.process(element.clauses, **more)}) - DATE '1970-01-01')"


class Turn(NamedTuple):
    """From an instant on clocks are so much ahead of UTC."""

    from_us: int
    ahead_us: int


def local_day(instant_us: Any) -> Any:
    """Days from 1970 to the day of the instant in a column."""
    first, *later = turns()
    ahead_us: Any = first.ahead_us
    if later:
        newest = [(instant_us >= turn.from_us, literal(turn.ahead_us, Big)) for turn in later[::-1]]
        ahead_us = case(*newest, else_=ahead_us)
    return (instant_us + ahead_us) // _DAY_US


@cache
def turns() -> tuple[Turn, ...]:
    """When clocks are turned where the server stands, the oldest first."""
    found = [Turn(0, _ahead_us(_FIRST_S))]
    for week_s in range(_FIRST_S, _LAST_S, _WEEK_S):
        end_s = week_s + _WEEK_S
        if _ahead_us(end_s) != found[-1].ahead_us:
            found.append(Turn(_turned_s(week_s, end_s) * MICRO, _ahead_us(end_s)))
    return tuple(found)


def _turned_s(before_s: int, after_s: int) -> int:
    """The first second from which clocks stand as at the later of two."""
    while after_s - before_s > 1:
        middle_s = (before_s + after_s) // 2
        is_after = _ahead_us(middle_s) == _ahead_us(after_s)
        before_s, after_s = (before_s, middle_s) if is_after else (middle_s, after_s)
    return after_s


def _ahead_us(at_s: int) -> int:
    ahead = from_us(at_s * MICRO).astimezone().utcoffset() or timedelta()
    return int(ahead.total_seconds()) * MICRO
