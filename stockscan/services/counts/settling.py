"""Misplaced goods: what one count missed another one found; a transfer before both explains it."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from stockscan.domain.figures import format_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import KINDS, Op, parse_op
from stockscan.services.counts.booking import close_if_counted, settle_records
from stockscan.services.counts.judging import UNDECIDED
from stockscan.services.counts.posting import refuse_role
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import goods, locks, operations, picking, placing
from stockscan.store.counts import CountLine, deciding, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.goods import Leg
from stockscan.store.ledger import Posting, key_of

_NOTE = "Found misplaced when it was counted"


def settle_misplaced(
    ctx: Context, line_id: int, other_line_id: int, operation_id: str
) -> dict[str, Any]:
    """Move in the books what one of two lines misses to where the other one found it.

    The transfer is an operation under `operation_id`, effective right before the first count of
    each record, so that all agree with the books as far as it explains them; both are judged again.
    Repeating it changes nothing. Raises `NotFound`, `NotAllowed` for lines that the actor counted
    where somebody else could decide, and `RuleBroken` where they do not explain each other.
    """
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    require(actor, Permission.COUNT_APPROVE)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            refuse_role(session, actor)
            locks.share_ledger(session)
            keys = _hold(session, {line_id, other_line_id})
            known = operations.recorded(session, operation_id)
            if known is not None:
                return _again(known, actor.person_id)
            posting = Posting(
                session,
                operation_id=operation_id,
                origin_id=operation_id,
                actor=actor,
                now_us=ctx.now_us,
            )
            posting.lock(*keys)
            lines = [_line(session, each) for each in sorted({line_id, other_line_id})]
            _refuse_own(session, actor, lines)
            short, over, milli = _match(session, lines)
            op = _transfer(session, operation_id, short, over, milli).received(ctx.now_us)
            operations.claim(session, op, actor.person_id, op.content, status="applied")
            result = _move(posting, short, over, milli)
            operations.finish(session, op.id, "applied", result)
            _judge_again(posting, lines)
            posting.settle()
            return result

    return retrying(work)


def _hold(session: Session, line_ids: set[int]) -> list[Key]:
    """Hold the counts of these lines; what the lines are of. Raises `NotFound`."""
    found = [session.get(CountLine, line_id) for line_id in sorted(line_ids)]
    lines = [line for line in found if line is not None]
    if len(lines) != 2:
        raise NotFound("One of the two lines is not there. Look again.")
    for count_id in sorted({line.session_id for line in lines}):
        sessions.held(session, count_id)
    return [key_of(line) for line in lines]


def _again(known: operations.Recorded, person_id: int) -> dict[str, Any]:
    if (known.kind, known.person_id) != ("transfer", person_id):
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")
    return known.result


def _line(session: Session, line_id: int) -> CountLine:
    line = session.get(CountLine, line_id, populate_existing=True)
    if line is None or line.state not in UNDECIDED:
        raise NotFound("This line is not waiting for a decision any more. Look again.")
    return line


def _refuse_own(session: Session, actor: Actor, lines: list[CountLine]) -> None:
    if deciding.own_lines(session, lines, actor.person_id) and not counting.single_user(session):
        raise NotAllowed("Someone else must decide about your own count.", code="own_count")


def _match(session: Session, lines: list[CountLine]) -> tuple[CountLine, CountLine, int]:
    """Which line misses what the other one has too much of, and how much of it.

    Raises `RuleBroken` where they are not of the same part and lot, or not short and over.
    """
    for line in lines:
        counting.remember_variance(session, line)
    short, over = min(lines, key=_variance), max(lines, key=_variance)
    same = (short.part_id, short.lot, short.serial) == (over.part_id, over.lot, over.serial)
    milli = min(-_variance(short), _variance(over))
    if not same or milli <= 0:
        message = "These two lines do not explain each other. Decide about each of them."
        raise RuleBroken(message, code="not_misplaced")
    return short, over, milli


def _variance(line: CountLine) -> int:
    return line.variance_milli or 0


def _transfer(
    session: Session, operation_id: str, short: CountLine, over: CountLine, milli: int
) -> Op:
    names, there = (goods.names_of_key(session, key_of(line)) for line in (short, over))
    marks = {"lot": short.lot, "serial": short.serial}
    raw = {
        "id": operation_id,
        "kind": "transfer",
        "part": names["part"],
        "from_location": names["location"],
        "to_location": there["location"],
        "quantity": format_quantity(milli),
        "note": _NOTE,
        **{name: mark for name, mark in marks.items() if mark},
    }
    return parse_op(raw, KINDS)


def _move(posting: Posting, short: CountLine, over: CountLine, milli: int) -> dict[str, Any]:
    """Write both legs, each right before its own count; the answer of a transfer."""
    session, out, into = posting.session, key_of(short), key_of(over)
    before, before_there = picking.on_hand(posting, out), picking.on_hand(posting, into)
    leaves_us, arrives_us = (_right_before(session, line) for line in (short, over))
    seq = goods.move(posting, Leg(out, leaves_us), Leg(into, arrives_us), milli, _NOTE)
    there = goods.names_of_key(session, into)
    return {
        **goods.names_of_key(session, out),
        "movement": seq,
        "to_location": there["location"],
        "to_location_name": there["location_name"],
        "quantity": format_quantity(milli),
        **picking.shift_json(posting, out, before),
        "there": picking.shift_json(posting, into, before_there),
        "warnings": [],
    }


def _right_before(session: Session, line: CountLine) -> int:
    """Right before the first count of the key that nobody decided yet: all of them saw it so."""
    counted = [each for each in _attempts(session, line) if key_of(each) == key_of(line)]
    first = min(counted, key=lambda each: each.counted_us or 0)
    return placing.just_before(session, key_of(line), first)


def _attempts(session: Session, line: CountLine) -> list[CountLine]:
    """The counts of the line's record that nobody decided yet."""
    attempts = sessions.attempts_at(session, line.session_id, sessions.record_of(line))
    return [each for each in attempts if each.state in UNDECIDED]


def _judge_again(posting: Posting, lines: list[CountLine]) -> None:
    for line in lines:
        head = sessions.held(posting.session, line.session_id)
        assert head is not None
        if line.state == LineState.COUNTED and head.state == SessionState.OPEN:
            continue
        for each in _attempts(posting.session, line):
            each.state = LineState.COUNTED
        settle_records(posting, head, [sessions.record_of(line)])
        close_if_counted(posting.session, head, posting.now_us)
