"""What is due when: the jobs and the coming work of a month, and the board of this week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import MICRO
from stockscan.domain.maintenance.cycles import Cycle, Unit
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness
from stockscan.store.maintenance.agenda import Lane, Lanes, SameJobs, jobs_by_day, lanes
from stockscan.store.maintenance.forecast import occurrences
from stockscan.store.maintenance.plans import plans_with
from stockscan.store.maintenance.readiness import readiness

# As many jobs of each column as the board shows.
SHOWN: Final = 25
_WEEK: Final = timedelta(days=7)
_MONTH: Final = Cycle(1, Unit.MONTH)
# Nobody plans further ahead than this.
_FURTHEST: Final = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Coming:
    """Work that a plan will make due on a day, on so many assets; no job is made yet."""

    uid: str
    name: str
    assets: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `inside` tells that it belongs to the month."""

    day: date
    inside: bool
    jobs: list[SameJobs]
    coming: list[Coming]


@dataclass(frozen=True, slots=True)
class Month:
    """The whole weeks that a month lies in, Monday first."""

    first: date
    weeks: list[list[Day]]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month behind it."""
        return _MONTH.after(self.first, 1)


@dataclass(frozen=True, slots=True)
class Board:
    """The jobs by how far they are, and of those shown whether their parts are there."""

    lanes: Lanes
    ready: dict[int, JobReadiness]


def month(ctx: Context, day: date) -> Month:
    """The month that a day lies in, no further ahead than three years."""
    require(ctx.actor, Permission.READ)
    first = min(day, ctx.today + _FURTHEST).replace(day=1)
    start = first - timedelta(days=first.weekday())
    until = _MONTH.after(first, 1) - timedelta(days=1)
    end = until + timedelta(days=6 - until.weekday())
    jobs: defaultdict[date, list[SameJobs]] = defaultdict(list)
    coming: defaultdict[date, list[Coming]] = defaultdict(list)
    with reading() as connection:
        for same in jobs_by_day(connection, start, end):
            jobs[same.day].append(same)
        found = occurrences(connection, ctx.today, end) if end >= ctx.today else {}
        plans = plans_with(connection, found.keys())
    for plan_id, days in found.items():
        for each, assets in days.items():
            coming[each].append(Coming(plans[plan_id].uid, plans[plan_id].name, assets))
    days_shown = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    cells = [
        Day(each, each.month == first.month, jobs[each], sorted(coming[each], key=_by_name))
        for each in days_shown
    ]
    return Month(first, [cells[n : n + 7] for n in range(0, len(cells), 7)])


def job_board(ctx: Context) -> Board:
    """What is overdue, due within a week, worked on, and done in the last week."""
    actor = require(ctx.actor, Permission.READ)
    week_ago_us = ctx.now_us - _WEEK // timedelta(seconds=1) * MICRO
    until = ctx.today + _WEEK - timedelta(days=1)
    with reading() as connection:
        found = lanes(connection, ctx.today, until, week_ago_us, SHOWN)
        ids = [job.id for lane in _open(found) for job in lane.jobs]
        blind = blindness(connection, actor)
        return Board(found, readiness(connection, ctx.today, ids, blind) if ids else {})


def _open(found: Lanes) -> tuple[Lane, ...]:
    return (found.overdue, found.soon, found.in_work)


def _by_name(coming: Coming) -> str:
    return coming.name.lower()
