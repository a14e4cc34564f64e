"""Booking counted lines: what is accepted becomes an anchor, and other attempts at it end."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from stockscan.domain.counts import CLOSED, ENDED, OPEN, LineState, SessionState
from stockscan.services.counts.judging import acceptable, judge_record, measure
from stockscan.services.counts.serials import bring_here, contradiction
from stockscan.store.counts import CountLine, CountSession, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.counts.sessions import Record
from stockscan.store.ledger import Posting

_ANOTHER = "Another count of this was booked."
_MOVED = "Stock moved since you looked. Look again."


def settle_records(posting: Posting, head: CountSession, records: Iterable[Record]) -> None:
    """Judge these records now and, where the count posts itself, book what is accepted."""
    for record in dict.fromkeys(records):
        accepted = judge_record(posting.session, head, record, posting.now_us)
        if head.posts_itself:
            for line in accepted:
                book(posting, head, line)


def book(
    posting: Posting,
    head: CountSession,
    line: CountLine,
    *,
    approver_id: int | None = None,
    seen_milli: int | None = None,
) -> None:
    """Book a counted line whose key is locked: accepted as it is, or approved by a person.

    The variance is computed again. Where it is not the one that was `seen`, and not acceptable,
    or where a serial would be in two places, the line goes back to review and says why. What
    waits for a decision that nobody made here is left as it is.
    """
    session = posting.session
    if line.state == LineState.COUNTED and counting.waits_for_answer(session, line):
        line.state = LineState.MOVED_DURING_COUNT
        return
    bring_here(posting, line)
    counting.remember_variance(session, line)
    changed = seen_milli is not None and seen_milli != line.variance_milli
    line.reason = contradiction(session, line)
    approved = approver_id is not None and not changed
    may_pass = approved or acceptable(session, head, line)
    if not may_pass and approver_id is None and line.state != LineState.MATCHED:
        return
    if line.reason or not may_pass:
        line.reason = line.reason or (_MOVED if changed else "")
        line.state = LineState.NEEDS_REVIEW
        session.flush()
        return
    measure(session, head, [line], posting.now_us)
    posting.post(line, approver_id=approver_id)
    _end_others(session, head, line)


def close_if_done(session: Session, head: CountSession, now_us: int) -> None:
    """Close the count when nothing more can happen to any of its lines."""
    if head.state not in CLOSED and not sessions.has_live_lines(session, head.id):
        head.state, head.posted_us, head.ended_us = SessionState.POSTED, now_us, now_us
    session.flush()


def close_if_counted(session: Session, head: CountSession, now_us: int) -> None:
    """The same for what may be done while people still count: only the submission ends that."""
    if head.state == SessionState.SUBMITTED:
        close_if_done(session, head, now_us)


def _end_others(session: Session, head: CountSession, booked: CountLine) -> None:
    """The other attempts at a record are over: it is booked."""
    for line in sessions.attempts_at(session, head.id, sessions.record_of(booked)):
        if line.attempt == booked.attempt or line.state in ENDED:
            continue
        if line.state in OPEN:
            line.state = LineState.NOT_COUNTED
        else:
            line.state, line.reason = LineState.REJECTED, _ANOTHER
    session.flush()
