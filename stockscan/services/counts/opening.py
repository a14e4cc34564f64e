"""Opening a count: a plan becomes places on a way, and a line for each record to be counted."""

import json

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import SessionState, Tolerance
from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Conflict, NotFound, RuleBroken
from stockscan.domain.operations import parse_id
from stockscan.services.counts.answers import refuse_counters, refuse_places
from stockscan.services.counts.plans import Opened, Plan, usual_tolerance
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import locks
from stockscan.store.counts import CountSession, opening, sessions
from stockscan.store.counts.opening import Shares
from stockscan.store.counts.schedule import inside
from stockscan.store.counts.scoping import keys_in_scope
from stockscan.store.settings import load


def open_count(ctx: Context, count_id: str, plan: Plan) -> Opened:
    """Open a count as planned, or keep it as a draft; the same id again answers the same.

    Raises `RuleBroken` when the plan holds nothing to count, `NotAllowed` for places that are not
    the actor's, `Conflict` when the id is that of something else, `Invalid` when it is no id.
    """
    require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> Opened:
        with unit_of_work() as session:
            return open_in(ctx, session, count_id, plan)

    return retrying(work)


def open_in(ctx: Context, session: Session, count_id: str, plan: Plan) -> Opened:
    """The same as a part of an open unit of work."""
    actor = require(ctx.actor, Permission.COUNT_PLAN)
    count_id = parse_id(count_id)
    locks.hold_count_numbers(session)
    known = session.get(CountSession, count_id)
    if known is not None:
        return _as_before(session, known)
    refuse_counters(session, plan.counters, field="counters")
    head = _head(ctx, actor, session, count_id, plan)
    if plan.draft:
        return _opened(session, head)
    return _fill(ctx, actor, session, head, _shares(head))


def start_draft(ctx: Context, count_id: str) -> Opened:
    """Open a count that was planned as a draft; one that is open already answers as it is.

    Raises `NotFound`, and as `open_count` does.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> Opened:
        with unit_of_work() as session:
            locks.hold_count_numbers(session)
            head = sessions.held(session, count_id)
            if head is None or head.number is None:
                raise NotFound("There is no such count.")
            if head.state != SessionState.DRAFT:
                return _as_before(session, head)
            head.opened_us = ctx.now_us
            return _fill(ctx, actor, session, head, _shares(head))

    return retrying(work)


def _head(ctx: Context, actor: Actor, session: Session, count_id: str, plan: Plan) -> CountSession:
    """The count itself, numbered; what it goes by is kept as it is now."""
    tolerance: Tolerance = plan.tolerance or usual_tolerance(load(session))
    head = CountSession(
        id=count_id,
        name=plan.name,
        method="planned",
        state=SessionState.DRAFT,
        blind=plan.blind,
        counters=2 if plan.independent else 1,
        max_attempts=plan.max_attempts,
        posts_itself=plan.posts_itself,
        scope=_kept(plan),
        tolerance=tolerance.to_json(),
        created_by=actor.person_id,
        due_on=plan.due_on,
        opened_us=ctx.now_us,
    )
    session.add(head)
    session.flush()
    opening.give_number(session, head, ctx.now_us)
    return head


def _kept(plan: Plan) -> str:
    """What the plan is about and who was to count, as the count keeps them."""
    return json.dumps({**json.loads(plan.scope.to_json()), "counters": plan.counters})


def _shares(head: CountSession) -> Shares:
    return Shares(sessions.people_of(head), head.counters == 2)


def _fill(ctx: Context, actor: Actor, session: Session, head: CountSession, who: Shares) -> Opened:
    """Give the count its places and lines."""
    scope, settings = Scope.from_json(head.scope), load(session)
    keys = keys_in_scope(scope, settings, ctx.now_us)
    records, places = opening.add_places(session, head.id, keys, _besides(session, scope), who)
    if not places:
        raise RuleBroken(
            "There is nothing to count. Choose other places or parts.", code="nothing_to_count"
        )
    refuse_places(session, actor, head.id)
    opening.add_lines(session, head.id, keys)
    if head.counters == 2:
        opening.add_second_lines(session, head.id)
    head.state = SessionState.OPEN
    session.flush()
    return _opened(session, head, wanted=records * head.counters)


def _besides(session: Session, scope: Scope) -> list[int]:
    """Bins that are looked into although the books have nothing there."""
    if not scope.locations or scope.why or scope.classes:
        return []
    return list(opening.bins_inside(session, inside(scope.locations)))


def _as_before(session: Session, head: CountSession) -> Opened:
    if head.number is None:
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")
    return _opened(session, head)


def _opened(session: Session, head: CountSession, wanted: int | None = None) -> Opened:
    lines, places = sessions.size(session, head.id)
    left_out = 0 if wanted is None else wanted - lines
    return Opened(head.id, head.number or 0, head.code or "", head.state, lines, places, left_out)
