"""Who counts which bins of a count: shown as stretches of the way, shared, handed over."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.counts import CLOSED, SessionState
from stockscan.domain.counts.scope import Scope
from stockscan.domain.counts.walking import shares
from stockscan.domain.errors import Conflict, Invalid, NotFound
from stockscan.domain.operations import is_id
from stockscan.services.counts.answers import refuse_counters
from stockscan.services.counts.planning import Preview, sized
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import limits
from stockscan.store.counts import CountSession, assigning, sessions
from stockscan.store.counts.assigning import Stretch
from stockscan.store.scanning import resolve

MOST_STRETCHES: Final = 200


@dataclass(frozen=True, slots=True)
class Assignments:
    """A count and who counts which stretch of its way; of a draft, what is `planned`.

    `asked` are the people, by id, who were to count when it was planned; empty: whoever comes.
    """

    id: str
    number: int
    name: str
    state: str
    things: str
    counters: int
    due_on: date | None
    asked: tuple[int, ...]
    planned: Preview | None
    stretches: list[Stretch]

    @property
    def is_over(self) -> bool:
        """Whether nothing is counted any more."""
        return self.state in CLOSED


def assignments(ctx: Context, count_id: str) -> Assignments:
    """Who counts what of a count. Raises `NotFound`."""
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = connection.execute(
            select(
                CountSession.id,
                CountSession.number,
                CountSession.name,
                CountSession.state,
                CountSession.things,
                CountSession.counters,
                CountSession.due_on,
                CountSession.scope,
            ).where(CountSession.id == count_id, CountSession.number.is_not(None))
        ).first()
        if row is None or not is_id(count_id):
            raise NotFound("There is no such count. Open it again from the counts.")
        planned = None
        if row.state == SessionState.DRAFT:
            planned = sized(ctx, connection, Scope.from_json(row.scope))
        ways = assigning.stretches(connection, count_id, MOST_STRETCHES)
        return Assignments(
            id=row.id,
            number=row.number or 0,
            name=row.name,
            state=row.state,
            things=row.things,
            counters=row.counters,
            due_on=row.due_on,
            asked=tuple(json.loads(row.scope).get("counters", ())),
            planned=planned,
            stretches=ways,
        )


def hand_over(
    ctx: Context,
    count_id: str,
    stretch: tuple[int, int],
    person_id: int | None,
    *,
    second: bool = False,
) -> int:
    """Let somebody (None: whoever comes) count what is left of a stretch; how many lines stay.

    Whoever counts may take a stretch over; giving it to others needs who plans. Lines stay where
    the person counts the same record already. Raises `NotFound`, `Conflict` when the count is over.
    """
    wanted = Permission.COUNT_PLAN
    if person_id is not None and ctx.actor is not None and person_id == ctx.actor.person_id:
        wanted = Permission.COUNT_RECORD
    actor = require(ctx.actor, wanted)

    def work() -> int:
        with unit_of_work() as session:
            head = _running(session, count_id)
            if head.counters == 2:
                _refuse_both(session, count_id, stretch, person_id, second=second)
            refuse_counters(session, () if person_id is None else (person_id,), field="who")
            _refuse_outside(session, actor, count_id, stretch)
            return assigning.assign(session, count_id, stretch, person_id, second=second)

    return retrying(work)


def share(ctx: Context, count_id: str, people: tuple[int, ...]) -> int:
    """Share what is left of a count among these people, each a stretch; how many lines stay.

    Of an independent count each stretch gets the next of them as its second counter. Raises as
    `hand_over`, and `Invalid` for nobody.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> int:
        with unit_of_work() as session:
            head = _running(session, count_id)
            if not people or (head.counters == 2 and len(people) < 2):
                raise Invalid("Tick at least two people." if people else "Tick who counts.",
                              field="who")  # fmt: skip
            refuse_counters(session, people, field="who")
            left = assigning.left_by_place(session, count_id)
            nth = shares([weight for _, weight in left], len(people))
            stay = 0
            for person in range(len(people)):
                orders = [order for (order, _), who in zip(left, nth, strict=True) if who == person]
                if orders:
                    stretch = (orders[0], orders[-1])
                    _refuse_outside(session, actor, count_id, stretch)
                    stay += _give(session, head, stretch, people, person)
            return stay

    return retrying(work)


def stretch_of(ctx: Context, count_id: str, first: str, last: str) -> tuple[int, int]:
    """The stretch between two places of a count, by anything that names them, in either order.

    Raises `Invalid` for a place that is not on the way.
    """
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        orders = [
            _order(connection, count_id, field, text)
            for field, text in (("first", first), ("last", last or first))
        ]
    return min(orders), max(orders)


def _give(
    session: Session, head: CountSession, stretch: tuple[int, int], people: tuple[int, ...], n: int
) -> int:
    if head.counters == 2:
        # Cleared first: who was the second here may become the first.
        assigning.assign(session, head.id, stretch, None, second=True)
    stay = assigning.assign(session, head.id, stretch, people[n], second=False)
    if head.counters == 2:
        after = people[(n + 1) % len(people)]
        stay += assigning.assign(session, head.id, stretch, after, second=True)
    return stay


def _running(session: Session, count_id: str) -> CountSession:
    head = sessions.held(session, count_id) if is_id(count_id) else None
    if head is None or head.number is None or head.state == SessionState.DRAFT:
        raise NotFound("There is no such count running. Open it again from the counts.")
    if head.state in CLOSED:
        raise Conflict(
            "This count is over. Nothing of it is counted any more.", code="count_closed"
        )
    return head


def _order(connection: Connection, count_id: str, field: str, text: str) -> int:
    place = resolve(connection, read(text), (Kind.LOCATION,))
    order = assigning.order_of(connection, count_id, place.id) if place and place.id else None
    if order is None:
        raise Invalid(f"“{text[:60]}” is no bin of this count. Scan its label.", field=field)
    return order


def _refuse_both(
    session: Session,
    count_id: str,
    stretch: tuple[int, int],
    person_id: int | None,
    *,
    second: bool,
) -> None:
    if assigning.is_the_other(session, count_id, stretch, person_id, second=second):
        message = "That person is the other counter of some of these bins. Choose somebody else."
        raise Invalid(message, field="person")


def _refuse_outside(
    session: Session, actor: Actor, count_id: str, stretch: tuple[int, int]
) -> None:
    if actor.limited:
        limits.refuse_outside(session, actor, assigning.places_between(session, count_id, *stretch))
