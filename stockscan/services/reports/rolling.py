"""The ledger's sums by month, kept each night: reports over years read months and not rows."""

from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store.reports import usage


def roll_up(_ctx: Context) -> int:
    """Keep the sums of all that the ledger holds; how many of its numbers were passed over.

    A step at a time, each in a unit of work of its own, so that no writer waits long. Doing it
    again at once does nothing. Reports are exact with or without it.
    """
    passed = 0
    while step := retrying(_step):
        passed += step
    return passed


def _step() -> int:
    with unit_of_work() as session:
        return usage.roll_up(session)
