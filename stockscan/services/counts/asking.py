"""A count that a program asks for: places, parts and people by whatever names them."""

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.counts.asking import Asked
from stockscan.domain.counts.scope import Scope
from stockscan.services.counts.opening import open_in
from stockscan.services.counts.plans import Opened, Plan
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import goods
from stockscan.store.once import Once, first_time
from stockscan.store.settings import load


def open_asked(ctx: Context, once: Once, asked: Asked) -> Opened:
    """Open the count that a program asks for, under the id that it made.

    The same request again answers the same. Raises `NotFound` that names what is not known, and
    as `open_count` does.
    """
    actor = require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> Opened:
        with unit_of_work() as session:
            first_time(session, once, "open_count", actor.person_id, ctx.now_us)
            return open_in(ctx, session, once.id, _plan(session, asked))

    return retrying(work)


def _plan(session: Session, asked: Asked) -> Plan:
    settings = load(session)
    return Plan(
        name=asked.name,
        scope=Scope(
            locations=_ids(session, Kind.LOCATION, "locations", asked.locations),
            parts=_ids(session, Kind.PART, "parts", asked.parts),
            classes=asked.classes,
            why=asked.why,
        ),
        counters=_ids(session, Kind.PERSON, "counters", asked.counters),
        independent=asked.independent,
        blind=settings.count_blind if asked.blind is None else asked.blind,
        max_attempts=asked.max_attempts or settings.count_attempts,
        tolerance=asked.tolerance,
        posts_itself=asked.posts_itself,
        due_on=asked.due_on,
        draft=asked.draft,
    )


def _ids(session: Session, kind: Kind, field: str, references: tuple[str, ...]) -> tuple[int, ...]:
    """What the references stand for, each once."""
    return tuple(dict.fromkeys(goods.find(session, kind, field, each) for each in references))
