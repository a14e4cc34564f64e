"""What is due to be counted, by class, and how it falls on the next weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import midnight_us
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.counts.dues import DueRow, due_days
from stockscan.store.settings import Settings

WEEKS: Final = 13
WORKDAYS: Final = 250
EVER: Final = -100_000
CLASSES: Final = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class ClassDue:
    """What is due of a class: before today, today, and in the six days behind it.

    `records` are all that there are, counted every `interval_days`.
    """

    abc_class: str
    interval_days: int
    records: int
    overdue: int
    today: int
    soon: int

    @property
    def due(self) -> int:
        """How many are due now."""
        return self.overdue + self.today

    @property
    def a_year(self) -> float:
        """How many counts that is in a year."""
        return self.records * 365 / self.interval_days if self.interval_days else 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a week, and how many records of each class fall due in it."""

    start: date
    by_class: dict[str, int]

    @property
    def records(self) -> int:
        """How many in all."""
        return sum(self.by_class.values())


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is due now, on each of the next 14 days, and in each of the next 13 weeks."""

    classes: list[ClassDue]
    days: list[Span]
    weeks: list[Span]

    @property
    def a_day(self) -> int:
        """The daily load: counts in a year, over its 250 working days, rounded up."""
        return daily_load(self.classes)


def daily_load(classes: Iterable[ClassDue]) -> int:
    """How many records a working day brings: the sum of n x 365 / interval, over 250 days."""
    return ceil(sum(each.a_year for each in classes) / WORKDAYS)


def due(ctx: Context) -> list[ClassDue]:
    """What is due of each class, A first."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return _by_class(settings.load(connection), _days(ctx, connection))


def calendar(ctx: Context) -> Calendar:
    """When what falls due, by the classes that the parts have by now."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = _days(ctx, connection)
        classes = _by_class(settings.load(connection), rows)
    first = ctx.today
    return Calendar(classes, _spans(rows, first, 1, 14), _spans(rows, first, 7, WEEKS))


def _days(ctx: Context, connection: Connection) -> list[DueRow]:
    start_us = midnight_us(ctx.today)
    return due_days(connection, settings.load(connection), start_us)


def _by_class(now: Settings, rows: Sequence[DueRow]) -> list[ClassDue]:
    intervals = {
        "A": now.count_interval_a_days,
        "B": now.count_interval_b_days,
        "C": now.count_interval_c_days,
    }
    return [
        ClassDue(
            letter,
            intervals[letter],
            sum(row.records for row in rows if row.abc_class == letter),
            _within(rows, letter, EVER, -1),
            _within(rows, letter, 0, 0),
            _within(rows, letter, 1, 6),
        )
        for letter in CLASSES
    ]


def _spans(rows: Sequence[DueRow], first: date, length: int, number: int) -> list[Span]:
    return [
        Span(
            first + timedelta(days=n * length),
            {letter: _within(rows, letter, n * length, (n + 1) * length - 1) for letter in CLASSES},
        )
        for n in range(number)
    ]


def _within(rows: Sequence[DueRow], letter: str, first: int, last: int) -> int:
    return sum(
        row.records
        for row in rows
        if row.abc_class == letter and row.day is not None and first <= row.day <= last
    )
