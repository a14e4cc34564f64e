"""Deciding against a count as it stands: count again, reject, move what was misplaced, call off."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import CLOSED, ENDED, OPEN, LineState, SessionState
from stockscan.domain.errors import Conflict
from stockscan.services.counts.answers import answer, head_of, refuse_places
from stockscan.services.counts.booking import close_if_done
from stockscan.services.counts.judging import UNDECIDED, order_again
from stockscan.services.counts.posting import refuse_role
from stockscan.services.counts.reopening import forget_look, reopen
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import limits, locks
from stockscan.store.counts import CountLine, CountSession, deciding, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import key_of

_REJECTED: Final = "Rejected: not booked."
_CANCELLED: Final = "The count was cancelled."


class _Rejection(NamedTuple):
    """Who rejected, and why."""

    person_id: int
    cause: str
    reason: str


def order_recount(
    ctx: Context,
    count_id: str,
    line_ids: Collection[int],
    person_id: int | None = None,
    *,
    cause: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Have these lines counted again, by this person or by somebody who did not count them yet.

    A line during whose count something moved is counted again by the same person, who may order
    that without the right to decide. Records that wait for a count already are left as they are.
    Raises `Conflict` when the count is over.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            locks.share_ledger(session)
            head = _live(session, count_id)
            lines = deciding.named(session, head.id, line_ids)
            limits.refuse_outside(session, actor, {line.location_id for line in lines})
            _refuse_ordering(session, actor, lines)
            _forget_looks(ctx, session, actor, head, lines)
            for line in lines:
                _count_again(session, head, line, person_id)
                line.cause, line.reason = cause or line.cause, note or line.reason
            session.flush()
            return answer(session, actor, head, line_ids)

    return retrying(work)


def reject_lines(
    ctx: Context,
    count_id: str,
    line_ids: Collection[int] | None = None,
    *,
    cause: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Decide that the counts of these lines' records were wrong (of all, by default).

    Nothing of them is booked, and nobody counts them again in this count.
    """
    actor = require(ctx.actor, Permission.COUNT_APPROVE)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            head = head_of(session, count_id)
            refuse_role(session, actor)
            for lines in _to_reject(session, head, line_ids):
                limits.refuse_outside(session, actor, {line.location_id for line in lines})
                for record in {sessions.record_of(line) for line in lines}:
                    _reject(
                        session, head, record, _Rejection(actor.person_id, cause, note or _REJECTED)
                    )
            close_if_done(session, head, ctx.now_us)
            return answer(session, actor, head, line_ids)

    return retrying(work)


def cancel(ctx: Context, count_id: str) -> dict[str, Any]:
    """Call a count off: nothing more of it is booked. What was booked before stays booked.

    Repeating changes nothing. Raises `Conflict` for a count that is booked to the end,
    `NotAllowed` for one with places that are not the actor's.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            head = head_of(session, count_id)
            if head.state == SessionState.POSTED:
                raise Conflict("This count is over. Take single counts back where they are wrong.")
            if head.state != SessionState.CANCELLED:
                refuse_places(session, actor, head.id)
                deciding.end_all(session, head.id, _CANCELLED, ctx.now_us)
                head.state, head.ended_us = SessionState.CANCELLED, ctx.now_us
                session.flush()
            return answer(session, actor, head)

    return retrying(work)


def _live(session: Session, count_id: str) -> CountSession:
    head = head_of(session, count_id)
    if head.state in CLOSED or head.state == SessionState.DRAFT:
        raise Conflict("This count is not going on. Open a new one to count again.")
    return head


def _refuse_ordering(session: Session, actor: Actor, lines: Sequence[CountLine]) -> None:
    """Whoever counted while something moved may say that they count again."""
    own = all(
        line.state == LineState.MOVED_DURING_COUNT and line.counter_id == actor.person_id
        for line in lines
    )
    if not own:
        require(actor, Permission.COUNT_APPROVE)
        refuse_role(session, actor)


def _forget_looks(
    ctx: Context,
    session: Session,
    actor: Actor,
    head: CountSession,
    lines: Sequence[CountLine],
) -> None:
    """Where something moved during a count, the look at it does not stand: nobody is asked."""
    moved = [line for line in lines if line.state == LineState.MOVED_DURING_COUNT]
    if not moved:
        return
    posting = counting.start_posting(session, ctx.new_id(), head.id, actor, ctx.now_us)
    posting.lock(*(key_of(line) for line in moved))
    for line in moved:
        forget_look(posting, line)
    posting.settle()


def _count_again(
    session: Session, head: CountSession, line: CountLine, person_id: int | None
) -> None:
    if line.state == LineState.MOVED_DURING_COUNT:
        reopen(session, line, person_id or line.counter_id)
    elif line.state in UNDECIDED:
        attempts = sessions.attempts_at(session, head.id, sessions.record_of(line))
        line.state = LineState.NEEDS_RECOUNT
        if not any(each.state in OPEN for each in attempts):
            order_again(session, head, line, person_id)


def _to_reject(
    session: Session, head: CountSession, line_ids: Collection[int] | None
) -> list[list[CountLine]]:
    if line_ids is not None:
        return [deciding.named(session, head.id, line_ids)]
    return [deciding.undecided(session, head.id)]


def _reject(
    session: Session, head: CountSession, record: sessions.Record, said: _Rejection
) -> None:
    for line in sessions.attempts_at(session, head.id, record):
        if line.state in OPEN:
            line.state = LineState.NOT_COUNTED
        elif line.state not in ENDED:
            line.state, line.reason = LineState.REJECTED, said.reason
            line.approver_id, line.cause = said.person_id, said.cause or line.cause
    session.flush()
