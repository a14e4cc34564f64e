"""Answering "before or after the count?": goods or the count move to where they belong."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import ENDED, Contradiction, LineState, SessionState, Side, cut
from stockscan.domain.errors import Conflict, NotFound
from stockscan.domain.figures import format_quantity
from stockscan.domain.operations import Op
from stockscan.services.counts.booking import close_if_counted, settle_records
from stockscan.services.counts.lines import line_json
from stockscan.services.work import Context
from stockscan.store import goods, locks, picking, placing
from stockscan.store.counts import CountLine, CountQuestion, CountSession, current, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import Posting, key_of
from stockscan.store.stock import Movement, balance_of, live_goods

# What the answer may change about these is judged again.
_WAITED: Final = frozenset(
    {LineState.MOVED_DURING_COUNT, LineState.NEEDS_REVIEW, LineState.NEEDS_RECOUNT}
)


def retime(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Answer "before or after the count?" for an operation's goods and one counted line.

    Raises `NotFound` when nothing was asked, `Conflict` when the answers contradict each other
    (the line is then to be counted again), `RuleBroken` when a serial would be in two places.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    line_id, side = _answered(op)
    line, _ = _asked(session, op, line_id)
    locks.share_ledger(session)
    head = sessions.held(session, line.session_id)
    assert head is not None
    posting = Posting(
        session,
        operation_id=op.id,
        origin_id=op["operation"],
        actor=actor,
        now_us=ctx.now_us,
    )
    key = key_of(line)
    posting.lock(key)
    # Look again behind the locks: somebody may have counted again meanwhile.
    line, question = _asked(session, op, line_id)
    question.answer, question.answered_us = side, ctx.now_us
    session.flush()
    waited = line.state in _WAITED and not _stays_with_counter(head, line, actor)
    if question.reason == "uncertain":
        _retime_goods(session, op, posting, line, side)
    else:
        line = _move_count(session, posting, line)
    if waited and line.state != LineState.MOVED_DURING_COUNT:
        line.state = LineState.COUNTED
        settle_records(posting, head, [sessions.record_of(line)])
    posting.settle()
    close_if_counted(session, head, ctx.now_us)
    told = {"operation": op["operation"], "answer": side.value}
    return {**told, **_answer(session, head, line)}


def _stays_with_counter(head: CountSession, line: CountLine, actor: Actor) -> bool:
    """Whether the line is on the answering person's own sheet: it is judged when that is in."""
    waits = head.state == SessionState.OPEN and line.state == LineState.MOVED_DURING_COUNT
    return waits and line.counter_id == actor.person_id


def _asked(session: Session, op: Op, line_id: int) -> tuple[CountLine, CountQuestion]:
    """The line as it is now and what was asked about it. Raises `NotFound` where nothing was."""
    question = session.scalars(
        select(CountQuestion)
        .where(CountQuestion.line_id == line_id, CountQuestion.origin_id == op["operation"])
        .execution_options(populate_existing=True)
    ).first()
    line = current(session, line_id)
    if question is None or line is None:
        message = "Nothing is asked about this movement and this count."
        raise NotFound(message, code="nothing_asked")
    session.refresh(line)
    return line, question


def _answer(session: Session, head: CountSession, line: CountLine) -> dict[str, Any]:
    """The line after the answer. Raises `RuleBroken` when its serial would be in two places."""
    key = key_of(line)
    names = goods.names_of_key(session, key)
    picking.refuse_twice(session, key.part_id, names["part_name"], key.serial)
    blind = head.blind and line.state not in ENDED
    on_hand = {} if blind else {"on_hand": format_quantity(balance_of(session, key))}
    return {**line_json(line, blind=blind), **names, **on_hand}


def _answered(op: Op) -> tuple[int, Side]:
    if op.before_count is not None:
        return op.before_count, Side.BEFORE
    if op.after_count is not None:
        return op.after_count, Side.AFTER
    raise NotFound("Say before_count or after_count.", code="malformed", field="before_count")


def _retime_goods(session: Session, op: Op, posting: Posting, line: CountLine, side: Side) -> None:
    """Move the goods to the answered side of the count, where they are not there already."""
    key, counted_us = key_of(line), line.counted_us or 0
    for row in live_goods(session, op["operation"]):
        if key_of(row) != key or (row.effective_us <= counted_us) == (side is Side.BEFORE):
            continue
        if side is Side.BEFORE:
            placed = placing.before_line(session, key, line, row)
            placing.ask(session, row.origin_id, placed.questions, posting.now_us)
            posting.retime(row, placed.effective_us)
        else:
            posting.retime(row, placing.after_line(session, key, line, row))


def _move_count(session: Session, posting: Posting, line: CountLine) -> CountLine:
    """Put the count where the answers about the movements of its window say it was."""
    key = key_of(line)
    answers = counting.answers_of(session, line)
    rows = sorted(
        (row for origin in answers for row in live_goods(session, origin) if key_of(row) == key),
        key=lambda row: (row.effective_us, row.seq),
    )
    try:
        before, certain = cut([(row.effective_us, answers[row.origin_id]) for row in rows])
    except Contradiction:
        message = "These answers contradict each other. Count again."
        raise Conflict(message, code="contradiction") from None
    if before < len(rows):
        line = _at(session, posting, line, rows[before])
        _take_along(session, posting, line)
    if certain and line.state == LineState.MOVED_DURING_COUNT:
        line.state = LineState.COUNTED
    return line


def _take_along(session: Session, posting: Posting, line: CountLine) -> None:
    """Goods that are held to lie before the count stay before it when it moves back in time."""
    key, counted_us = key_of(line), line.counted_us or 0
    for origin_id in counting.held_before(session, line):
        for row in live_goods(session, origin_id):
            if key_of(row) == key and row.effective_us > counted_us:
                posting.retime(row, placing.just_before(session, key, line))


def _at(session: Session, posting: Posting, line: CountLine, following: Movement) -> CountLine:
    """The line (or, where it was posted, its replacement) right before a movement."""
    key = key_of(line)
    if (line.counted_us or 0) < following.effective_us:
        return line
    instant = placing.just_before_row(session, key, following)
    if line.state != LineState.POSTED:
        line.counted_us = instant
        session.flush()
        return line
    moved = counting.replacement(session, posting, line, instant)
    posting.post(moved, approver_id=line.approver_id)
    return moved
