"""Recording a count: one key, its window, what may have moved meanwhile, and the whole bin."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import LineState, SessionState, Side, likely_side
from stockscan.domain.errors import RuleBroken
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.counts.lines import close_if_done, decide, line_json
from stockscan.services.work import Context
from stockscan.store import counting, goods, placing
from stockscan.store.counts import CompleteBin, CountEntry, CountLine, CountSession
from stockscan.store.ledger import Posting, key_of

_NOT_OPEN: Final = "That count is not open any more. This was kept as a count of its own."


@dataclass(frozen=True, slots=True)
class Visit:
    """One look into a bin: when it was, over which window, and the writer of what follows."""

    op: Op
    posting: Posting
    counted_us: int
    window_start_us: int

    @property
    def session(self) -> Session:
        """The open unit of work."""
        return self.posting.session


def count(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Count one part in one bin, submitted at once and posted by itself within tolerance.

    A count is always stored. With `complete`, everything else that the books hold in the bin is
    counted as 0. The answer carries the variance, because the counting is over.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    key = Key(part.id, location.id, op["lot"] or "", op["serial"] or "")
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    everything = counting.keys_at(session, location.id) if op["complete"] else []
    posting.lock(key, *everything, whole_location=bool(op["complete"]))
    before = posting.balance(key)
    counted_us = op.timing.effective_us
    visit = Visit(op, posting, counted_us, counted_us - 1000 * (op["window_ms"] or 0))
    head = _open_session(visit)
    line = _counted_line(visit, key, op["quantity"])
    questions = _look_around(visit, line)
    decide(posting, line)
    zeroed = {"zeroed": _count_the_rest(visit, line, everything)} if op["complete"] else {}
    posting.settle()
    close_if_done(session, head, ctx.now_us)
    return {
        "count": head.id,
        **goods.names_json(part, location),
        **line_json(line),
        **goods.shift_json(posting, key, before),
        **goods.asked(questions),
        **zeroed,
        **({"attention": _NOT_OPEN} if op["count"] else {}),
    }


def void_count(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take a count back: its lines are voided, posted ones by reversal; None if it is no count."""
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    lines = counting.lines_of_operation(session, target_id)
    if not lines:
        return None
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    posting.lock(*(key_of(line) for line in lines), whole_location=True)
    live = [line for line in lines if line.state != LineState.VOIDED]
    if not live:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    for complete in session.scalars(
        select(CompleteBin).where(CompleteBin.operation_id == target_id)
    ):
        complete.voided_us = ctx.now_us
    before = posting.balance(key_of(live[0]))
    for line in live:
        counting.void(posting, line)
    posting.settle()
    return {
        "reversed": target_id,
        **goods.names_of_key(session, key_of(live[0])),
        **goods.shift_json(posting, key_of(live[0]), before),
    }


def _open_session(visit: Visit) -> CountSession:
    """An ad hoc count is a session of its own, submitted as soon as it is there."""
    head = CountSession(
        id=visit.op.id,
        method="adhoc",
        state=SessionState.SUBMITTED,
        blind=False,
        created_by=visit.posting.person_id,
        opened_us=visit.window_start_us,
        submitted_us=visit.posting.now_us,
    )
    visit.session.add(head)
    visit.session.flush()
    return head


def _counted_line(
    visit: Visit, key: Key, counted_milli: int, complete_bin_id: int | None = None
) -> CountLine:
    session, person_id = visit.session, visit.posting.person_id
    line = CountLine(
        session_id=visit.op.id,
        **key._asdict(),
        state=LineState.COUNTED,
        counter_id=person_id,
        device=visit.op.device,
        counted_us=placing.place_count(session, key, visit.counted_us),
        window_start_us=visit.window_start_us,
        counted_milli=counted_milli,
        operation_id=visit.op.id,
        complete_bin_id=complete_bin_id,
    )
    session.add(line)
    session.flush()
    session.add(
        CountEntry(
            line_id=line.id,
            quantity_milli=counted_milli,
            at_us=visit.counted_us,
            person_id=person_id,
            operation_id=visit.op.id,
        )
    )
    return line


def _look_around(visit: Visit, line: CountLine) -> list[dict[str, Any]]:
    """Find movements in the line's window, and takings that may lie before it after all."""
    session, key, now_us = visit.session, key_of(line), visit.posting.now_us
    questions: list[dict[str, Any]] = []
    for row in placing.moved_during(session, key, visit.window_start_us, visit.counted_us):
        side = counting.known_side(session, visit.op, row)
        if side is Side.AFTER:
            line.counted_us = placing.just_before_row(session, key, row)
            session.flush()
            break
        if side is None:
            placing.ask(session, row.origin_id, [(line, "window", Side.BEFORE)], now_us)
            questions.append(goods.question_json(row.origin_id, line, Side.BEFORE))
            line.state = LineState.MOVED_DURING_COUNT
    for row in placing.maybe_before(session, key, line.counted_us or 0):
        short = placing.unexplained(session, key, line)
        side = likely_side(variance_milli=short, taken_milli=-row.quantity_milli)
        placing.ask(session, row.origin_id, [(line, "uncertain", side)], now_us)
        questions.append(goods.question_json(row.origin_id, line, side))
        if side is Side.BEFORE:
            visit.posting.retime(row, placing.just_before(session, key, line))
    return questions


def _count_the_rest(visit: Visit, counted: CountLine, keys: list[Key]) -> int:
    """Every other key of the bin that this visit did not count gets a line with 0."""
    session, at_us = visit.session, counted.counted_us or 0
    complete = CompleteBin(
        session_id=visit.op.id,
        location_id=counted.location_id,
        effective_us=at_us,
        window_start_us=visit.window_start_us,
        person_id=visit.posting.person_id,
        operation_id=visit.op.id,
    )
    session.add(complete)
    session.flush()
    counted.complete_bin_id = complete.id
    session.flush()
    visited = counting.keys_counted(session, counted.location_id, visit.window_start_us, at_us)
    rest = [key for key in keys if key not in visited]
    for key in rest:
        line = _counted_line(visit, key, 0, complete.id)
        _look_around(visit, line)
        decide(visit.posting, line)
    return len(rest)
