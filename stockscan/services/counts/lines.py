"""A counted line on its way into the books: tolerance, decision, and how it is answered."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.counts import ENDED, LineState, SessionState, Tolerance
from stockscan.domain.figures import format_money, format_quantity, iso, times
from stockscan.services.counts.serials import contradiction
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.counts import lines as counting
from stockscan.store.counts.lines import LineRow
from stockscan.store.ledger import Posting
from stockscan.store.parts import Part

TOLERANCE: Final = Tolerance()


def decide(posting: Posting, line: CountLine) -> None:
    """Post what matches or lies within tolerance; the rest waits for review."""
    counting.remember_variance(posting.session, line)
    if line.state == LineState.MOVED_DURING_COUNT:
        return
    line.reason = contradiction(posting, line)
    if not line.reason and acceptable(posting, line):
        posting.post(line)
    else:
        line.state = LineState.NEEDS_REVIEW
    posting.session.flush()


def acceptable(posting: Posting, line: CountLine) -> bool:
    """Whether the line may be posted without a person: it matches, or lies within tolerance."""
    if line.variance_milli == 0:
        return True
    abc_class = posting.session.scalar(select(Part.abc_class).where(Part.id == line.part_id))
    return TOLERANCE.allows(
        variance_milli=line.variance_milli or 0,
        book_milli=line.book_milli or 0,
        cost_e4=posting.worth(line.part_id).average_e4,
        abc_class=abc_class or "C",
    )


def close_if_done(session: Session, head: CountSession, now_us: int) -> None:
    """Close the count when nothing more can happen to any of its lines."""
    lines = counting.lines_of_session(session, head.id)
    if all(line.state in ENDED for line in lines):
        head.state, head.posted_us = SessionState.POSTED, now_us
    session.flush()


def lines_json(lines: list[CountLine]) -> dict[str, Any]:
    """The lines of one count together: the sums, what is still to do, and each of them.

    The line that is named is the first that still waits for someone.
    """
    waiting = [line for line in lines if line.state not in ENDED]
    named = line_json((waiting or lines)[0])
    if len(lines) == 1:
        return {**named, **mark_json(lines[0])}
    return {
        **named,
        "counted": format_quantity(sum(line.counted_milli or 0 for line in lines)),
        "book": format_quantity(sum(line.book_milli or 0 for line in lines)),
        "variance": format_quantity(sum(line.variance_milli or 0 for line in lines)),
        "value": format_money(
            sum(times(line.variance_milli or 0, line.cost_e4 or 0) for line in lines)
        ),
        "lines": [{**line_json(line), **mark_json(line)} for line in lines],
    }


def mark_json(line: CountLine | LineRow) -> dict[str, str]:
    """The lot or the serial of a line, where it has one."""
    return {name: value for name, value in (("lot", line.lot), ("serial", line.serial)) if value}


def line_json(line: CountLine) -> dict[str, Any]:
    """A line as every client gets it."""
    return {
        "line": line.id,
        "state": line.state,
        "counted": format_quantity(line.counted_milli or 0),
        "book": format_quantity(line.book_milli or 0),
        "variance": format_quantity(line.variance_milli or 0),
        "counted_at": iso(line.counted_us or 0),
        "reason": line.reason,
        "value": format_money(times(line.variance_milli or 0, line.cost_e4 or 0)),
    }
