"""Moving average per part: what a quantity is worth when it moves.

A receipt mixes its price into the average, an issue leaves at the average, and the cost is frozen
on the movement, so history is never repriced. The average is the value on the books divided by
the quantity on the books; the value (1/10,000 of the currency unit) is kept exactly and the
average is rounded only for display and for stock that has run below zero.
Formula: weighted average cost, e.g. the perpetual system of any accounting textbook.
"""

from dataclasses import dataclass

from stockscan.domain.figures import MILLI, divide, times


@dataclass(frozen=True, slots=True)
class Worth:
    """A part's quantity and value over all locations, and its last average unit cost."""

    quantity_milli: int = 0
    value_e4: int = 0
    average_e4: int = 0


def value_at_average(worth: Worth, quantity_milli: int) -> int:
    """The value of a signed quantity at the part's average.

    What leaves while stock lasts takes its exact share, so the last unit takes what is left. All
    else goes by the rounded average: the share of a few thousandths would blow their rounding up.
    """
    if 0 < -quantity_milli <= worth.quantity_milli:
        return divide(worth.value_e4 * quantity_milli, worth.quantity_milli)
    return times(quantity_milli, worth.average_e4)


@dataclass(frozen=True, slots=True)
class Settled:
    """The worth after some movements, and the value that must be posted as revaluation."""

    worth: Worth
    revaluation_e4: int


def settle(
    before: Worth, *, quantity_milli: int, value_e4: int, receipt_cost_e4: int | None = None
) -> Settled:
    """Add the sum of the movements of one operation to a part's worth.

    While quantity and value stay positive the average is simply recomputed. Where nothing is left
    (or less than nothing), or a receipt ends negative stock, the books are brought to quantity
    times the average that holds from now on, and the difference is the revaluation.
    """
    quantity = before.quantity_milli + quantity_milli
    value = before.value_e4 + value_e4
    was_negative = before.quantity_milli < 0
    if quantity > 0 and value >= 0 and not was_negative:
        return Settled(Worth(quantity, value, divide(value * MILLI, quantity)), 0)
    average = before.average_e4
    if receipt_cost_e4 is not None and (quantity > 0 or before.quantity_milli == 0):
        average = receipt_cost_e4
    target = times(quantity, average)
    return Settled(Worth(quantity, target, average), target - value)
