"""How a requisition goes on: raised, approved, ordered, received; or cancelled, or closed short."""

from datetime import date, timedelta
from typing import Final

from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.purchasing import RequisitionState

_STATE = RequisitionState
# What was done already when a requisition is in these states, so that doing it again is nothing.
APPROVED: Final = frozenset({_STATE.APPROVED, _STATE.ORDERED, _STATE.RECEIVED})
ORDERED: Final = frozenset({_STATE.ORDERED, _STATE.RECEIVED})
# The states in which lines can still be changed, and in which goods are still to come.
CHANGEABLE: Final = frozenset({_STATE.RAISED, _STATE.APPROVED})
OPEN: Final = CHANGEABLE | {_STATE.ORDERED}
# Nothing is ordered so far ahead; a day behind that was mistyped.
_FURTHEST: Final = timedelta(days=3650)


def name_of(number: int) -> str:
    """A requisition as people call it: R-7."""
    return f"R-{number}"


def number_of(reference: str) -> int | None:
    """The number in "R-7", "r7" or "7"; None for a text that names no requisition."""
    text = reference.strip().upper().removeprefix("R").removeprefix("-").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def refuse_odd_day(day: date | None, today: date, field: str) -> None:
    """Nothing for a day of the next ten years, or none. Raises `Invalid` for any other."""
    if day is not None and not today <= day <= today + _FURTHEST:
        raise Invalid("Enter a day, today or later, within ten years.", field=field)


def refuse_cancelled(number: int, state: str) -> None:
    """Nothing for a requisition that goes on. Raises `RuleBroken` for a cancelled one."""
    if state == _STATE.CANCELLED:
        message = f"{name_of(number)} was cancelled. Ask for the parts again."
        raise RuleBroken(message, code="cancelled")


def refuse_unless_changeable(number: int, state: str) -> None:
    """Nothing before the order is placed. Raises `RuleBroken` after it."""
    refuse_cancelled(number, state)
    if state not in CHANGEABLE:
        message = f"{name_of(number)} is ordered already. Ask for more on a new one."
        raise RuleBroken(message, code="ordered")


def refuse_cancel(number: int, state: str, received_milli: int) -> None:
    """Nothing while nothing has come. Raises `RuleBroken` where goods of it are in stock."""
    if state == _STATE.RECEIVED or received_milli > 0:
        message = f"Some of {name_of(number)} has come. Close the rest of its lines instead."
        raise RuleBroken(message, code="partly_received")


def state_after(state: str, *, waits: bool) -> RequisitionState:
    """Where an order stands once goods came or went back: received when no line waits any more."""
    now = RequisitionState(state)
    if now not in ORDERED:
        return now
    return _STATE.ORDERED if waits else _STATE.RECEIVED
