"""Quantities in thousandths, money in 1/10,000, times in microseconds: parsed and shown here only.

Floats never carry a quantity or an amount: sums of floats drift, sums of integers do not.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from stockscan.domain.errors import Invalid

MILLI: Final = 1000
E4: Final = 10_000
MINOR: Final = 100
MICRO: Final = 1_000_000
# One minor unit of money in 1/10,000.
MINOR_E4: Final = E4 // MINOR

# Units of things that are counted one by one: half of one can't be taken or counted.
WHOLE_UNITS: Final = frozenset(
    {"ea", "each", "kit", "kits", "pair", "pairs", "pc", "pce", "pcs", "piece", "pieces", "set",
     "sets", "unit", "units"}
)  # fmt: skip

# A decimal comma is fine, but three digits behind one may mean thousands: nobody should guess.
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_THOUSANDS: Final = re.compile(r"[+-]?[0-9]+,[0-9]{3}")
_GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")

# The largest figure that is taken in; far above any stock, far below a 64-bit integer.
LARGEST: Final = Decimal(1_000_000_000)
# The dearest that goods on one line can be, in 1/10,000: thousands of such lines can be summed.
DEAREST_E4: Final = 10**15


def parse_scaled(raw: object, *, scale: int, field: str, minimum: Decimal | None = None) -> int:
    """Read a decimal string or number as an integer of 1/`scale`.

    Raises `Invalid` (with the field's name) for anything that is not a finite number, has more
    digits than the scale keeps, lies below `minimum` or is absurdly large.
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Invalid(f"{field} must be a number.", field=field)
    text = str(raw).strip()
    if isinstance(raw, str) and _THOUSANDS.fullmatch(text):
        raise Invalid(f"{field}: write it without a thousands separator.", field=field)
    if isinstance(raw, str) and not _DECIMAL.fullmatch(text):
        raise Invalid(f"{field} must be a number.", field=field)
    value = Decimal(text.replace(",", "."))
    if not value.is_finite() or abs(value) > LARGEST:
        raise Invalid(f"{field} is out of range.", field=field)
    if minimum is not None and value < minimum:
        raise Invalid(f"{field} must be at least {minimum:f}.", field=field)
    scaled = value * scale
    if scaled != scaled.to_integral_value():
        raise Invalid(f"{field} has too many decimals.", field=field)
    return int(scaled)


def parse_quantity(raw: object, *, field: str = "quantity", zero: bool = False) -> int:
    """Read a quantity in the part's unit as thousandths; above zero unless `zero` is allowed."""
    least = Decimal(0) if zero else Decimal("0.001")
    return parse_scaled(raw, scale=MILLI, field=field, minimum=least)


def is_whole_unit(unit: str) -> bool:
    """Whether things of this unit are counted one by one."""
    return unit.strip().rstrip(".").lower() in WHOLE_UNITS


def parse_cost(raw: object, *, field: str = "unit_cost") -> int:
    """Read a unit cost as 1/10,000 of the currency unit."""
    return parse_scaled(raw, scale=E4, field=field, minimum=Decimal(0))


def parse_money(raw: object, *, field: str) -> int:
    """Read an amount of money as minor units (cents).

    "9.000" is nine thousand to some and nine to others: it is asked for again.
    """
    if isinstance(raw, str) and _GROUPED.fullmatch(raw.strip()):
        raise Invalid(f"{field}: write it without a thousands separator.", field=field)
    return parse_scaled(raw, scale=MINOR, field=field, minimum=Decimal(0))


def format_quantity(quantity_milli: int) -> str:
    """Thousandths as the shortest plain decimal string: 8000 -> "8", 2500 -> "2.5"."""
    text = f"{Decimal(quantity_milli) / MILLI:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_money(value_e4: int) -> str:
    """1/10,000 of the currency unit as a decimal string with two digits: 250000 -> "25.00"."""
    cents = (Decimal(value_e4) / E4).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return f"{cents:f}"


def format_cost(cost_e4: int) -> str:
    """A unit cost with two to four digits: 184000 -> "18.40", 125 -> "0.0125"."""
    text = f"{Decimal(cost_e4) / E4:.4f}"
    while text.endswith("0") and len(text.rpartition(".")[2]) > 2:
        text = text[:-1]
    return text


def format_percent(share_bp: int) -> str:
    """Hundredths of a percent as the shortest plain decimal string: 9500 -> "95"."""
    return format_quantity(share_bp * (MILLI // 100))


def times(quantity_milli: int, cost_e4: int) -> int:
    """Quantity times unit cost as 1/10,000 of the currency unit, rounded half away from zero."""
    return divide(quantity_milli * cost_e4, MILLI)


def refuse_absurd(value_e4: int, *, field: str = "quantity") -> None:
    """Nothing for what goods may be worth. Raises `Invalid` beyond that: a figure was mistyped."""
    if abs(value_e4) > DEAREST_E4:
        message = f"That comes to more than {DEAREST_E4 // E4:,}. Check the quantity and the price."
        raise Invalid(message, field=field)


def divide(numerator: int, denominator: int) -> int:
    """Integer division rounded half away from zero, exact for any size."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def to_us(moment: datetime) -> int:
    """An aware datetime as microseconds since 1970 in UTC."""
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * MICRO + delta.microseconds


def from_us(moment_us: int) -> datetime:
    """Microseconds since 1970 as an aware UTC datetime."""
    seconds, micro = divmod(moment_us, MICRO)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=micro)


def day_of(moment_us: int) -> date:
    """The day of a moment, where the server stands."""
    return from_us(moment_us).astimezone().date()


def midnight_us(day: date) -> int:
    """When a day begins, where the server stands."""
    return to_us(datetime.combine(day, time()).astimezone())


def iso(moment_us: int) -> str:
    """Microseconds since 1970 as an ISO 8601 string in UTC, as the API shows times."""
    return from_us(moment_us).isoformat(timespec="microseconds").replace("+00:00", "Z")
