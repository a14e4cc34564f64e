"""Judging a record of a count: what its attempts say together, and who counts it again."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stockscan.domain.counts import OPEN, Attempt, LineState, Tolerance, Verdict, judge
from stockscan.services.counts.serials import contradiction
from stockscan.store.counts import CountLine, CountSession, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.counts.sessions import Record
from stockscan.store.parts import Part, PartWorth

# What an attempt that was counted and not decided yet can be.
UNDECIDED = frozenset(
    {
        LineState.COUNTED,
        LineState.MATCHED,
        LineState.NEEDS_RECOUNT,
        LineState.NEEDS_REVIEW,
    }
)

_STATES = {
    Verdict.ACCEPT: LineState.MATCHED,
    Verdict.RECOUNT: LineState.NEEDS_RECOUNT,
    Verdict.REVIEW: LineState.NEEDS_REVIEW,
}


def judge_record(
    session: Session, head: CountSession, record: Record, now_us: int, *, recounts: bool = True
) -> list[CountLine]:
    """Judge what was counted of a record; the lines that are accepted now.

    Nothing is booked. Variances are computed again as of each count. Another count is ordered
    where the verdict is to count again, unless `recounts` is false: then a person decides.
    """
    attempts = sessions.attempts_at(session, head.id, record)
    for line in attempts:
        if line.state == LineState.COUNTED and counting.waits_for_answer(session, line):
            line.state = LineState.MOVED_DURING_COUNT
    counted = [line for line in attempts if line.state in UNDECIDED]
    fresh = [line for line in counted if line.state == LineState.COUNTED]
    if not fresh:
        return []
    still_open = [line for line in attempts if line.state in OPEN]
    accepted = _accepted(session, head, counted)
    verdict = _verdict(head, counted, accepted, len(still_open), recounts=recounts)
    if verdict is not Verdict.WAIT:
        measure(session, head, counted, now_us)
        for line in fresh:
            line.state = _state_of(line, verdict, accepted)
    session.flush()
    if verdict is Verdict.RECOUNT and not still_open:
        order_again(session, head, fresh[-1])
    return [line for line in fresh if line.state == LineState.MATCHED]


def acceptable(session: Session, head: CountSession, line: CountLine) -> bool:
    """Whether the line may be booked without a person: it matches, or lies within tolerance."""
    if line.variance_milli == 0:
        return True
    cost_e4, abc_class = _worth(session, line.part_id)
    return Tolerance.from_json(head.tolerance).allows(
        variance_milli=line.variance_milli or 0,
        book_milli=line.book_milli or 0,
        cost_e4=cost_e4,
        abc_class=abc_class,
    )


def order_again(
    session: Session, head: CountSession, line: CountLine, person_id: int | None = None
) -> CountLine:
    """A line for the next attempt at a record, for somebody who did not count it if there is one.

    The serials of a part in a bin are counted again together.
    """
    record = sessions.record_of(line)
    attempts = sessions.attempts_at(session, head.id, record)
    if person_id is None:
        person_id = _another(head, attempts)
    following = CountLine(
        session_id=head.id,
        **record._asdict(),
        state=LineState.PENDING,
        place_order=line.place_order or _place_order(session, line),
        attempt=max((each.attempt for each in attempts), default=line.attempt) + 1,
        counter_id=person_id,
        recount_of_id=line.id,
    )
    if person_id is not None and sessions.has_open_elsewhere(session, following, person_id):
        following.counter_id = None
    session.add(following)
    session.flush()
    return following


def _accepted(session: Session, head: CountSession, counted: Sequence[CountLine]) -> frozenset[int]:
    """The lines that may be booked without a person, by id; their variances are kept for all."""
    found = set()
    for line in counted:
        counting.remember_variance(session, line)
        line.reason = contradiction(session, line)
        if not line.reason and acceptable(session, head, line):
            found.add(line.id)
    return frozenset(found)


def _verdict(
    head: CountSession,
    counted: Sequence[CountLine],
    accepted: frozenset[int],
    still_open: int,
    *,
    recounts: bool,
) -> Verdict:
    attempts = [
        Attempt(sum(line.variance_milli or 0 for line in lines), accepted.issuperset(ids))
        for lines, ids in _by_attempt(counted)
    ]
    # Whoever does not come any more is not waited for.
    counters = min(head.counters, len(attempts) + still_open)
    most = head.max_attempts if recounts else len(attempts)
    return judge(attempts, counters=counters, most=most)


def _by_attempt(counted: Sequence[CountLine]) -> list[tuple[list[CountLine], list[int]]]:
    grouped = [list(lines) for _, lines in groupby(counted, key=lambda line: line.attempt)]
    return [(lines, [line.id for line in lines]) for lines in grouped]


def _state_of(line: CountLine, verdict: Verdict, accepted: frozenset[int]) -> LineState:
    """One serial of a set that needs a person does not keep the others."""
    if verdict is Verdict.REVIEW and line.serial and line.id in accepted:
        return LineState.MATCHED
    return _STATES[verdict]


def measure(
    session: Session, head: CountSession, counted: Sequence[CountLine], now_us: int
) -> None:
    """Keep how far off the books were, once for each record: what its first attempt found."""
    if sessions.was_measured(session, head.id, sessions.record_of(counted[0])):
        return
    for line in counted:
        if line.attempt == counted[0].attempt:
            line.measured_cost_e4, line.measured_class = _worth(session, line.part_id)
            line.measured_us = now_us
            line.measured_book_milli = line.book_milli
            line.measured_variance_milli = line.variance_milli


def _worth(session: Session, part_id: int) -> tuple[int, str]:
    """The average cost of a part, or its list cost where it never had one, and its class."""
    row = session.execute(
        select(func.coalesce(PartWorth.average_e4, Part.list_cost_e4), Part.abc_class)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(Part.id == part_id)
    ).one()
    return row[0], row[1]


def _another(head: CountSession, attempts: Sequence[CountLine]) -> int | None:
    """Somebody of the count who did not count the record yet; None: whoever comes."""
    counted = {line.counter_id for line in attempts}
    others = [each for each in sessions.people_of(head) if each not in counted]
    return others[0] if others else None


def _place_order(session: Session, line: CountLine) -> int:
    place = sessions.place_of(session, line.session_id, line.location_id)
    return place.place_order if place else 0
