"""What makes a plan due, in words."""

from typing import Final

from stockscan.domain.maintenance import Basis
from stockscan.store.maintenance.plans import PlanRow
from stockscan.web.filters import qty

BASES: Final = {
    Basis.CALENDAR: ("Calendar", "Every so many weeks or months"),
    Basis.METER: ("Meter", "After so many hours or km"),
    Basis.AGE: ("Age", "So long after a part was fitted, or the asset bought"),
}
UNITS: Final = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
COUNTS_FROM: Final = {"done": "when it was done last", "planned": "when it was planned"}


def rule_words(plan: PlanRow) -> str:
    """How often a plan comes: "Every 3 months after it was done", "Every 250 on Hours"."""
    if plan.basis == Basis.AGE:
        since = f"{plan.part} was fitted" if plan.part else "it was bought"
        return f"{_many(plan.every or 0, 'month')} after {since}"
    if plan.basis == Basis.METER:
        return f"Every {_long(plan.every_milli or 0)} on the meter {plan.meter}"
    often = plan.unit if plan.every == 1 else _many(plan.every or 0, plan.unit)
    return f"Every {often}{' after it was done' if plan.counts_from == 'done' else ', fixed days'}"


def _long(milli: int) -> str:
    """Thousandths with commas, as a meter's long numbers are read: 1500000 -> "1,500"."""
    whole, rest = divmod(milli, 1000)
    return f"{whole:,}{qty(rest)[1:] if rest else ''}"


def _many(number: int, unit: str) -> str:
    return f"{number} {unit if number == 1 else UNITS[unit]}"
