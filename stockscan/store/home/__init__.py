"""What the first page needs: what is mine to do, what waits, what runs low, what moved last."""

from stockscan.store.home.buying import (
    DueLine,
    ToReceive,
    order_soon,
    receiving,
)
from stockscan.store.home.deciding import (
    StepsRow,
    WaitingRow,
    first_steps,
    is_empty,
    waiting,
)
from stockscan.store.home.fitting import Fitted, Spent, dearest, fitted
from stockscan.store.home.jobs import Soon, faults, nobodys, overdue, soon
from stockscan.store.home.stock import LowRow, MovedRow, low_parts, moved_by

__all__ = [
    "DueLine",
    "Fitted",
    "LowRow",
    "MovedRow",
    "Soon",
    "Spent",
    "StepsRow",
    "ToReceive",
    "WaitingRow",
    "dearest",
    "faults",
    "first_steps",
    "fitted",
    "is_empty",
    "low_parts",
    "moved_by",
    "nobodys",
    "order_soon",
    "overdue",
    "receiving",
    "soon",
    "waiting",
]
