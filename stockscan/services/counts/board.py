"""The board of counts: what is due, what runs, what waits for me, what has not begun."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.services.counts.scheduling import ClassDue, due
from stockscan.services.counts.sheets import Course, my_counts
from stockscan.services.work import Context, reading
from stockscan.store.counts import audit_reading
from stockscan.store.counts import board as store
from stockscan.store.counts.board import AdHocRow, CountRow, RecountRow

SHOWN: Final = 20
ENDED_SHOWN: Final = 8
ALL_ENDED: Final = 1000


@dataclass(frozen=True, slots=True)
class Running:
    """A count that runs: who counts it, and how far it is."""

    count: CountRow
    people: list[str]
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything about counts that somebody may want to do next.

    `mine` are counts with something left for me, `recounts` those of them with records to count
    again. What is to be decided is for who may.
    """

    mine: list[Course]
    recounts: list[RecountRow]
    due: list[ClassDue]
    running: list[Running]
    to_decide: list[CountRow]
    ad_hoc: list[AdHocRow]
    ad_hoc_count: int
    drafts: list[CountRow]
    ended: list[CountRow]
    more_ended: bool


def board(ctx: Context, *, all_ended: bool = False) -> Board:
    """The board as one person sees it, with the last counts that ended, or all of them."""
    me = require(ctx.actor, Permission.READ)
    mine = my_counts(ctx) if me.may(Permission.COUNT_RECORD) else []
    now_due = due(ctx) if me.may(Permission.COUNT_PLAN) else []
    shown = ALL_ENDED if all_ended else ENDED_SHOWN
    with reading() as connection:
        ended = store.ended(connection, shown + 1)
        rows = store.running(connection, SHOWN)
        ids = [row.id for row in rows]
        people = store.people_of(connection, ids)
        seen = audit_reading.progress(connection, ids)
        planned = me.may(Permission.COUNT_PLAN)
        return Board(
            mine=mine,
            recounts=store.recounts_of(connection, me.person_id),
            due=now_due,
            running=[_running(row, people.get(row.id, []), seen.get(row.id)) for row in rows],
            to_decide=[row for row in rows if row.to_decide or row.matched],
            ad_hoc=store.ad_hoc_to_decide(connection, SHOWN),
            ad_hoc_count=store.number_of_ad_hoc(connection),
            drafts=store.drafts(connection, SHOWN) if planned else [],
            ended=ended[:shown],
            more_ended=len(ended) > shown,
        )


def _running(row: CountRow, people: list[str], seen: audit_reading.Progress | None) -> Running:
    if row.things == "assets":
        return Running(row, people, *((seen.seen, seen.expected) if seen else (0, 0)))
    return Running(row, people, row.done, row.lines)
