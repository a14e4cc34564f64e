"""Classing the parts by what is used of them, and how the classes stand."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.counts.classes import USAGE_DAYS
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import settings
from stockscan.store.counts import classes as store
from stockscan.store.counts.classes import ClassTally
from stockscan.store.counts.schedule import DAY_US


@dataclass(frozen=True, slots=True)
class Classes:
    """The parts by class; `computed_us` is when, 0 for never."""

    tallies: list[ClassTally]
    computed_us: int


def classes(ctx: Context) -> Classes:
    """How the parts are classed now."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return Classes(store.tallies(connection), settings.load(connection).classes_us)


def classify(ctx: Context) -> int:
    """Class the parts anew by their use in the last 365 days; how many changed their class.

    Parts that were classed by hand stay. Doing it again at once changes nothing.
    """
    require(ctx.actor, Permission.COUNT_PLAN)

    def work() -> int:
        with unit_of_work() as session:
            changed = store.classify(session, ctx.now_us - USAGE_DAYS * DAY_US)
            settings.save(session, classes_us=ctx.now_us)
            return changed

    return retrying(work)
