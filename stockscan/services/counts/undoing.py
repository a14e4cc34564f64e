"""Taking a count back: what it booked is reversed, what it only counted is to be counted again."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import ENDED, OPEN, LineState
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.counts.booking import close_if_counted
from stockscan.services.counts.recording import on_hand
from stockscan.services.counts.reopening import forget_look, reopen
from stockscan.services.work import Context
from stockscan.store import goods, locks, picking
from stockscan.store.counts import CompleteBin, CountEntry, CountLine, CountSession, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import Posting, key_of
from stockscan.store.stock import live_goods

_JUDGED: Final = frozenset({LineState.MATCHED, LineState.NEEDS_RECOUNT, LineState.NEEDS_REVIEW})


def void_count(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take a count back: its lines are voided, posted ones by reversal; None if it is no count.

    A planned line that was not decided yet is to be counted again by the same person: the count
    still needs it. One that came unplanned, and one that somebody else counts again already, is
    voided. Raises `RuleBroken` when it was taken back already, was counted again since, a serial
    has moved since, or a blind count was judged already and the actor decides about no counts.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    lines = counting.lines_of_operation(session, target_id)
    declared = session.scalar(select(CompleteBin).where(CompleteBin.operation_id == target_id))
    if not lines and declared is None:
        _refuse_replaced(session, target_id)
        return None
    locks.share_ledger(session)
    head = sessions.held(session, (declared or lines[0]).session_id)
    assert head is not None
    posting = goods.posting(session, op, actor, ctx.now_us)
    # Nothing has the number 0: that locks the bin alone.
    bins = [Key(0, declared.location_id)] if declared else []
    posting.lock(*bins, *(key_of(line) for line in lines), whole_location=True)
    lines = counting.lines_of_operation(session, target_id)
    live = [line for line in lines if line.state != LineState.VOIDED]
    if not live and (declared is None or declared.voided_us is not None):
        raise RuleBroken("This was taken back already.", code="already_reversed")
    if head.blind and head.id != target_id and not actor.may(Permission.COUNT_APPROVE):
        _refuse_judged(live)
    if declared is not None:
        declared.voided_us = ctx.now_us
    keys = [key_of(line) for line in live]
    before = on_hand(posting, keys)
    for line in live:
        _take_back(posting, head, line, target_id)
    # Serials that it had brought along from another bin.
    for row in live_goods(session, target_id):
        posting.reverse(row)
    posting.settle()
    close_if_counted(session, head, ctx.now_us)
    if not keys:
        return {"reversed": target_id}
    return _answer(posting, target_id, keys, before, blind=head.blind)


def _take_back(posting: Posting, head: CountSession, line: CountLine, target_id: str) -> None:
    """Void a line, or let it be counted again where the count still needs it."""
    line.measured_us = None
    if head.id == target_id or line.state in ENDED or not _is_needed(posting.session, line):
        counting.void(posting, line)
        return
    forget_look(posting, line)
    reopen(posting.session, line, line.counter_id)


def _refuse_judged(lines: list[CountLine]) -> None:
    """Whoever was told what the books say could count again until it fits."""
    if any(line.state in _JUDGED for line in lines):
        message = "This was compared with the books already. Ask a supervisor for another count."
        raise RuleBroken(message, code="count_judged")


def _is_needed(session: Session, line: CountLine) -> bool:
    """Whether the line was planned, and nobody is to count its record again instead."""
    if not line.place_order:
        return False
    attempts = sessions.attempts_at(session, line.session_id, sessions.record_of(line))
    return not any(each.state in OPEN and each.recount_of_id is not None for each in attempts)


def _refuse_replaced(session: Session, target_id: str) -> None:
    """Raises `RuleBroken` where the person counted the same again since."""
    kept = select(CountEntry.id).where(CountEntry.operation_id == target_id)
    if session.scalar(kept.limit(1)) is not None:
        message = "This was counted again since, or taken back. Take back the latest count of it."
        raise RuleBroken(message, code="already_reversed")


def _answer(
    posting: Posting, target_id: str, keys: list[Key], before_milli: int, *, blind: bool
) -> dict[str, Any]:
    session = posting.session
    names = goods.names_of_key(session, keys[0])
    for key in keys:
        picking.refuse_twice(session, key.part_id, names["part_name"], key.serial)
    shift = {
        "before": format_quantity(before_milli),
        "after": format_quantity(on_hand(posting, keys)),
    }
    return {"reversed": target_id, **names, **({} if blind else shift)}
