"""One look into a bin, and the lines that it fills, of a planned count or of one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from stockscan.domain.counts import OPEN, LineState, SessionState
from stockscan.domain.figures import parse_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.counts.plans import usual_tolerance
from stockscan.services.counts.reopening import forget_look
from stockscan.store import placing
from stockscan.store.counts import CountEntry, CountLine, CountSession, sessions
from stockscan.store.counts.sessions import Record
from stockscan.store.ledger import Posting, key_of
from stockscan.store.settings import load

# Counted, and not judged yet: the same person's next count of it takes its place.
_NOT_JUDGED: Final = frozenset({LineState.COUNTED, LineState.MOVED_DURING_COUNT})


@dataclass(frozen=True, slots=True)
class Visit:
    """One look into a bin: who counted when, over which window, and the writer of what follows.

    `as_set` tells that all serials of a part there were counted, not one of them.
    """

    op: Op
    posting: Posting
    head: CountSession
    counter_id: int
    counted_us: int
    window_start_us: int
    as_set: bool = True

    @property
    def session(self) -> Session:
        """The open unit of work."""
        return self.posting.session

    @property
    def planned(self) -> bool:
        """Whether this is part of a planned count, and no count of its own."""
        return self.head.id != self.op.id


@dataclass(frozen=True, slots=True)
class Filled:
    """What a visit counted: its lines, and whether each is news or was counted later already."""

    lines: list[CountLine]
    stale: frozenset[int] = frozenset()

    @property
    def fresh(self) -> list[CountLine]:
        """The lines that say what this visit counted."""
        return [line for line in self.lines if line.id not in self.stale]


def join(session: Session, op: Op) -> CountSession | None:
    """The planned count that the operation is for, held; None where it takes nothing (any more)."""
    head = _held(session, op["count"]) if op["count"] else None
    takes = {SessionState.OPEN, SessionState.SUBMITTED}
    if head is None or head.things != "parts" or head.state not in takes:
        return None
    return head


def _held(session: Session, count_id: str) -> CountSession | None:
    """The count, held as far as it is needed.

    What is counted after the submission is judged at once, and may end the count: it is held alone
    from the start then, because two who share it would wait for each other.
    """
    if sessions.state_of(session, count_id) == SessionState.SUBMITTED:
        return sessions.held(session, count_id)
    head = sessions.joined(session, count_id)
    if head is not None and head.state == SessionState.SUBMITTED:
        head = sessions.held(session, count_id)
    return head


def on_its_own(posting: Posting, op: Op, opened_us: int) -> CountSession:
    """A count of its own: submitted as soon as it is there, judged once, booked if it may be."""
    head = CountSession(
        id=op.id,
        method="adhoc",
        state=SessionState.SUBMITTED,
        blind=False,
        max_attempts=1,
        posts_itself=True,
        tolerance=usual_tolerance(load(posting.session)).to_json(),
        created_by=posting.person_id,
        opened_us=opened_us,
        submitted_us=posting.now_us,
    )
    posting.session.add(head)
    posting.session.flush()
    return head


def fill(visit: Visit, numbers: Sequence[tuple[Key, int]], bin_id: int | None = None) -> Filled:
    """Put the counted numbers into lines of the count; a line is made where it has none.

    What the same person counted before and nobody judged yet is replaced; where that was counted
    later than this, it stands and this is only kept with it.
    """
    lines: list[CountLine] = []
    stale: set[int] = set()
    for _, grouped in groupby(numbers, key=lambda number: _record(number[0])):
        of_record = list(grouped)
        found = _lines_for(visit, [key for key, _ in of_record])
        for line, (key, milli) in zip(found, of_record, strict=True):
            if line.counted_us is not None and line.counted_us > visit.counted_us:
                stale.add(line.id)
            else:
                _count_on(visit, line, key, milli, bin_id)
            _keep_entries(visit, line, milli)
        lines += found
    return Filled(lines, frozenset(stale))


def _record(key: Key) -> Record:
    return Record(key.part_id, key.location_id, key.lot)


def _lines_for(visit: Visit, keys: list[Key]) -> list[CountLine]:
    """A line for each of these keys, which are the serials of one record, or its only key."""
    if not visit.planned:
        return [_new_line(visit, key, 1) for key in keys]
    attempts = sessions.attempts_at(visit.session, visit.head.id, _record(keys[0]))
    mine = [
        line
        for line in attempts
        if line.counter_id == visit.counter_id and line.state in _NOT_JUDGED
    ]
    to_count = [] if mine or not visit.as_set else _to_count(attempts, visit.counter_id)
    first = [*mine, *to_count]
    attempt = first[0].attempt if first else 1 + max((each.attempt for each in attempts), default=0)
    by_key = {key_of(line): line for line in mine}
    if visit.as_set:
        for key, line in by_key.items():
            if key not in keys:
                line.state, line.voided_us = LineState.VOIDED, visit.posting.now_us
    found: list[CountLine] = []
    for key in keys:
        if key in by_key:
            found.append(by_key[key])
        elif to_count:
            found.append(to_count.pop())
        else:
            found.append(_new_line(visit, key, attempt))
    return found


def _to_count(attempts: Sequence[CountLine], person_id: int) -> list[CountLine]:
    """The line that waits for the person, else one that waits for whoever comes."""
    waiting = [line for line in attempts if line.state in OPEN]
    own = [line for line in waiting if line.counter_id == person_id]
    anyone = [line for line in waiting if line.counter_id is None]
    return (own or anyone)[:1]


def _new_line(visit: Visit, key: Key, attempt: int) -> CountLine:
    """A line that was not planned: it has no place on the way."""
    line = CountLine(
        session_id=visit.head.id,
        **key._asdict(),
        state=LineState.COUNTED,
        attempt=attempt,
        counter_id=visit.counter_id,
    )
    visit.session.add(line)
    return line


def _count_on(visit: Visit, line: CountLine, key: Key, milli: int, bin_id: int | None) -> None:
    """Write what was counted on a line, in place of what may stand there."""
    if line.operation_id is not None:
        forget_look(visit.posting, line)
    line.counted_us = placing.place_count(visit.session, key, visit.counted_us)
    line.serial, line.state = key.serial, LineState.COUNTED
    line.counter_id, line.device = visit.counter_id, visit.op.device
    line.window_start_us, line.counted_milli = visit.window_start_us, milli
    line.operation_id, line.complete_bin_id = visit.op.id, bin_id
    visit.session.flush()


def _keep_entries(visit: Visit, line: CountLine, milli: int) -> None:
    """Keep how the number came about: what the display showed after each entry."""
    shown = [0]
    for text in visit.op["entries"] or ():
        entered = parse_quantity(text.removeprefix("+"), field="entries", zero=True)
        shown.append(shown[-1] + entered if text.startswith("+") else entered)
    if len(shown) == 1 or shown[-1] != milli:
        shown.append(milli)
    visit.session.add_all(
        CountEntry(
            line_id=line.id,
            quantity_milli=each,
            at_us=visit.counted_us,
            person_id=visit.counter_id,
            operation_id=visit.op.id,
        )
        for each in shown[1:]
    )
