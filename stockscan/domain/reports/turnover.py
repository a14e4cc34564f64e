"""How often the stock was used up in a time, and for how many days it lasts at that pace."""

from collections.abc import Sequence

from stockscan.domain.figures import divide


def average(worth_e4: Sequence[int]) -> int:
    """The mean of what the stock was worth at some moments: of two, opening and closing."""
    return divide(sum(worth_e4), len(worth_e4)) if worth_e4 else 0


def turnover(used_e4: int, average_e4: int) -> int | None:
    """Consumption at cost by average inventory, in hundredths; None where nothing was in stock.

    Of spares the numerator is what was used, not what was sold: survey 4.5.
    """
    return divide(used_e4 * 100, average_e4) if average_e4 > 0 else None


def days_of_inventory(used_e4: int, average_e4: int, days: int) -> int | None:
    """For how many days the average stock lasts, in hundredths; None where nothing was used.

    days x average inventory / consumption: survey 4.5.
    """
    return divide(days * average_e4 * 100, used_e4) if used_e4 > 0 else None
