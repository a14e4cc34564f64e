"""Where a movement or a count stands in the order of its key, and the questions that remain.

The rules are numbered as in docs/counts.md: windows (6) and uncertain times (7).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stockscan.domain.counts import LineState, Side, likely_side
from stockscan.domain.ledger import Key, Timing, free_instant
from stockscan.store.counts import (
    CountLine,
    CountQuestion,
    current,
    same_key,
    taken_by_counts,
    unvoided_lines,
)
from stockscan.store.ledger import Posting
from stockscan.store.operations import Operation
from stockscan.store.stock import (
    GOODS_KINDS,
    Movement,
    book_at_count,
    booked_on_line,
    instants_near,
    live_goods,
    unreversed,
)

# How far around a wanted instant a free one is looked for, in microseconds.
_NEAR_US = 4096


@dataclass(frozen=True, slots=True)
class Capture:
    """Which phone took a scan, and as its how-many-eth; "" and 0 where not known."""

    device: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """The instant a movement gets, and the lines about which a person must be asked."""

    effective_us: int
    questions: tuple[tuple[CountLine, str, Side], ...] = ()


def place_goods(
    posting: Posting, key: Key, timing: Timing, *, taken_milli: int, capture: Capture
) -> Placed:
    """Where a new movement stands. `taken_milli` is what left the key (0 for what came in).

    Inside a count's window it stands before that count until someone says otherwise; where it may
    lie on either side of a count, the likelier side is preselected.
    """
    wanted, session, newest = timing.effective_us, posting.session, posting.newest(key)
    if newest.moved_us < wanted and newest.counted_us < timing.earliest_us:
        return Placed(wanted)
    questions: list[tuple[CountLine, str, Side]] = []
    for line in reversed(unvoided_lines(session, key, low_us=wanted, high_us=wanted)):
        if _certainly_after(session, line, capture):
            wanted = max(wanted, (line.counted_us or 0) + 1)
        elif not _certainly_before(session, line, capture):
            questions.append((line, "window", Side.BEFORE))
    if taken_milli and not timing.certain:
        earlier = _walk_back(session, key, timing.earliest_us, wanted, taken_milli)
        return Placed(earlier.effective_us, (*questions, *earlier.questions))
    return Placed(_free(session, key, wanted), tuple(questions))


def before_line(session: Session, key: Key, line: CountLine, movement: Movement) -> Placed:
    """Where a taking stands that was before `line`: as late as possible, or before older counts."""
    earliest = session.scalar(
        select(Operation.earliest_us).where(Operation.id == movement.origin_id)
    )
    counted_us = line.counted_us or 0
    return _walk_back(
        session,
        key,
        earliest or counted_us,
        counted_us,
        -movement.quantity_milli,
        asked=_asked_about(session, movement.origin_id),
    )


def after_line(session: Session, key: Key, line: CountLine, movement: Movement) -> int:
    """Where a taking stands that was after `line`: when it says it was, or before newer counts
    that it is known to precede."""
    counted_us = line.counted_us or 0
    asked = session.scalars(
        select(CountQuestion.line_id).where(
            CountQuestion.origin_id == movement.origin_id,
            func.coalesce(CountQuestion.answer, CountQuestion.preselected) == Side.BEFORE,
        )
    ).all()
    lines = [now for now in (current(session, one) for one in asked) if now is not None]
    newer = [
        other
        for other in lines
        if other.state != LineState.VOIDED and (other.counted_us or 0) > counted_us
    ]
    if newer:
        first = min(newer, key=lambda other: other.counted_us or 0)
        return just_before(session, key, first)
    said = session.scalar(select(Operation.effective_us).where(Operation.id == movement.origin_id))
    return just_after(session, key, line, said or 0)


def just_before(session: Session, key: Key, line: CountLine) -> int:
    """A free instant right before a counted line."""
    return _free(session, key, line.counted_us or 0)


def just_before_row(session: Session, key: Key, movement: Movement) -> int:
    """An instant right before a movement, free or shared with an earlier movement."""
    movements, counts = _taken(session, key, movement.effective_us)
    wanted = movement.effective_us - 1
    while wanted in counts:
        wanted -= 1
    return movement.effective_us - 1 if wanted in movements else wanted


def just_after(session: Session, key: Key, line: CountLine, wanted_us: int) -> int:
    """`wanted_us`, or a free instant right after the line where that lies before it."""
    wanted_us = max(wanted_us, (line.counted_us or 0) + 1)
    movements, counts = _taken(session, key, wanted_us)
    while wanted_us in counts:
        wanted_us += 1
    return free_instant(wanted_us, movements, counts)


def put_back(posting: Posting, key: Key, origin_id: str) -> None:
    """Goods that a likely answer had moved back in time stand again where they were said to be."""
    session = posting.session
    said = session.scalar(select(Operation.effective_us).where(Operation.id == origin_id)) or 0
    for row in live_goods(session, origin_id):
        if (row.part_id, row.location_id, row.lot, row.serial) == key and row.effective_us < said:
            posting.retime(row, _free(session, key, said))


def place_count(session: Session, key: Key, wanted_us: int) -> int:
    """The instant of a count: the wanted one, moved by a microsecond where another event has it.

    A count is never moved across a movement: one that shares its instant stands before it.
    """
    movements, counts = _taken(session, key, wanted_us)
    if wanted_us not in movements and wanted_us not in counts:
        return wanted_us
    following = wanted_us + 1
    return wanted_us if following in movements or following in counts else following


def unexplained(session: Session, key: Key, line: CountLine) -> int:
    """By how much the count differs from what the books explain so far."""
    if line.state == LineState.POSTED:
        return booked_on_line(session, line.id)
    counted_us = line.counted_us or 0
    return (line.counted_milli or 0) - book_at_count(session, key, counted_us)


def moved_during(session: Session, key: Key, low_us: int, high_us: int) -> Sequence[Movement]:
    """Goods rows of the key that stand in [low_us, high_us], in physical order."""
    rows = session.scalars(
        unreversed(
            *same_key(Movement, key),
            Movement.kind.in_(GOODS_KINDS),
            Movement.effective_us.between(low_us, high_us),
        )
    ).all()
    return sorted(rows, key=lambda row: (row.effective_us, row.seq))


def maybe_before(session: Session, key: Key, counted_us: int) -> Sequence[Movement]:
    """Takings booked after `counted_us` that may have happened before it, in physical order.

    One that is held to lie after a newer count lies after this one too.
    """
    after_newer = (
        select(CountQuestion.id)
        .join(CountLine, CountLine.id == CountQuestion.line_id)
        .where(
            CountQuestion.origin_id == Movement.origin_id,
            func.coalesce(CountQuestion.answer, CountQuestion.preselected) == Side.AFTER,
            CountLine.counted_us > counted_us,
        )
        .exists()
    )
    rows = session.scalars(
        unreversed(
            *same_key(Movement, key),
            Movement.kind.in_(GOODS_KINDS),
            Movement.quantity_milli < 0,
            Movement.effective_us > counted_us,
            ~after_newer,
        )
        .join(Operation, Operation.id == Movement.origin_id)
        .where(Operation.earliest_us <= counted_us)
    ).all()
    return sorted(rows, key=lambda row: (row.effective_us, row.seq))


def captured_as(session: Session, operation_id: str | None) -> Capture:
    """The phone and its counter with which an operation was captured."""
    row = session.execute(
        select(Operation.device, Operation.capture).where(Operation.id == operation_id)
    ).first()
    return Capture(*row) if row else Capture()


def ask(
    session: Session, origin_id: str, questions: Sequence[tuple[CountLine, str, Side]], now_us: int
) -> None:
    """Keep the questions until someone answers."""
    for line, reason, side in questions:
        session.add(
            CountQuestion(
                line_id=line.id,
                origin_id=origin_id,
                reason=reason,
                preselected=side,
                asked_us=now_us,
            )
        )
    session.flush()


def _walk_back(
    session: Session,
    key: Key,
    earliest_us: int,
    wanted_us: int,
    taken_milli: int,
    asked: frozenset[int] = frozenset(),
) -> Placed:
    """Pass the counts between `wanted_us` and `earliest_us`, newest first, as is likely."""
    questions: list[tuple[CountLine, str, Side]] = []
    for line in reversed(unvoided_lines(session, key, low_us=earliest_us, high_us=wanted_us)):
        if (line.counted_us or 0) >= wanted_us:
            continue
        side = likely_side(variance_milli=unexplained(session, key, line), taken_milli=taken_milli)
        if line.id not in asked:
            questions.append((line, "uncertain", side))
        if side is Side.AFTER:
            break
        wanted_us = line.counted_us or 0
    return Placed(_free(session, key, wanted_us), tuple(questions))


def _asked_about(session: Session, origin_id: str) -> frozenset[int]:
    return frozenset(
        session.scalars(select(CountQuestion.line_id).where(CountQuestion.origin_id == origin_id))
    )


def _certainly_before(session: Session, line: CountLine, capture: Capture) -> bool:
    other = _same_phone(session, line, capture)
    return other is not None and capture.number < other.number


def _certainly_after(session: Session, line: CountLine, capture: Capture) -> bool:
    other = _same_phone(session, line, capture)
    return other is not None and capture.number > other.number


def _same_phone(session: Session, line: CountLine, capture: Capture) -> Capture | None:
    if not (capture.device and capture.number and line.device == capture.device):
        return None
    other = captured_as(session, line.operation_id)
    return other if other.number else None


def _free(session: Session, key: Key, wanted_us: int) -> int:
    movements, counts = _taken(session, key, wanted_us)
    while wanted_us in counts:
        wanted_us -= 1
    return free_instant(wanted_us, movements, counts)


def _taken(session: Session, key: Key, around_us: int) -> tuple[set[int], set[int]]:
    low, high = around_us - _NEAR_US, around_us + _NEAR_US
    return instants_near(session, key, low, high), taken_by_counts(session, key, low, high)
