"""What is answered about a count: its state, its sums, and its lines as far as one may see them."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import GRANTS, Actor, Permission, Role
from stockscan.domain.counts import OPEN, LineState
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.operations import parse_id
from stockscan.services.counts.lines import hides_mark, line_json, mark_json
from stockscan.services.work import unit_of_work
from stockscan.store import limits
from stockscan.store.counts import CountLine, CountPlace, CountSession, sessions
from stockscan.store.counts.blindness import forget, is_hidden
from stockscan.store.people import Person

# So many lines are named in an answer; the sums are of all.
MOST_NAMED: Final = 1_000


def known_form(count_id: str) -> str:
    """The id of a count as it is kept. Raises `NotFound` for what is no id."""
    try:
        return parse_id(count_id)
    except Invalid:
        raise NotFound("There is no such count.") from None


def head_of(session: Session, count_id: str) -> CountSession:
    """The count of parts with this id, held until the commit. Raises `NotFound`."""
    head = sessions.held(session, known_form(count_id))
    if head is None or head.things != "parts":
        raise NotFound("There is no such count.")
    return head


def refuse_places(session: Session, actor: Actor, count_id: str) -> None:
    """Raises `NotAllowed` where a count has a place that is not one of the actor's."""
    if actor.limited:
        places = select(CountPlace.location_id).where(CountPlace.session_id == count_id)
        limits.refuse_outside(session, actor, session.scalars(places).all())


def now(actor: Actor, count_id: str) -> dict[str, Any]:
    """A count as it is now; see `answer`."""
    with unit_of_work() as session:
        return answer(session, actor, head_of(session, count_id))


def answer(
    session: Session,
    actor: Actor,
    head: CountSession,
    line_ids: Collection[int] | None = None,
) -> dict[str, Any]:
    """A count after a write: the lines that were asked for, else its first ones, and the sums."""
    # What was written may have begun or ended what the actor counts blind.
    forget()
    lines = sessions.lines_named(session, head.id, line_ids, MOST_NAMED)
    hidden = hidden_of(session, actor, head, lines)
    return {
        "id": head.id,
        "state": head.state,
        "sums": sessions.sums(session, head.id),
        "lines": [
            {
                **line_json(line, blind=line.id in hidden),
                **({} if line.id in hidden and hides_mark(line) else mark_json(line)),
            }
            for line in lines
        ],
    }


def hidden_of(
    session: Session, actor: Actor, head: CountSession, lines: Collection[CountLine]
) -> set[int]:
    """The lines, by id, of which the actor may not see what the books say.

    All of what the actor still has to count, and in a blind count those that are not judged.
    """
    not_judged = OPEN | {LineState.COUNTED, LineState.MOVED_DURING_COUNT}
    unjudged = not_judged if head.blind else frozenset()
    keys = is_hidden(
        session.connection(), actor, {(line.part_id, line.location_id) for line in lines}
    )
    return {
        line.id
        for line in lines
        if line.state in unjudged or (line.part_id, line.location_id) in keys
    }


def refuse_counters(session: Session, people: Collection[int], *, field: str) -> None:
    """Raises `Invalid` for somebody who may not count, or does not work here any more."""
    rows = session.execute(
        select(Person.id, Person.role).where(Person.id.in_(people), Person.active)
    )
    able = {row.id for row in rows if Permission.COUNT_RECORD in GRANTS[Role(row.role)]}
    if not able.issuperset(people):
        raise Invalid("Someone chosen can't count here. Choose others.", field=field)
