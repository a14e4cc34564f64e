"""Tables that leave the house: what kind of value each column holds, and how it is written.

Quantities and amounts are decimals, never floats; days and times are ISO 8601, times in UTC, as
the names of their columns say (`..._utc`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from stockscan.domain.figures import E4, MILLI, MINOR, format_cost, format_quantity, iso

JsonValue = str | int | bool | None


class Holds(StrEnum):
    """What the values of a column are, as the store has them.

    A percentage is kept in basis points, a ratio in hundredths.
    """

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    MILLI = "milli"
    MINOR = "minor"
    E4 = "e4"
    PERCENT = "percent"
    RATIO = "ratio"


# The kinds that are decimals, and by how much their integers are larger.
SCALES: Final = {
    Holds.MILLI: MILLI, Holds.MINOR: MINOR, Holds.E4: E4, Holds.PERCENT: 100, Holds.RATIO: 100,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name that its header shows and what it holds."""

    name: str
    holds: Holds = Holds.TEXT


def text_writer(holds: Holds) -> Callable[[Any], str]:
    """How a value of this kind is written as text; nothing is ""."""
    write = _TEXTS[holds]
    return lambda value: "" if value is None else write(value)


def json_writer(holds: Holds) -> Callable[[Any], JsonValue]:
    """How a value of this kind stands in JSON: decimals as texts, so that no reader rounds them."""
    if holds in {Holds.WHOLE, Holds.FLAG}:
        return lambda value: value
    write = _TEXTS[holds]
    return lambda value: None if value is None else write(value)


def decimal(holds: Holds, value: int) -> Decimal:
    """The number behind a scaled integer."""
    return Decimal(value) / SCALES[holds]


def _minor(value: int) -> str:
    return f"{Decimal(value) / MINOR:.2f}"


def _hundredths(value: int) -> str:
    return f"{Decimal(value) / 100:.2f}"


def _flag(value: bool) -> str:  # noqa: FBT001 - a value like any other
    return "yes" if value else "no"


def _day(value: date) -> str:
    return value.isoformat()


_TEXTS: Final[dict[Holds, Callable[[Any], str]]] = {
    Holds.TEXT: str,
    Holds.WHOLE: str,
    Holds.FLAG: _flag,
    Holds.DAY: _day,
    Holds.TIME: iso,
    Holds.MILLI: format_quantity,
    Holds.MINOR: _minor,
    Holds.E4: format_cost,
    Holds.PERCENT: _hundredths,
    Holds.RATIO: _hundredths,
}
