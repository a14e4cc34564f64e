"""Recording a count: one key, its window, what may have moved meanwhile, and the whole bin."""

from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.counts import LineState, SessionState, Side, likely_side
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.counts.booking import close_if_counted, settle_records
from stockscan.services.counts.lines import lines_json
from stockscan.services.counts.serials import bring_here
from stockscan.services.counts.visits import Filled, Visit, fill, join, on_its_own
from stockscan.services.work import Context
from stockscan.store import goods, locks, lots, picking, placing
from stockscan.store.counts import CompleteBin, CountLine, CountSession, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.goods import Place
from stockscan.store.ledger import Posting, key_of

_NOT_OPEN: Final = "That count is not open any more. This was kept as a count of its own."
_LATER: Final = {
    "code": "counted_later",
    "message": "You counted this again later. That count stands; this one is kept with it.",
}


def count(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Count one part in one bin, for a planned count or on its own; it is always stored.

    In a planned count the number waits for submission, or is judged at once where that was done. A
    count on its own, or for a count that is over, is judged at once and booked within tolerance;
    the answer carries the variance, because the counting is over. A list of serials counts all of
    the part in the bin. With `complete`, everything else that the books hold in the bin is counted
    as 0; with a quantity of 0 and without a part that is all there is.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    location = goods.location_row(session, op)
    part = _part(session, op)
    counter_id = _counter(session, op, actor)
    # Before the count is joined: whoever books very many lines takes both in this order.
    locks.share_ledger(session)
    head = join(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    # Nothing has the number 0: that locks the bin alone.
    whole = Key(part.id if part else 0, location.id)
    everything = _lock(posting, head, location, whole, complete=bool(op["complete"]))
    counted_us = op.timing.effective_us
    window_start_us = counted_us - 1000 * (op["window_ms"] or 0)
    visit = Visit(
        op,
        posting,
        head or on_its_own(posting, op, window_start_us),
        counter_id,
        counted_us,
        window_start_us,
        as_set=part is None or part.tracking != "serial" or not op["serial"],
    )
    return _count(visit, part, location, everything)


def _lock(
    posting: Posting, head: CountSession | None, location: Place, counted: Key, *, complete: bool
) -> list[Key]:
    """Lock what is counted; of a `complete` bin all that it may hold, which is returned."""
    if not complete:
        posting.lock(counted)
        return []
    keys = _keys_in(posting.session, head, location)
    posting.lock(counted, *keys, whole_location=True)
    # What came in while this waited for the bin; behind the lock nothing more does.
    come = sorted(set(_keys_in(posting.session, head, location)) - set(keys))
    if come:
        posting.lock(*come, whole_location=True)
    return [*keys, *come]


def _part(session: Session, op: Op) -> Row[Any] | None:
    """What was counted; None where the bin is empty. Raises `Invalid` where neither is said."""
    if op["part"] is not None:
        return goods.part_row(session, op)
    if not op["complete"]:
        raise Invalid("part is missing.", field="part", code="malformed")
    if op["quantity"] or op["serials"] or op["lot"] or op["serial"]:
        raise Invalid("Say of which part.", field="part", code="malformed")
    return None


def _counter(session: Session, op: Op, actor: Actor) -> int:
    """Who counted: the actor, unless somebody types in what another one wrote on paper."""
    if op["counter"] is None:
        return actor.person_id
    require(actor, Permission.COUNT_PLAN)
    return goods.find(session, Kind.PERSON, "counter", op["counter"])


def _count(
    visit: Visit, part: Row[Any] | None, location: Place, everything: list[Key]
) -> dict[str, Any]:
    posting = visit.posting
    numbers = _numbers(visit, part, location)
    before = on_hand(posting, [key for key, _ in numbers])
    filled = fill(visit, numbers)
    questions = [question for line in filled.fresh for question in _look_around(visit, line)]
    warnings = [] if visit.planned else _bring_all(posting, filled.lines)
    zeros = _count_the_rest(visit, filled, everything, location) if visit.op["complete"] else []
    _judge(visit, [*filled.lines, *zeros])
    posting.settle()
    close_if_counted(visit.session, visit.head, visit.posting.now_us)
    if filled.stale:
        warnings.append(_LATER)
    shift = {
        "before": format_quantity(before),
        "after": format_quantity(on_hand(posting, [key for key, _ in numbers])),
    }
    blind = visit.planned and visit.head.blind
    lines = filled.lines or zeros
    return {
        "count": visit.head.id,
        **(goods.names_json(part, location) if part else _bin_json(location)),
        **(lines_json(lines, blind=blind) if lines else _nothing_json(visit)),
        **({} if blind or not part else shift),
        **goods.asked([_shown(question, blind=blind) for question in questions]),
        **({"zeroed": _records(zeros)} if visit.op["complete"] else {}),
        **({"warnings": warnings} if warnings else {}),
        **({"attention": _NOT_OPEN} if visit.op["count"] and not visit.planned else {}),
    }


def _numbers(visit: Visit, part: Row[Any] | None, location: Place) -> list[tuple[Key, int]]:
    if part is None:
        return []
    return [
        (mark.at(part.id, location.id), quantity)
        for mark, quantity in picking.counted(visit.session, visit.op, part, location)
    ]


def _keys_in(session: Session, head: CountSession | None, location: Place) -> list[Key]:
    """All that the books know of in the bin, and what is to be counted there besides."""
    keys = counting.keys_at(session, location.id)
    if head is not None:
        known = {key[:3] for key in keys}
        waiting = sessions.records_to_count(session, head.id, location.id)
        keys += [Key(*record) for record in waiting if record not in known]
    return keys


def _bring_all(posting: Posting, lines: list[CountLine]) -> list[dict[str, str]]:
    return [warning for line in lines for warning in bring_here(posting, line)]


def _judge(visit: Visit, lines: list[CountLine]) -> None:
    """What is counted after the submission, or on its own, is judged at once."""
    if visit.head.state == SessionState.SUBMITTED:
        settle_records(visit.posting, visit.head, [sessions.record_of(line) for line in lines])


def _records(lines: list[CountLine]) -> int:
    """How many records these lines are of: how many serials one has, the books alone know."""
    return len({sessions.record_of(line) for line in lines})


def _nothing_json(visit: Visit) -> dict[str, Any]:
    """An empty bin of which the books hold nothing either."""
    return {"state": (LineState.COUNTED if visit.planned else LineState.POSTED).value}


def _bin_json(location: Place) -> dict[str, str]:
    return {"location": location.code, "location_name": location.name}


def _shown(question: dict[str, Any], *, blind: bool) -> dict[str, Any]:
    """Which side is likelier would tell a blind counter what the books say."""
    return {**question, "preselected": None} if blind else question


def on_hand(posting: Posting, keys: list[Key]) -> int:
    """On hand as people see it: of one key, or of the part in the bin over all of its keys."""
    if not keys:
        return 0
    if len(keys) == 1:
        return picking.on_hand(posting, keys[0])
    return lots.total_at(posting.session, keys[0].part_id, keys[0].location_id)


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


def _count_the_rest(
    visit: Visit, counted: Filled, keys: list[Key], location: Place
) -> list[CountLine]:
    """Every other key of the bin that this visit did not count gets a line with 0."""
    session = visit.session
    at_us = max((line.counted_us or 0 for line in counted.fresh), default=visit.counted_us)
    complete = CompleteBin(
        session_id=visit.head.id,
        location_id=location.id,
        effective_us=at_us,
        window_start_us=visit.window_start_us,
        person_id=visit.counter_id,
        operation_id=visit.op.id,
    )
    session.add(complete)
    session.flush()
    for line in counted.fresh:
        line.complete_bin_id = complete.id
    session.flush()
    rest = sorted(set(keys) - _visited(visit, counted.lines, at_us, location))
    filled = fill(visit, [(key, 0) for key in rest], complete.id)
    for line in filled.fresh:
        _look_around(visit, line)
    return filled.fresh


def _visited(visit: Visit, counted: list[CountLine], at_us: int, location: Place) -> set[Key]:
    """What was counted in this bin in this visit, or by this person in the same planned count.

    An empty bin holds none of it: that is said with a quantity of 0 and no part.
    """
    if not counted and visit.op["quantity"] is not None:
        return set()
    session = visit.session
    found = counting.keys_counted(session, location.id, visit.window_start_us, at_us)
    if visit.planned:
        found |= counting.keys_counted_by(session, visit.head.id, location.id, visit.counter_id)
    return found | {key_of(line) for line in counted}
