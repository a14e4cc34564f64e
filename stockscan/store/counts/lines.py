"""Counted lines: finding them, voiding and replacing them, and what was answered about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.orm import Session

from stockscan.domain.access import GRANTS, Actor, Permission
from stockscan.domain.counts import LineState, Side
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op, canonical, digest
from stockscan.store.counts import CountLine, CountQuestion
from stockscan.store.ledger import Posting, key_of
from stockscan.store.operations import Operation
from stockscan.store.people import Person
from stockscan.store.placing import captured_as
from stockscan.store.settings import load
from stockscan.store.stock import Balance, Movement, book_at_count


def keys_at(session: Session, location_id: int) -> list[Key]:
    """Every key that was ever booked at the location."""
    rows = session.execute(
        select(Balance.part_id, Balance.location_id, Balance.lot, Balance.serial).where(
            Balance.location_id == location_id
        )
    )
    return [Key(*row) for row in rows]


def keys_counted(session: Session, location_id: int, low_us: int, high_us: int) -> set[Key]:
    """The keys of a location that were counted in [low_us, high_us]."""
    rows = session.execute(
        select(CountLine.part_id, CountLine.location_id, CountLine.lot, CountLine.serial).where(
            CountLine.location_id == location_id,
            CountLine.counted_us.between(low_us, high_us),
            CountLine.state != LineState.VOIDED,
        )
    )
    return {Key(*row) for row in rows}


def keys_counted_by(session: Session, count_id: str, location_id: int, person_id: int) -> set[Key]:
    """The keys of a location that the person counted in a planned count."""
    rows = session.execute(
        select(CountLine.part_id, CountLine.location_id, CountLine.lot, CountLine.serial).where(
            CountLine.session_id == count_id,
            CountLine.location_id == location_id,
            CountLine.counter_id == person_id,
            CountLine.counted_us.is_not(None),
            CountLine.state != LineState.VOIDED,
        )
    )
    return {Key(*row) for row in rows}


def lines_of_operation(session: Session, operation_id: str) -> Sequence[CountLine]:
    """The lines that an operation counted, and what replaced them."""
    return session.scalars(
        select(CountLine)
        .where(CountLine.operation_id == operation_id)
        .order_by(CountLine.id)
        .execution_options(populate_existing=True)
    ).all()


def remember_variance(session: Session, line: CountLine) -> None:
    """Compute book and variance as of the count's position and keep them for review."""
    line.book_milli = book_at_count(session, key_of(line), line.counted_us or 0)
    line.variance_milli = (line.counted_milli or 0) - line.book_milli
    session.flush()


def waits_for_answer(session: Session, line: CountLine) -> bool:
    """Whether nobody has said yet on which side of the count something in its window lies."""
    asked = select(CountQuestion.id).where(
        CountQuestion.line_id == line.id,
        CountQuestion.reason == "window",
        CountQuestion.answer.is_(None),
    )
    return session.scalar(asked.limit(1)) is not None


def mark_moved(session: Session, count_id: str, counter_id: int | None = None) -> None:
    """Counted lines of a person, or of all, in whose windows something moved wait for the answer.

    It may have come in late, after they were counted.
    """
    asked = select(CountQuestion.id).where(
        CountQuestion.line_id == CountLine.id,
        CountQuestion.reason == "window",
        CountQuestion.answer.is_(None),
    )
    of_whom = () if counter_id is None else (CountLine.counter_id == counter_id,)
    session.execute(
        update(CountLine)
        .where(
            CountLine.session_id == count_id,
            CountLine.state == LineState.COUNTED,
            asked.exists(),
            *of_whom,
        )
        .values(state=LineState.MOVED_DURING_COUNT)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def drop_questions(session: Session, line: CountLine) -> Sequence[str]:
    """Forget what was asked about a look that does not stand; the goods that were moved for it.

    Returns the operations whose goods stand before the look only because that was likelier. What
    somebody answered to lie before it, lies before every later look too.
    """
    side = func.coalesce(CountQuestion.answer, CountQuestion.preselected)
    moved = (CountQuestion.reason == "uncertain") & (side == Side.BEFORE)
    of_line = CountQuestion.line_id == line.id
    unanswered = CountQuestion.answer.is_(None)
    held = session.scalars(select(CountQuestion.origin_id).where(of_line, moved, unanswered)).all()
    session.execute(
        delete(CountQuestion)
        .where(of_line, ~moved | unanswered)
        .execution_options(synchronize_session=False)
    )
    return held


def known_side(session: Session, op: Op, movement: Movement) -> Side | None:
    """The side of the count that the phone's own capture order proves for a movement."""
    other = captured_as(session, movement.origin_id)
    if not (op.device and op.capture and other.number and other.device == op.device):
        return None
    return Side.BEFORE if other.number < op.capture else Side.AFTER


def answers_of(session: Session, line: CountLine) -> dict[str, Side | None]:
    """The answers about movements in the line's window, by operation; None where still open."""
    rows = session.execute(
        select(CountQuestion.origin_id, CountQuestion.answer).where(
            CountQuestion.line_id.in_(_history(session, line)), CountQuestion.reason == "window"
        )
    )
    return {origin: Side(answer) if answer else None for origin, answer in rows}


def held_before(session: Session, line: CountLine) -> Sequence[str]:
    """The operations of uncertain time that stand before the line, by answer or preselection."""
    return session.scalars(
        select(CountQuestion.origin_id).where(
            CountQuestion.line_id.in_(_history(session, line)),
            CountQuestion.reason == "uncertain",
            func.coalesce(CountQuestion.answer, CountQuestion.preselected) == Side.BEFORE,
        )
    ).all()


def _history(session: Session, line: CountLine) -> list[int]:
    """The line and those that it replaced: a question stays where it was asked first."""
    identities, earlier = [line.id], line.replaces_id
    while earlier is not None:
        identities.append(earlier)
        earlier = session.scalar(select(CountLine.replaces_id).where(CountLine.id == earlier))
    return identities


def void(posting: Posting, line: CountLine) -> None:
    """Take a line out: a posted one by reversal, another one by its state alone."""
    if line.state == LineState.POSTED:
        posting.void(line)
        return
    line.state, line.voided_us = LineState.VOIDED, posting.now_us
    posting.session.flush()


def replacement(session: Session, posting: Posting, line: CountLine, counted_us: int) -> CountLine:
    """The same count at another instant: the line is voided, a new one takes its number over."""
    posting.void(line)
    moved = CountLine(
        session_id=line.session_id,
        part_id=line.part_id,
        location_id=line.location_id,
        lot=line.lot,
        serial=line.serial,
        state=LineState.COUNTED,
        attempt=line.attempt + 1,
        counter_id=line.counter_id,
        device=line.device,
        counted_us=counted_us,
        window_start_us=min(line.window_start_us or counted_us, counted_us),
        counted_milli=line.counted_milli,
        complete_bin_id=line.complete_bin_id,
        replaces_id=line.id,
        operation_id=line.operation_id,
        place_order=line.place_order,
        recount_of_id=line.recount_of_id,
        cause=line.cause,
        reason=line.reason,
    )
    session.add(moved)
    session.flush()
    return moved


def single_user(session: Session | Connection) -> bool:
    """Whether people may approve their own counts: until a second active approver exists."""
    if not load(session).single_user:
        return False
    approvers = [role for role, granted in GRANTS.items() if Permission.COUNT_APPROVE in granted]
    active = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.active, Person.role.in_(approvers), Person.password_hash.is_not(None))
    )
    return (active or 0) < 2


def start_posting(
    session: Session, posting_id: str, count_id: str, actor: Actor, now_us: int
) -> Posting:
    """The ledger's writer for posting a count, with an operation of its own to answer for it."""
    content = canonical({"kind": "post_count", "count": count_id})
    session.execute(
        insert(Operation).values(
            id=posting_id,
            kind="post_count",
            status="applied",
            actor_id=actor.person_id,
            device=actor.device,
            digest=digest(content),
            content=content,
            target_id=count_id,
            received_us=now_us,
            effective_us=now_us,
            earliest_us=now_us,
        )
    )
    return Posting(
        session,
        operation_id=posting_id,
        origin_id=posting_id,
        actor=actor,
        now_us=now_us,
    )


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """An open question about a line, with the story of the movement."""

    line_id: int
    operation: str
    kind: str
    person: str
    effective_us: int
    preselected: str


def open_questions(connection: Connection, line_ids: list[int]) -> list[QuestionRow]:
    """The unanswered questions about these lines."""
    rows = connection.execute(
        select(
            CountQuestion.line_id,
            CountQuestion.origin_id,
            Operation.kind,
            Person.name,
            Operation.effective_us,
            CountQuestion.preselected,
        )
        .join(Operation, Operation.id == CountQuestion.origin_id)
        .join(Person, Person.id == Operation.actor_id)
        .where(CountQuestion.line_id.in_(line_ids), CountQuestion.answer.is_(None))
        .order_by(Operation.effective_us)
    )
    return [QuestionRow(*row) for row in rows]
