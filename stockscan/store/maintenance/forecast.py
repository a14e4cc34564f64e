"""What maintenance will need over very many assets: sums by part and day, and who they are for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.expected import expected_milli
from stockscan.store.assets import Asset
from stockscan.store.maintenance.demand import kits_of_plans
from stockscan.store.maintenance.kit_moves import used_by_open
from stockscan.store.maintenance.rows import Job, JobPart, MaintenancePlan
from stockscan.store.maintenance.standing import AT_WORK
from stockscan.store.maintenance.states import Outlook, State, rules, states_alike

# No index is meant: jobs are looked through by their state, which are few beside all ever done.
_PART: Final = JobPart.part_id + 0

# The model of assets, and the category of their own.
Kind = tuple[int | None, str]
# A plan, or the job that no plan made.
_Key = tuple[int | None, int | None]


@dataclass(slots=True)
class Work:
    """What a plan, or a job that no plan made, needs of a part, on so many assets.

    `asset_id` is one of them, `kinds` what they are.
    """

    plan_id: int | None
    job_id: int | None
    asset_id: int = 0
    assets: int = 0
    quantity_milli: int = 0
    first_on: date = date.max
    kinds: set[Kind] = field(default_factory=set)

    def on(self, asset_id: int, assets: int, kind: Kind) -> None:
        """Count assets that it is for."""
        self.asset_id = asset_id
        self.assets += assets
        self.kinds.add(kind)

    def needs(self, day: date, quantity_milli: int) -> None:
        """Add what is needed on a day."""
        self.quantity_milli += quantity_milli
        self.first_on = min(self.first_on, day)


class _Turn(NamedTuple):
    """Assets on which a plan is due first on a day, behind their open jobs if they have one."""

    first_on: date
    state: State


class _Turns:
    """When plans come round, without the jobs that are made already: on which day on how many."""

    def __init__(self) -> None:
        self.days: defaultdict[int, Counter[date]] = defaultdict(Counter)
        self.of: defaultdict[int, list[_Turn]] = defaultdict(list)
        self._behind: dict[tuple[int, int | date], date] = {}

    def look(self, connection: Connection | Session, today: date, until: date) -> None:
        """Find them, up to and with a day; what is overdue comes today."""
        outlook = Outlook(rules(connection), today, until)
        for state in states_alike(connection, today, until):
            dues = [due.day for due in outlook.dues(state)]
            if not dues:
                continue
            dues[0] = max(dues[0], today)  # the others are ahead
            self.of[state.plan_id].append(_Turn(dues[0], state))
            days = self.days[state.plan_id]
            for day in dues:
                days[day] += state.assets
            if state.pending:
                job: int | date = state.asset_id if state.facts.meter else state.pending.day
                self._behind[state.plan_id, job] = dues[0]

    def behind(self, plan_id: int, asset_id: int, due_on: date | None) -> date:
        """When the plan comes round behind a job for that day; the last of all days: not yet."""
        by_meter = self._behind.get((plan_id, asset_id))
        return by_meter or self._behind.get((plan_id, due_on or date.min), date.max)


class Forecast:
    """What `demand` finds up to and with `until`, added up over all machines."""

    def __init__(self, connection: Connection | Session, today: date, until: date) -> None:
        self.until = until
        self._today = today
        self._jobs: defaultdict[int, Counter[date]] = defaultdict(Counter)
        for part_id, jobs, *line in connection.execute(_job_sums()).all():
            day, left = _left(line, today)
            if left > 0 and day <= until:
                self._jobs[part_id][day] += left * jobs
        self._uses: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for plan_id, kit in kits_of_plans(connection).items():
            for part_id, milli in kit:
                self._uses[part_id][plan_id] = milli
        self._turns = _Turns()
        if self._uses:
            self._turns.look(connection, today, until)

    def totals(self) -> dict[int, int]:
        """Part to all that is needed of it; without those of which nothing is."""
        found = {part_id: days.total() for part_id, days in self._jobs.items()}
        times = {plan_id: days.total() for plan_id, days in self._turns.days.items()}
        for part_id, uses in self._uses.items():
            total = sum(milli * times.get(plan_id, 0) for plan_id, milli in uses.items())
            if total:
                found[part_id] = found.get(part_id, 0) + total
        return found

    def of(self, part_id: int) -> dict[date, int]:
        """What is needed of a part, day by day."""
        days = dict(self._jobs.get(part_id, {}))
        for plan_id, milli in self._uses.get(part_id, {}).items():
            for day, times in self._turns.days.get(plan_id, {}).items():
                days[day] = days.get(day, 0) + milli * times
        return dict(sorted(days.items()))

    def works(
        self, connection: Connection | Session, last: Mapping[int, date]
    ) -> dict[int, list[Work]]:
        """The work that needs these parts, of each up to its day: the plans and jobs behind it."""
        found = {part_id: self._plans(part_id, until) for part_id, until in last.items()}
        rows = connection.execute(_job_lines().where(_PART.in_(last))).all()
        for part_id, plan_id, job_id, asset_id, model_id, category, stays, *line in rows:
            (day, left), until = _left(line, self._today), last[part_id]
            if left <= 0 or day > until:
                continue
            key = (plan_id, None if plan_id else job_id)
            work = found[part_id].setdefault(key, Work(*key))
            work.needs(day, left)
            again = self._turns.behind(plan_id, asset_id, line[0]) if stays else date.max
            if again > until or plan_id not in self._uses[part_id]:
                work.on(asset_id, 1, (model_id, category))
        return {part_id: list(works.values()) for part_id, works in found.items()}

    def _plans(self, part_id: int, until: date) -> dict[_Key, Work]:
        """The plans that need a part beside their jobs."""
        found: dict[_Key, Work] = {}
        for plan_id, milli in self._uses.get(part_id, {}).items():
            work = Work(plan_id, None)
            for day, times in self._turns.days.get(plan_id, {}).items():
                if day <= until:
                    work.needs(day, milli * times)
            for first_on, state in self._turns.of.get(plan_id, ()):
                if first_on <= until:
                    work.on(state.asset_id, state.assets, state.kind)
            if work.assets:
                found[plan_id, None] = work
        return found


def demand_by_day(
    connection: Connection | Session, today: date, until: date
) -> dict[int, dict[date, int]]:
    """What work will need of all parts: part to day to thousandths."""
    forecast = Forecast(connection, today, until)
    return {part_id: forecast.of(part_id) for part_id in forecast.totals()}


def occurrences(
    connection: Connection | Session, today: date, until: date
) -> dict[int, Counter[date]]:
    """On how many assets each plan is due on each day, without the jobs that are made already.

    What is overdue counts for today.
    """
    turns = _Turns()
    turns.look(connection, today, until)
    return turns.days


def _left(line: Sequence[Any], today: date) -> tuple[date, int]:
    """When a job needs a part, and how much of it still."""
    due_on, quantity_milli, probability_bp, used_milli = line
    left = expected_milli(quantity_milli, probability_bp) - int(used_milli or 0)
    return max(due_on or today, today), left


@cache
def _job_sums() -> Select[*tuple[Any, ...]]:
    """What open jobs need, alike ones as one."""
    line = _line()
    return _of_jobs(JobPart.part_id, func.count(), *line).group_by(JobPart.part_id, *line)


@cache
def _job_lines() -> Select[*tuple[Any, ...]]:
    """What each open job needs; whether its asset is still one of its plan's."""
    plan = MaintenancePlan
    stays = or_(plan.model_id == Asset.model_id, plan.asset_id == Asset.id)
    job = (Job.plan_id, Job.id, Job.asset_id, Asset.model_id, Asset.category, stays)
    return _of_jobs(JobPart.part_id, *job, *_line()).outerjoin(plan, plan.id == Job.plan_id)


def _line() -> tuple[Any, ...]:
    used = used_by_open().c.used
    return Job.due_on, JobPart.quantity_milli, JobPart.probability_bp, used


def _of_jobs(*columns: Any) -> Select[*tuple[Any, ...]]:
    used = used_by_open()
    same = and_(used.c.work_id == Job.id, used.c.part_id == JobPart.part_id)
    return (
        select(*columns)
        .select_from(Job)
        .join(JobPart, JobPart.job_id == Job.id)
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(used, same)
        .where(Job.state.in_(OPEN), Asset.status.in_(AT_WORK))
    )
