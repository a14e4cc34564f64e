"""How much of a part a job is expected to need."""

from typing import Final

# All jobs need it.
ALWAYS_BP: Final = 10_000


def expected_milli(quantity_milli: int, probability_bp: int) -> int:
    """Quantity times the share of jobs that need it, in thousandths, rounded half to even."""
    whole, rest = divmod(quantity_milli * probability_bp, ALWAYS_BP)
    doubled = 2 * rest
    up = doubled > ALWAYS_BP or (doubled == ALWAYS_BP and whole % 2 == 1)
    return whole + up
