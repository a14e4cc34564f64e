"""How right the books were: one reading, its trend, and where and of what they were wrong."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts.accuracy import NOTHING, Measured
from stockscan.domain.counts.spans import Span, spans
from stockscan.domain.figures import day_of, midnight_us
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.counts import figures
from stockscan.store.counts.asking import CLASSES, NO_CLASS, Asked, Named, wanted_of
from stockscan.store.counts.blindness import blindness
from stockscan.store.counts.figures import Group, RecordRow
from stockscan.store.counts.measured import Wanted

__all__ = [
    "CLASSES", "NO_CLASS", "PERIODS", "USUAL_DAYS", "Accuracy", "Asked", "Point", "Records",
    "accuracy", "behind", "headline",
]  # fmt: skip

# What a list shows of each kind; the export has all.
SHOWN: Final = 20
PAGE: Final = 50
PERIODS: Final = (30, 90, 365)
USUAL_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured in one span of the trend."""

    span: Span
    measured: Measured


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The page of figures; `people` is None for who may not compare people.

    `target_bp` is what the company aims at, `narrowed` the things that `Asked` names, by field.
    """

    measured: Measured
    target_bp: int
    trend: list[Point]
    classes: list[Group]
    places: list[Group]
    parts: list[Group]
    people: list[Group] | None
    narrowed: dict[str, Named]


@dataclass(frozen=True, slots=True)
class Records:
    """The records behind a figure, a page of them; `after` leads to the next page, 0: none."""

    measured: Measured
    rows: list[RecordRow]
    after: int
    narrowed: dict[str, Named]


def accuracy(ctx: Context, asked: Asked) -> Accuracy:
    """How right the books were, for whoever may read; by person for those who approve counts.

    Nothing of goods that this person still has to count blind is in it. Raises `Invalid` for days
    in the wrong order, `NotFound` for things that are not there.
    """
    actor = _refused(ctx, asked)
    with reading() as connection:
        wanted, narrowed = wanted_of(connection, asked, blindness(connection, actor))
        place = narrowed.get("place")
        inside_id = wanted.location_id if place else figures.only_root(connection)
        may_compare = actor.may(Permission.COUNT_APPROVE)
        return Accuracy(
            figures.total(connection, wanted),
            settings.load(connection).count_target_bp,
            _trend(connection, wanted, asked, ctx.today),
            figures.by_class(connection, wanted),
            figures.by_place(connection, wanted, inside_id, SHOWN),
            figures.by_part(connection, wanted, SHOWN),
            figures.by_person(connection, wanted, SHOWN) if may_compare else None,
            narrowed,
        )


def headline(ctx: Context, days: int = USUAL_DAYS) -> tuple[Measured, int]:
    """What a board says: what was measured in the last days, and the target in basis points."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        asked = Asked(from_on=ctx.today - timedelta(days=days - 1))
        wanted, _ = wanted_of(connection, asked, blindness(connection, actor))
        return figures.total(connection, wanted), settings.load(connection).count_target_bp


def behind(ctx: Context, asked: Asked, *, only_wrong: bool = False, after: int = 0) -> Records:
    """The records behind a figure, one by one; raises as `accuracy` does."""
    actor = _refused(ctx, asked)
    with reading() as connection:
        wanted, narrowed = wanted_of(connection, asked, blindness(connection, actor))
        rows = figures.record_rows(
            connection, wanted, only_wrong=only_wrong, after=after, limit=PAGE + 1
        )
        more = rows[PAGE - 1].line_id if len(rows) > PAGE else 0
        return Records(figures.total(connection, wanted), rows[:PAGE], more, narrowed)


def _refused(ctx: Context, asked: Asked) -> Actor:
    actor = require(ctx.actor, Permission.READ)
    return require(actor, Permission.COUNT_APPROVE) if asked.person else actor


def _trend(connection: Connection, wanted: Wanted, asked: Asked, until_on: date) -> list[Point]:
    """By week or month, from the first day asked for, or the first that anything was measured."""
    first_on = asked.from_on or _day(figures.first_us(connection))
    if first_on is None:
        return []
    cut = spans(first_on, min(asked.to_on or until_on, until_on))
    if not cut:
        return []
    starts_us = [midnight_us(span.first) for span in cut]
    found = figures.by_span(connection, wanted, starts_us)
    return [Point(span, found.get(at, NOTHING)) for at, span in enumerate(cut)]


def _day(moment_us: int | None) -> date | None:
    return None if moment_us is None else day_of(moment_us)
