"""Posting a count: what matches is booked as it is, the rest when somebody approved it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.errors import Conflict, NotAllowed
from stockscan.services.counts.answers import answer, head_of, now
from stockscan.services.counts.booking import book, close_if_done
from stockscan.services.counts.judging import UNDECIDED, acceptable
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import limits, locks
from stockscan.store.counts import CountLine, CountSession, bulk, deciding, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import Posting, key_of
from stockscan.store.settings import load

# So many lines are booked in one transaction, so that nobody waits long for the ledger.
_CHUNK: Final = 2_000
_ONE_BY_ONE: Final = 200

# What may be booked without anybody's decision.
_NEED_NOBODY: Final = frozenset({LineState.COUNTED, LineState.MATCHED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer said: approved or not, what was looked at, and why the books were wrong."""

    approve: bool = False
    seen: dict[int, int] = field(default_factory=dict)
    cause: str = ""
    note: str = ""


def post(
    ctx: Context,
    count_id: str,
    *,
    line_ids: Collection[int] | None = None,
    approve: bool = False,
    seen: dict[int, int] | None = None,
    cause: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Book counted lines of a count (all by default); posting twice changes nothing more.

    Without `approve` only what matches or lies within tolerance is booked. `seen` holds the
    variances (thousandths) that the reviewer looked at. A line whose variance is another one now
    and not acceptable goes back to review. Raises `NotAllowed` when the approver is the counter
    and someone else could approve, `Conflict` when the count was cancelled.
    """
    actor = require(ctx.actor, Permission.COUNT_APPROVE if approve else Permission.COUNT_RECORD)
    said = Decision(approve, seen or {}, cause, note)
    if line_ids is None:
        if approve:
            with reading() as connection:
                refuse_role(connection, actor)
        booked = _book_plain(ctx, actor, count_id, said)
        states = UNDECIDED if approve else _NEED_NOBODY
        _book_rest(ctx, actor, count_id, said, states, insist=booked == 0)
        return now(actor, count_id)

    def work() -> dict[str, Any]:
        with unit_of_work() as session:
            head = _bookable(session, count_id)
            lines = deciding.named(session, head.id, line_ids)
            _book_lines(ctx, session, actor, head, lines, said, insist=True)
            return answer(session, actor, head, line_ids)

    return retrying(work)


def approve_lines(
    ctx: Context,
    count_id: str,
    line_ids: Collection[int],
    seen: dict[int, int],
    *,
    cause: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Book these lines as somebody who may decide; see `post`."""
    return post(ctx, count_id, line_ids=line_ids, approve=True, seen=seen, cause=cause, note=note)


def book_accepted(ctx: Context, actor: Actor, count_id: str) -> None:
    """Book what was accepted without a person; what changed meanwhile waits for one."""
    _book_plain(ctx, actor, count_id, Decision())
    _book_rest(ctx, actor, count_id, Decision(), {LineState.MATCHED})


def _book_plain(ctx: Context, actor: Actor, count_id: str, said: Decision) -> int:
    """Book the lines of which nothing is unusual, some thousand at once; how many were booked.

    What changed meanwhile is left. Who is limited to some places, or gives a reason, books line by
    line.
    """

    def matching(posting: Posting, head: CountSession) -> int:
        return bulk.post_matching(posting, head.id, _CHUNK)

    def differing(posting: Posting, head: CountSession) -> int:
        own = said.approve and counting.single_user(posting.session)
        return bulk.post_differing(posting, head.id, _CHUNK, approve=said.approve, own=own)

    if actor.limited:
        return 0
    booked = _at_once(ctx, actor, count_id, matching)
    if not (said.cause or said.note or said.seen):
        booked += _at_once(ctx, actor, count_id, differing)
    return booked


def _at_once(
    ctx: Context, actor: Actor, count_id: str, book_some: Callable[[Posting, CountSession], int]
) -> int:
    """Book some, in a transaction of their own, as often as there are some."""

    def work() -> int:
        with unit_of_work() as session:
            locks.hold_ledger(session)
            head = head_of(session, count_id)
            if head.state == SessionState.CANCELLED or not sessions.has_live_lines(
                session, head.id
            ):
                return 0
            posting = counting.start_posting(session, ctx.new_id(), head.id, actor, ctx.now_us)
            booked = book_some(posting, head)
            close_if_done(session, head, ctx.now_us)
            if not booked:
                session.rollback()
            return booked

    total = 0
    while booked := retrying(work):
        total += booked
    return total


def _book_rest(
    ctx: Context,
    actor: Actor,
    count_id: str,
    said: Decision,
    states: Collection[LineState],
    *,
    insist: bool = False,
) -> None:
    """Book what is left line by line, some hundred in one transaction."""

    def work(after_id: int) -> int:
        with unit_of_work() as session:
            head = _bookable(session, count_id)
            lines = deciding.undecided(session, head.id, states, _ONE_BY_ONE, after_id)
            first = insist and not after_id
            _book_lines(ctx, session, actor, head, lines, said, insist=first)
            return lines[-1].id if len(lines) == _ONE_BY_ONE else 0

    after_id = retrying(partial(work, 0))
    while after_id:
        after_id = retrying(partial(work, after_id))


def _bookable(session: Session, count_id: str) -> CountSession:
    """The count, held; `Conflict` when it was cancelled."""
    locks.share_ledger(session)
    head = head_of(session, count_id)
    if head.state == SessionState.CANCELLED:
        raise Conflict("This count was cancelled. Nothing of it is booked.")
    return head


def _book_lines(
    ctx: Context,
    session: Session,
    actor: Actor,
    head: CountSession,
    lines: Sequence[CountLine],
    said: Decision,
    *,
    insist: bool,
) -> None:
    """Book these lines as far as it may be, as one operation; none where none may be."""
    lines = [line for line in lines if line.state in UNDECIDED]
    if not insist:
        lines = [line for line in lines if not limits.is_outside(session, actor, line.location_id)]
    if said.approve:
        refuse_role(session, actor)
        lines = _without_own(session, actor, head, lines, insist=insist)
    else:
        lines = [line for line in lines if _needs_nobody(session, actor, head, line)]
    if not lines:
        return
    posting = counting.start_posting(session, ctx.new_id(), head.id, actor, ctx.now_us)
    posting.lock(*(key_of(line) for line in lines))
    approver_id = actor.person_id if said.approve else None
    # The newest attempt first: where it is booked, the others are over.
    for line in sorted(lines, key=lambda each: each.attempt, reverse=True):
        if line.state not in UNDECIDED:
            continue
        book(posting, head, line, approver_id=approver_id, seen_milli=said.seen.get(line.id))
        line.cause = said.cause or line.cause
        if line.state == LineState.POSTED:
            line.reason = said.note
    posting.settle()
    close_if_done(session, head, ctx.now_us)


def _needs_nobody(session: Session, actor: Actor, head: CountSession, line: CountLine) -> bool:
    """Whether the line was accepted, or may be booked as it is now without a person.

    Whether it is would tell a blind counter how near they came, who may still count again.
    """
    if line.state == LineState.COUNTED:
        own = line.counter_id == actor.person_id and not actor.may(Permission.COUNT_APPROVE)
        if head.counters > 1 or (own and head.blind and head.state == SessionState.OPEN):
            return False
    return line.state == LineState.MATCHED or _passes(session, head, line)


def refuse_role(session: Session | Connection, actor: Actor) -> None:
    """Raises `NotAllowed` for somebody whose role decides nothing by the company's settings."""
    ranks = list(Role)
    least = Role(load(session).count_approver)
    if ranks.index(actor.role) < ranks.index(least):
        raise NotAllowed(f"A count is approved by the role {least.value} or more.")


def _without_own(
    session: Session,
    actor: Actor,
    head: CountSession,
    lines: Sequence[CountLine],
    *,
    insist: bool,
) -> list[CountLine]:
    """The lines that the actor may approve: not their own, unless nobody else could.

    With `insist` it raises `NotAllowed` where there are no others.
    """
    own = deciding.own_lines(session, lines, actor.person_id)
    if not own or counting.single_user(session):
        return list(lines)
    needing = {line.id for line in lines if line.id in own and not _passes(session, head, line)}
    others = [line for line in lines if line.id not in needing]
    if needing and insist and not others:
        raise NotAllowed("Someone else must approve your own count.", code="own_count")
    return others


def _passes(session: Session, head: CountSession, line: CountLine) -> bool:
    counting.remember_variance(session, line)
    return acceptable(session, head, line)
