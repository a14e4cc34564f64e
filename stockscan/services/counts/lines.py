"""Counted lines as every client gets them; what is counted blind says nothing of the books."""

from collections.abc import Sequence
from typing import Any

from stockscan.domain.counts import ENDED, LineState
from stockscan.domain.figures import format_money, format_quantity, iso, times
from stockscan.store.counts import CountLine


def lines_json(lines: Sequence[CountLine], *, blind: bool = False) -> dict[str, Any]:
    """The lines of one count together: the sums, what is still to do, and each of them.

    The line that is named is the first that waits for somebody, else for its booking.
    """
    state = min(lines, key=_how_far).state
    if blind:
        lines = _told(lines)
    named = {**line_json(min(lines, key=_how_far), blind=blind), "state": state}
    if len(lines) == 1:
        return {**named, **({} if blind and hides_mark(lines[0]) else mark_json(lines[0]))}
    sums = {} if blind else _sums(lines)
    return {
        **named,
        "counted": format_quantity(sum(line.counted_milli or 0 for line in lines)),
        **sums,
        "lines": [{**line_json(line, blind=blind), **mark_json(line)} for line in lines],
    }


def line_json(line: CountLine, *, blind: bool = False) -> dict[str, Any]:
    """A line as every client gets it."""
    shown = {
        "line": line.id,
        "state": line.state,
        "counted": _quantity(line.counted_milli),
        "counted_at": iso(line.counted_us) if line.counted_us is not None else None,
        "attempt": line.attempt,
        "reason": "" if blind else line.reason,
    }
    if blind:
        return shown
    return {
        **shown,
        "book": _quantity(line.book_milli),
        "variance": _quantity(line.variance_milli),
        "value": format_money(times(line.variance_milli or 0, line.cost_e4 or 0)),
    }


def hides_mark(line: Any) -> bool:
    """Whether only the books know of the serial of a line: nobody saw it in a blind count."""
    return bool(line.serial) and not line.counted_milli


def mark_json(line: Any) -> dict[str, str]:
    """The lot or the serial of a line, where it has one."""
    return {name: value for name, value in (("lot", line.lot), ("serial", line.serial)) if value}


def _told(lines: Sequence[CountLine]) -> list[CountLine]:
    """What the counter saw; the serials that the books have besides would give them away."""
    return [line for line in lines if not hides_mark(line)] or list(lines[:1])


def _how_far(line: CountLine) -> int:
    """How near a line is to its end: 0 where somebody must do something about it."""
    if line.state in ENDED:
        return 2
    return 1 if line.state == LineState.MATCHED else 0


def _sums(lines: Sequence[CountLine]) -> dict[str, str]:
    value_e4 = sum(times(line.variance_milli or 0, line.cost_e4 or 0) for line in lines)
    return {
        "book": format_quantity(sum(line.book_milli or 0 for line in lines)),
        "variance": format_quantity(sum(line.variance_milli or 0 for line in lines)),
        "value": format_money(value_e4),
    }


def _quantity(milli: int | None) -> str | None:
    return None if milli is None else format_quantity(milli)
