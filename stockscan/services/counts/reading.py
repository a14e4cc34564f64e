"""Counts as programs read them, without what the reader still has to count blind."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import OPEN, LineState
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import format_money, format_quantity, iso, times
from stockscan.services.counts.answers import known_form
from stockscan.services.counts.lines import hides_mark, mark_json
from stockscan.services.work import Context, reading
from stockscan.store.counts import lines as counting
from stockscan.store.counts import reading as store
from stockscan.store.counts.blindness import is_hidden
from stockscan.store.counts.reading import HeadRow, LineRow

Json = dict[str, Any]

_UNJUDGED = OPEN | {LineState.COUNTED, LineState.MOVED_DURING_COUNT}


def list_counts(
    ctx: Context, *, after: int | None = None, limit: int = 100, states: Collection[str] = ()
) -> tuple[list[Json], int | None]:
    """Planned counts, the newest first, and the number after which the next page begins."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = store.heads(connection, after=after, limit=limit, states=states)
        sums = store.sums(connection, [row.id for row in rows])
    following = rows[-1].number if len(rows) == limit else None
    return [{**head_json(row), "sums": sums[row.id]} for row in rows], following


def read_count(ctx: Context, count_id: str, *, after: int = 0, limit: int = 500) -> Json:
    """One count with a page of its lines; `next` is the line after which the next page begins.

    Of a blind count the lines say nothing of the books before they are judged, nor of goods that
    the reader still has to count. Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        head = store.head(connection, known_form(count_id))
        if head is None or head.things != "parts":
            raise NotFound("There is no such count.")
        lines = store.lines(connection, head.id, after=after, limit=limit)
        sums = store.sums(connection, [head.id])
        questions = counting.open_questions(connection, [line.id for line in lines])
        keys = {(line.part_id, line.location_id) for line in lines}
        hidden = is_hidden(connection, actor, keys)
    return {
        **head_json(head),
        "sums": sums[head.id],
        "lines": [_line_json(line, head, hidden, actor.person_id) for line in lines],
        "questions": [
            {
                "line": row.line_id,
                "operation": row.operation,
                "preselected": None if head.blind else row.preselected,
            }
            for row in questions
        ],
        "next": lines[-1].id if len(lines) == limit else None,
    }


def head_json(head: HeadRow) -> Json:
    """A count itself."""
    return {
        "id": head.id,
        "number": f"CC-{head.number}" if head.number else None,
        "code": head.code,
        "name": head.name,
        "state": head.state,
        "things": head.things,
        "blind": head.blind,
        "counters": head.counters,
        "max_attempts": head.max_attempts,
        "posts_itself": head.posts_itself,
        "due_on": head.due_on.isoformat() if head.due_on else None,
        "made_by": head.made_by,
        "opened_at": iso(head.opened_us),
        "submitted_at": iso(head.submitted_us) if head.submitted_us else None,
        "ended_at": iso(head.ended_us) if head.ended_us else None,
    }


def _line_json(
    line: LineRow, head: HeadRow, hidden: AbstractSet[tuple[int, int]], reader_id: int
) -> Json:
    to_count = (line.part_id, line.location_id) in hidden
    others = to_count and line.counter_id != reader_id
    # What became of a count on its own tells how near it came.
    kept = to_count and head.number is None and line.counted_us is not None
    shown = {
        "line": line.id,
        "state": LineState.COUNTED if kept else line.state,
        "attempt": line.attempt,
        "part": line.part,
        "part_name": line.part_name,
        "part_number": line.part_number,
        "unit": line.unit,
        "location": line.location,
        "location_name": line.location_name,
        **(
            {}
            if _is_hidden(line, head, to_count=to_count) and hides_mark(line)
            else mark_json(line)
        ),
        "counted": None if others else _quantity(line.counted_milli),
        "counted_at": iso(line.counted_us) if line.counted_us is not None else None,
        "counter": line.counter,
        "approver": line.approver,
        "cause": line.cause,
    }
    if _is_hidden(line, head, to_count=to_count):
        return shown
    return {**shown, **_books_json(line)}


def _is_hidden(line: LineRow, head: HeadRow, *, to_count: bool) -> bool:
    return to_count or (head.blind and line.state in _UNJUDGED)


def _books_json(line: LineRow) -> Json:
    """What the books say: as of the count, or now where nobody has counted yet."""
    counted = line.counted_us is not None
    value_e4 = times(line.variance_milli or 0, line.cost_e4)
    return {
        "book": _quantity(line.book_milli if counted else line.on_hand_milli),
        "variance": _quantity(line.variance_milli),
        "value": None if line.variance_milli is None else format_money(value_e4),
        "reason": line.reason,
    }


def _quantity(milli: int | None) -> str | None:
    return None if milli is None else format_quantity(milli)
