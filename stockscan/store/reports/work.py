"""What work and standing still cost: by who did the work, by machine and by cause."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import MINOR_E4
from stockscan.domain.maintenance import JobKind, JobState
from stockscan.domain.reports.months import Months
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.maintenance.rows import Job
from stockscan.store.people import Person
from stockscan.store.reports.charged import done_in
from stockscan.store.reports.stretches import per_job, stretches
from stockscan.store.reports.summing import summed
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class Worker:
    """The jobs that a person did; `faults` of them were faults, `parts_e4` went into them."""

    code: str
    name: str
    jobs: int
    faults: int
    minutes: int
    labour_e4: int
    parts_e4: int
    machines: int


@dataclass(frozen=True, slots=True)
class Stood:
    """How long a machine stood still, for how many jobs, and what that cost."""

    code: str
    tag: str
    name: str
    jobs: int
    down_us: int
    down_e4: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A machine that stands still now, since when, and what an hour of it costs (None: unknown)."""

    code: str
    tag: str
    name: str
    number: int
    title: str
    since_us: int
    hour_minor: int | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why machines stood still: jobs with the same cause, "" where none was given."""

    cause: str
    jobs: int
    down_us: int
    down_e4: int

    def with_more(self, jobs: int, down_us: int, down_e4: int) -> "Cause":
        """Together with other jobs of the same cause."""
        return Cause(self.cause, self.jobs + jobs, self.down_us + down_us, self.down_e4 + down_e4)


def workers(connection: Connection | Session, months: Months) -> list[Worker]:
    """Who did jobs in some months, the most hours first."""
    into = _parts_of_jobs(months)
    faults = func.sum(case((Job.kind == JobKind.FAULT, 1), else_=0))
    minutes = summed(Job.minutes)
    rows = connection.execute(
        select(
            Person.code,
            Person.name,
            func.count(),
            faults,
            minutes,
            summed(Job.labour_minor) * MINOR_E4,
            summed(into.c.parts_e4),
            func.count(Job.asset_id.distinct()),
        )
        .join(Person, Person.id == Job.done_by)
        .outerjoin(into, into.c.work_id == Job.id)
        .where(done_in(months))
        .group_by(Person.id, Person.code, Person.name)
        .order_by(minutes.desc(), func.lower(Person.name))
    )
    return rows_as(Worker, rows)


def stood(connection: Connection | Session, months: Months, limit: int) -> list[Stood]:
    """The machines that stood still in these months, the dearest first."""
    found = stretches(months)
    down_us, down_e4 = summed(found.c.down_us), summed(found.c.down_e4)
    each = (
        select(
            found.c.asset_id,
            func.count(found.c.job_id.distinct()).label("jobs"),
            down_us.label("down_us"),
            down_e4.label("down_e4"),
        )
        .group_by(found.c.asset_id)
        .subquery("each")
    )
    rows = connection.execute(
        select(Asset.code, Asset.tag, Asset.name, each.c.jobs, each.c.down_us, each.c.down_e4)
        .join(each, each.c.asset_id == Asset.id)
        .order_by(each.c.down_e4.desc(), each.c.down_us.desc(), func.lower(Asset.tag))
        .limit(limit)
    )
    return rows_as(Stood, rows)


def stood_in_all(connection: Connection | Session, months: Months) -> tuple[int, int, int]:
    """How many machines stood still in these months, for how long, and what that cost."""
    found = stretches(months)
    machines = func.count(found.c.asset_id.distinct())
    sums = summed(found.c.down_us), summed(found.c.down_e4)
    row = connection.execute(select(machines, *sums)).one()
    return row[0], row[1], row[2]


def causes(connection: Connection | Session, months: Months) -> list[Cause]:
    """Why they stood still, the dearest first; the word before a colon is the cause."""
    each = per_job(stretches(months))
    rows = connection.execute(
        select(Job.cause, func.count(), summed(each.c.down_us), summed(each.c.down_e4))
        .join(each, each.c.job_id == Job.id)
        .group_by(Job.cause)
        .order_by(Job.cause)
    )
    found: dict[str, Cause] = {}
    for text, *sums in rows:
        name = str(text).partition(":")[0].strip()
        known = found.get(name.lower(), Cause(name, 0, 0, 0))
        found[name.lower()] = known.with_more(*sums)
    return sorted(found.values(), key=lambda each: (-each.down_e4, -each.down_us, each.cause))


def standing(connection: Connection | Session, limit: int) -> list[Standing]:
    """The machines that stand still now, the longest first."""
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            Job.number,
            Job.title,
            Job.down_from_us,
            func.coalesce(Asset.down_hour_minor, AssetModel.down_hour_minor),
        )
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(Job.state.in_((JobState.OPEN, JobState.STARTED)), Asset.status == "down")
        .where(Job.down_from_us.is_not(None), Job.down_until_us.is_(None))
        .order_by(Job.down_from_us, Job.id)
        .limit(limit)
    )
    return rows_as(Standing, rows)


@dataclass(frozen=True, slots=True)
class Done:
    """A job's work, parts and standing still in some months, on which machine and by whom."""

    at_us: int
    number: int
    title: str
    asset_code: str
    tag: str
    person: str | None
    kind: str
    minutes: int | None
    labour_e4: int
    parts_e4: int
    down_us: int
    down_e4: int


def done_by(connection: Connection | Session, months: Months, code: str, limit: int) -> list[Done]:
    """The jobs that the person with this code did in some months, the newest first."""
    stood = per_job(stretches(months))
    return _done(connection, months, stood, Person.code == code, done_in(months), limit=limit)


def stood_for(
    connection: Connection | Session, months: Months, cause: str, limit: int
) -> list[Done]:
    """The jobs for which a machine stood still in some months for a cause, "" for none, in
    capitals or not; the newest first."""
    text = func.lower(Job.cause)
    more = text.startswith(f"{cause.lower()}:", autoescape=True)
    stood = per_job(stretches(months))
    wanted = stood.c.job_id.is_not(None), or_(text == cause.lower(), more)
    return _done(connection, months, stood, *wanted, limit=limit)


def _done(
    connection: Connection | Session, months: Months, stood: Subquery, *wanted: Any, limit: int
) -> list[Done]:
    done, into = done_in(months), _parts_of_jobs(months)
    rows = connection.execute(
        select(
            Job.done_us,
            Job.number,
            Job.title,
            Asset.code,
            Asset.tag,
            Person.name,
            Job.kind,
            case((done, Job.minutes)),
            case((done, func.coalesce(Job.labour_minor, 0)), else_=0) * MINOR_E4,
            func.coalesce(into.c.parts_e4, 0),
            func.coalesce(stood.c.down_us, 0),
            func.coalesce(stood.c.down_e4, 0),
        )
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(stood, stood.c.job_id == Job.id)
        .outerjoin(into, into.c.work_id == Job.id)
        .outerjoin(Person, Person.id == Job.done_by)
        .where(*wanted)
        .order_by(Job.done_us.desc(), Job.id.desc())
        .limit(limit)
    )
    return rows_as(Done, rows)


def _parts_of_jobs(months: Months) -> Subquery:
    """What was installed for each job that was done in some months cost, less what came back."""
    return (
        select(Movement.work_id, summed(-Movement.value_e4).label("parts_e4"))
        .where(Movement.work_id.in_(select(Job.id).where(done_in(months))))
        .where(Movement.asset_id.is_not(None))
        .group_by(Movement.work_id)
        .subquery()
    )


def planned_parts_e4(connection: Connection | Session, months: Months) -> int:
    """What the parts cost that went into planned jobs in some months, whenever these were done."""
    # Parts go into a job between its making and its end, so few jobs are looked at; their movements
    # are found by the index of those that name a job.
    planned = select(Job.id).where(
        Job.plan_id.is_not(None),
        Job.created_us < months.until_us,
        or_(Job.done_us.is_(None), Job.done_us >= months.from_us),
    )
    spent = select(summed(-Movement.value_e4)).where(
        Movement.work_id.is_not(None),
        Movement.work_id.in_(planned),
        Movement.asset_id.is_not(None),
        Movement.effective_us >= months.from_us,
        Movement.effective_us < months.until_us,
    )
    return int(connection.execute(spent).scalar_one())
