"""Recording a count: one key, its window, what may have moved meanwhile, and the whole bin."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import LineState, SessionState, Side, likely_side
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.counts.lines import close_if_done, decide, lines_json
from stockscan.services.counts.serials import bring_here
from stockscan.services.work import Context
from stockscan.store import goods, lots, picking, placing
from stockscan.store.counts import CompleteBin, CountEntry, CountLine, CountSession
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import Posting, key_of
from stockscan.store.stock import live_goods

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

    A count is always stored. A list of serials counts all of the part in the bin. With `complete`,
    everything else that the books hold in the bin is counted as 0. The answer carries the
    variance, because the counting is over.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    everything = counting.keys_at(session, location.id) if op["complete"] else []
    whole = Key(part.id, location.id)
    posting.lock(whole, *everything, whole_location=bool(op["complete"]))
    numbers = [
        (mark.at(part.id, location.id), quantity)
        for mark, quantity in picking.counted(session, op, part, location)
    ]
    keys = [key for key, _ in numbers]
    before = _on_hand(posting, keys)
    counted_us = op.timing.effective_us
    visit = Visit(op, posting, counted_us, counted_us - 1000 * (op["window_ms"] or 0))
    head = _open_session(visit)
    lines = [_counted_line(visit, key, quantity) for key, quantity in numbers]
    questions = [question for line in lines for question in _look_around(visit, line)]
    warnings = [warning for line in lines for warning in bring_here(posting, line, part.name)]
    for line in lines:
        decide(posting, line)
    zeroed = {"zeroed": _count_the_rest(visit, lines, everything)} if op["complete"] else {}
    posting.settle()
    close_if_done(session, head, ctx.now_us)
    return {
        "count": head.id,
        **goods.names_json(part, location),
        **lines_json(lines),
        "before": format_quantity(before),
        "after": format_quantity(_on_hand(posting, keys)),
        **goods.asked(questions),
        **zeroed,
        **({"warnings": warnings} if warnings else {}),
        **({"attention": _NOT_OPEN} if op["count"] else {}),
    }


def void_count(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take a count back: its lines are voided, posted ones by reversal; None if it is no count.

    Raises `RuleBroken` when it was taken back already, or a serial has moved since.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    lines = counting.lines_of_operation(session, target_id)
    if not lines:
        return None
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(*(key_of(line) for line in lines), whole_location=True)
    live = [line for line in lines if line.state != LineState.VOIDED]
    if not live:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    for complete in session.scalars(
        select(CompleteBin).where(CompleteBin.operation_id == target_id)
    ):
        complete.voided_us = ctx.now_us
    keys = [key_of(line) for line in live]
    before = _on_hand(posting, keys)
    for line in live:
        counting.void(posting, line)
    # Serials that it had brought along from another bin.
    for row in live_goods(session, target_id):
        posting.reverse(row)
    posting.settle()
    names = goods.names_of_key(session, keys[0])
    for key in keys:
        picking.refuse_twice(session, key.part_id, names["part_name"], key.serial)
    return {
        "reversed": target_id,
        **names,
        "before": format_quantity(before),
        "after": format_quantity(_on_hand(posting, keys)),
    }


def _on_hand(posting: Posting, keys: list[Key]) -> int:
    """On hand as people see it: of one key, or of the part in the bin over all of its keys."""
    first = keys[0]
    if len(keys) == 1:
        return picking.on_hand(posting, first)
    return lots.total_at(posting.session, first.part_id, first.location_id)


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


def _count_the_rest(visit: Visit, counted: list[CountLine], keys: list[Key]) -> int:
    """Every other key of the bin that this visit did not count gets a line with 0."""
    session, first = visit.session, counted[0]
    at_us = first.counted_us or 0
    complete = CompleteBin(
        session_id=visit.op.id,
        location_id=first.location_id,
        effective_us=at_us,
        window_start_us=visit.window_start_us,
        person_id=visit.posting.person_id,
        operation_id=visit.op.id,
    )
    session.add(complete)
    session.flush()
    for line in counted:
        line.complete_bin_id = complete.id
    session.flush()
    visited = counting.keys_counted(session, first.location_id, visit.window_start_us, at_us)
    visited |= {key_of(line) for line in counted}
    rest = [key for key in keys if key not in visited]
    for key in rest:
        line = _counted_line(visit, key, 0, complete.id)
        _look_around(visit, line)
        decide(visit.posting, line)
    return len(rest)
