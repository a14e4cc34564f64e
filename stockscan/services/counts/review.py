"""Reviewing counts: what waits, posting with a second pair of eyes, rejecting."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import LineState
from stockscan.domain.errors import Invalid, NotAllowed, NotFound
from stockscan.domain.figures import format_quantity, iso
from stockscan.domain.operations import parse_id
from stockscan.services.counts.lines import acceptable, close_if_done, line_json, mark_json
from stockscan.services.counts.serials import contradiction
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import limits
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.counts import lines as counting
from stockscan.store.counts.lines import LineRow, QuestionRow
from stockscan.store.ledger import Posting, key_of


@dataclass(frozen=True, slots=True)
class CountPage:
    """One count: its lines and the questions that are still open."""

    id: str
    state: str
    lines: list[LineRow]
    questions: list[QuestionRow]


def count_list(ctx: Context) -> tuple[list[LineRow], list[LineRow]]:
    """Counted lines that wait for someone, and the latest others."""
    require(ctx.actor, Permission.READ)
    waiting = (LineState.NEEDS_REVIEW, LineState.MOVED_DURING_COUNT, LineState.NEEDS_RECOUNT)
    with reading() as connection:
        return (
            counting.line_rows(connection, CountLine.state.in_(waiting)),
            counting.line_rows(connection, CountLine.state.not_in(waiting), limit=50),
        )


def count_page(ctx: Context, count_id: str) -> CountPage:
    """One count. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    count_id = _known_form(count_id)
    with reading() as connection:
        lines = counting.line_rows(connection, CountLine.session_id == count_id)
        questions = counting.open_questions(connection, [line.id for line in lines])
    if not lines:
        raise NotFound("There is no such count.")
    return CountPage(count_id, lines[0].count_state, lines, questions)


def count_json(page: CountPage) -> dict[str, Any]:
    """A count as the API shows it."""
    return {
        "id": page.id,
        "state": page.state,
        "lines": [
            {
                "line": line.id,
                "state": line.state,
                "part": line.part,
                "location": line.location,
                **mark_json(line),
                "counted": format_quantity(line.counted_milli),
                "book": format_quantity(line.book_milli),
                "variance": format_quantity(line.variance_milli),
                "counted_at": iso(line.counted_us),
                "counter": line.counter,
                "approver": line.approver,
                "reason": line.reason,
            }
            for line in page.lines
        ],
        "questions": [
            {"line": row.line_id, "operation": row.operation, "preselected": row.preselected}
            for row in page.questions
        ],
    }


def post(
    ctx: Context,
    count_id: str,
    *,
    line_ids: list[int] | None = None,
    approve: bool = False,
    seen: dict[int, int] | None = None,
) -> dict[str, Any]:
    """Post counted lines of a count (all by default); posting twice changes nothing more.

    `seen` holds the variances (thousandths) that the reviewer looked at. A line whose variance
    is another one now and not acceptable goes back to review. Raises `NotAllowed` when the
    approver is the counter and someone else could approve.
    """
    actor = require(ctx.actor, Permission.COUNT_APPROVE if approve else Permission.COUNT_RECORD)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            head, lines = _lines_to_post(session, count_id, line_ids)
            _refuse_own(session, actor, lines, approve=approve)
            posting = counting.start_posting(session, ctx.new_id(), count_id, actor, ctx.now_us)
            posting.lock(*(key_of(line) for line in lines))
            for line in lines:
                session.refresh(line)
                _post_line(session, posting, line, approve=approve, seen=seen or {})
            posting.settle()
            close_if_done(session, head, ctx.now_us)
            return _count_json(head, lines)

    return retrying(work)


def reject(ctx: Context, count_id: str) -> dict[str, Any]:
    """Decide that a count that waits for review was wrong: nothing is booked."""
    actor = require(ctx.actor, Permission.COUNT_APPROVE)
    with unit_of_work() as session:
        head, lines = _lines_to_post(session, count_id, None)
        limits.refuse_outside(session, actor, {line.location_id for line in lines})
        for line in lines:
            if line.state != LineState.POSTED:
                line.state = LineState.REJECTED
        session.flush()
        close_if_done(session, head, ctx.now_us)
        return _count_json(head, lines)


def _known_form(count_id: str) -> str:
    try:
        return parse_id(count_id)
    except Invalid:
        raise NotFound("There is no such count.") from None


def _lines_to_post(
    session: Session, count_id: str, line_ids: list[int] | None
) -> tuple[CountSession, list[CountLine]]:
    head = session.get(CountSession, _known_form(count_id))
    if head is None:
        raise NotFound("There is no such count.")
    lines = [
        line
        for line in counting.lines_of_session(session, count_id)
        if line_ids is None or line.id in line_ids
    ]
    if line_ids is not None and len(lines) != len(set(line_ids)):
        raise NotFound("A line is not of this count.", field="lines")
    return head, [line for line in lines if line.state != LineState.VOIDED]


def _refuse_own(session: Session, actor: Actor, lines: list[CountLine], *, approve: bool) -> None:
    own = any(line.counter_id == actor.person_id for line in lines)
    if approve and own and not counting.single_user(session):
        raise NotAllowed("Someone else must approve your own count.", code="own_count")


def _post_line(
    session: Session, posting: Posting, line: CountLine, *, approve: bool, seen: dict[int, int]
) -> None:
    if line.state in {LineState.POSTED, LineState.REJECTED, LineState.MOVED_DURING_COUNT}:
        return
    counting.remember_variance(session, line)
    changed = seen.get(line.id, line.variance_milli) != line.variance_milli
    twice = contradiction(posting, line)
    if twice:
        line.state, line.reason = LineState.NEEDS_REVIEW, twice
        session.flush()
        return
    if acceptable(posting, line) or (approve and not changed):
        posting.post(line, approver_id=posting.person_id if approve else None)
        return
    line.state = LineState.NEEDS_REVIEW
    line.reason = "Stock moved since you looked. Look again." if changed else line.reason
    session.flush()


def _count_json(head: CountSession, lines: list[CountLine]) -> dict[str, Any]:
    return {"id": head.id, "state": head.state, "lines": [line_json(line) for line in lines]}
