"""The first page: what someone has and did, what runs low, and what waits for a decision."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.services.work import Context, reading
from stockscan.store import home as store
from stockscan.store.counts import sheets
from stockscan.store.counts.blindness import blindness
from stockscan.store.counts.sheets import CountRow, Progress
from stockscan.store.home import LowRow, MovedRow, StepsRow, WaitingRow
from stockscan.store.people import HeldRow, held_assets

SHOWN: Final = 6
COUNTS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees first; `waiting` is None for those who decide nothing.

    `counts` are those in which something is left for them, with how far they are. `steps` are the
    first steps of a new company: for admins, until all are done.
    """

    is_empty: bool
    held: list[HeldRow]
    recent: list[MovedRow]
    low: list[LowRow]
    low_count: int
    waiting: WaitingRow | None
    counts: list[tuple[CountRow, Progress]]
    steps: StepsRow | None


def home(ctx: Context) -> Home:
    """The first page of the person who asks."""
    me = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, me)
        waiting = store.waiting(connection, blind)
        return Home(
            is_empty=store.is_empty(connection),
            held=held_assets(connection, me.person_id, SHOWN),
            recent=store.moved_by(connection, me.person_id, blind, SHOWN),
            low=store.low_parts(connection, blind, SHOWN),
            low_count=waiting.low_parts,
            counts=_counts(connection, me) if me.may(Permission.COUNT_RECORD) else [],
            waiting=waiting if me.may(Permission.COUNT_APPROVE) else None,
            steps=_steps(connection) if me.may(Permission.SETTINGS_EDIT) else None,
        )


def _counts(connection: Connection, me: Actor) -> list[tuple[CountRow, Progress]]:
    rows = sheets.counts_of(connection, me.person_id, COUNTS_SHOWN)
    return [(row, sheets.progress(connection, row.id, me.person_id)) for row in rows]


def _steps(connection: Connection) -> StepsRow | None:
    steps = store.first_steps(connection)
    return steps if steps.left else None
