"""When plans are due next: one plan on each of its assets, and all plans of one asset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.due import Due, Rule, dues
from stockscan.store.assets import Asset
from stockscan.store.maintenance.plans import PlanRow, plans_with
from stockscan.store.maintenance.rows import Job
from stockscan.store.maintenance.states import State, rules, states

# So many days ahead are shown.
_NEXT: Final = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """A plan on an asset: its open job, and the next days behind that on which it is due."""

    done_on: date | None
    job: int | None
    job_due_on: date | None
    dues: list[Due]

    @property
    def first(self) -> date | None:
        """The day that comes first, None where it is not known, or the job has none."""
        if self.job is not None:
            return self.job_due_on
        return self.dues[0].day if self.dues else None

    @property
    def then(self) -> list[Due]:
        """What comes after that, two days of it."""
        return self.dues[:2] if self.job is not None else self.dues[1:]


class OnAsset(NamedTuple):
    """An asset that a plan is due on."""

    code: str
    tag: str
    name: str
    ahead: Ahead


class OfPlan(NamedTuple):
    """A plan that an asset is under."""

    plan: PlanRow
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The assets that a plan is due on first; `assets` is how many there are.

    `unknown` is on how many it can't be said, for want of a date, or of readings of the meter.
    """

    lines: list[OnAsset]
    assets: int
    unknown: int


def upcoming(connection: Connection | Session, plan_id: int, today: date, limit: int) -> Upcoming:
    """When one plan is due next on the assets that come first; nothing for one out of use."""
    rule = rules(connection).get(plan_id)
    if rule is None:
        return Upcoming([], 0, 0)
    coming = [
        (_first(state, days), state.asset_id, state, days)
        for state in states(connection, today, plan_ids=[plan_id])
        for days in [_days(rule, state, today)]
    ]
    chosen = nsmallest(limit, coming, key=lambda each: each[:2])
    ids = [asset_id for _, asset_id, _, _ in chosen]
    jobs = _open_jobs(connection, Job.plan_id == plan_id, Job.asset_id.in_(ids))
    rows = connection.execute(
        select(Asset.id, Asset.code, Asset.tag, Asset.name).where(Asset.id.in_(ids))
    )
    names = {row.id: row[1:] for row in rows}
    lines = [
        OnAsset(*names[asset_id], _ahead(state, days, jobs)) for _, asset_id, state, days in chosen
    ]
    return Upcoming(lines, len(coming), sum(first == date.max for first, *_ in coming))


def upcoming_on(connection: Connection | Session, asset_id: int, today: date) -> list[OfPlan]:
    """The plans in use of one asset, what is due first on top."""
    known = rules(connection)
    coming = [
        (_first(state, days), state.plan_id, state, days)
        for state in states(connection, today, asset_id=asset_id)
        for days in [_days(known[state.plan_id], state, today)]
    ]
    plans = plans_with(connection, [plan_id for _, plan_id, _, _ in coming])
    jobs = _open_jobs(connection, Job.asset_id == asset_id)
    return [
        OfPlan(plans[plan_id], _ahead(state, days, jobs))
        for _, plan_id, state, days in sorted(coming, key=lambda each: each[:2])
    ]


def _days(rule: Rule, state: State, today: date) -> list[Due]:
    return list(islice(dues(rule, state.last, state.facts, today, state.pending), _NEXT))


def _first(state: State, days: list[Due]) -> date:
    if state.pending is not None:
        return state.pending.day
    return days[0].day if days else date.max


def _open_jobs(
    connection: Connection | Session, *conditions: ColumnElement[bool]
) -> dict[tuple[int | None, int], tuple[int, date | None]]:
    """(plan, asset) to the number and the day of the open job."""
    rows: Iterable[tuple[int | None, int, int, date | None]] = connection.execute(
        select(Job.plan_id, Job.asset_id, Job.number, Job.due_on).where(
            Job.state.in_(OPEN), *conditions
        )
    )
    return {(plan_id, asset_id): (number, due_on) for plan_id, asset_id, number, due_on in rows}


def _ahead(
    state: State, days: list[Due], jobs: dict[tuple[int | None, int], tuple[int, date | None]]
) -> Ahead:
    number, due_on = jobs.get((state.plan_id, state.asset_id), (None, None))
    return Ahead(state.last.done_on, number, due_on, days)
