"""Submitting what was counted: it is judged, and what nobody counted stays as the books have it."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import SessionState
from stockscan.domain.errors import Conflict
from stockscan.services.counts.answers import head_of, now, refuse_places
from stockscan.services.counts.booking import close_if_done
from stockscan.services.counts.judging import judge_record
from stockscan.services.counts.posting import book_accepted
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store.counts import CountSession, bulk, deciding, sessions
from stockscan.store.counts import lines as counting


def submit(ctx: Context, count_id: str, *, mine: bool = False) -> dict[str, Any]:
    """Judge what was counted: one's own sheet, or the whole count. Repeating changes nothing.

    What matches or lies within tolerance is accepted, and booked where the count posts itself;
    the rest is counted again or waits for review. The whole count takes no more by plan: what
    nobody counted is not counted, which is not zero. One's own sheet ends the counting where
    nothing else is open. Raises `Conflict` for a draft and for a cancelled count, `NotAllowed` for
    the whole of one with places that are not the actor's.
    """
    wanted = Permission.COUNT_RECORD if mine else Permission.COUNT_PLAN
    actor = require(ctx.actor, wanted)

    def work() -> bool:
        with unit_of_work() as session:
            head = _submittable(session, count_id)
            if head.state == SessionState.OPEN:
                if not mine:
                    refuse_places(session, actor, head.id)
                _judge(ctx, session, head, actor.person_id if mine else None)
            return head.posts_itself

    if retrying(work):
        book_accepted(ctx, actor, count_id)
    return now(actor, count_id)


def close(ctx: Context, count_id: str) -> dict[str, Any]:
    """End the counting: nothing is counted again any more, and what is open is not counted.

    What was counted and is not accepted waits for review. Repeating changes nothing.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> bool:
        with unit_of_work() as session:
            head = _submittable(session, count_id)
            if head.state in {SessionState.OPEN, SessionState.SUBMITTED}:
                refuse_places(session, actor, head.id)
                _judge(ctx, session, head, None, recounts=False)
            return head.posts_itself

    if retrying(work):
        book_accepted(ctx, actor, count_id)
    return now(actor, count_id)


def _submittable(session: Session, count_id: str) -> CountSession:
    head = head_of(session, count_id)
    if head.state == SessionState.DRAFT:
        raise Conflict("This count has not been started. Start it first.")
    if head.state == SessionState.CANCELLED:
        raise Conflict("This count was cancelled. Nothing of it is booked.")
    return head


def _judge(
    ctx: Context,
    session: Session,
    head: CountSession,
    counter_id: int | None,
    *,
    recounts: bool = True,
) -> None:
    """Judge the counted lines of one person, or of all; what is plain by a few statements."""
    if counter_id is None:
        sessions.end_open_lines(session, head.id)
        deciding.review_recounts(session, head.id)
    counting.mark_moved(session, head.id, counter_id)
    if head.counters == 1:
        bulk.judge_many(session, head, ctx.now_us, counter_id=counter_id, recounts=recounts)
    for record in deciding.counted_records(session, head.id, counter_id):
        judge_record(session, head, record, ctx.now_us, recounts=recounts)
    if counter_id is None or not sessions.is_being_counted(session, head.id):
        if head.state == SessionState.OPEN:
            head.state, head.submitted_us = SessionState.SUBMITTED, ctx.now_us
        close_if_done(session, head, ctx.now_us)
    session.flush()
