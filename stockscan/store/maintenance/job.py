"""One job: by its name or uid, with the names of its machine, its plan and its people."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.errors import NotFound
from stockscan.domain.maintenance import OPEN
from stockscan.domain.maintenance.jobs import job_name, number_in
from stockscan.store import locks
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import Job, MaintenancePlan
from stockscan.store.people import Person


class AnyJob:
    """What every job can tell, however much of its row was read."""

    __slots__ = ()

    number: int
    state: str

    @property
    def name(self) -> str:
        """What people call it."""
        return job_name(self.number)

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class JobRow(AnyJob):
    """A job with all that its row keeps, by the names of the columns, and the names around it.

    `location_id` is where its asset stands, `hour_minor` what an hour of standing still costs of it
    (its own, else its model's). Of a job without a plan what begins with `plan_` is None.
    """

    id: int
    uid: str
    number: int
    asset_id: int
    plan_id: int | None
    kind: str
    state: str
    title: str
    due_on: date | None
    due_milli: int | None
    urgent: bool
    assigned_id: int | None
    reported_by: int | None
    instructions: str
    checklist: str
    cause: str
    notes: str
    minutes: int | None
    labour_minor: int | None
    down_from_us: int | None
    down_until_us: int | None
    down_minor: int | None
    started_us: int | None
    done_us: int | None
    done_by: int | None
    meter_milli: int | None
    created_us: int
    operation_id: str | None
    asset_code: str
    asset_tag: str
    asset_name: str
    asset_status: str
    model_id: int | None
    location_id: int | None
    hour_minor: int | None
    place: str | None
    assigned: str | None
    assigned_code: str | None
    reporter: str | None
    finisher: str | None
    plan_uid: str | None
    plan_name: str | None
    plan_basis: str | None
    plan_meter: str | None
    stops_asset: bool | None

    @property
    def stands_us(self) -> int | None:
        """Since when its asset stands still because of it; None where it does not."""
        return self.down_from_us if self.down_until_us is None else None


def job_row(connection: Connection | Session, job_id: int) -> JobRow:
    """The job with this id."""
    return JobRow(*connection.execute(_whole().where(Job.id == job_id)).one())


def job_called(connection: Connection | Session, reference: str) -> JobRow:
    """The job that "J-12", "12" or its uid stands for. Raises `NotFound` (field "work")."""
    return job_row(connection, job_id_of(connection, reference))


def job_id_of(connection: Connection | Session, reference: str) -> int:
    """The id of that job. Raises `NotFound` (field "work")."""
    number = number_in(reference)
    wanted = Job.number == number if number is not None else Job.uid == reference.strip().lower()
    found = connection.execute(select(Job.id).where(wanted)).scalar()
    if found is None:
        message = f"There is no job {reference[:40]!r}. Look at the list of jobs."
        raise NotFound(message, field="work", code="unknown_work")
    return int(found)


def next_number(session: Session) -> int:
    """The number of the next job; nobody else numbers one until the transaction ends.

    Who makes several counts on from it.
    """
    locks.hold_job_numbers(session)
    return (session.scalar(select(func.max(Job.number))) or 0) + 1


def same_day(session: Session, job: JobRow, day: date | None) -> int | None:
    """The number of another job that the plan of a job has on its asset on a day; None for none."""
    others = select(Job.number).where(
        Job.plan_id == job.plan_id,
        Job.asset_id == job.asset_id,
        Job.due_on == day,
        Job.id != job.id,
    )
    return session.scalar(others) if job.plan_id is not None and day is not None else None


def open_of_plan(session: Session, job: JobRow) -> int | None:
    """The number of another open job of the same plan on its asset; None for none."""
    others = select(Job.number).where(
        Job.plan_id == job.plan_id,
        Job.asset_id == job.asset_id,
        Job.state.in_(OPEN),
        Job.id != job.id,
    )
    return session.scalar(others.limit(1)) if job.plan_id is not None else None


@cache  # put together once: that costs more than running it
def _whole() -> Select[*tuple[Any, ...]]:
    assigned, reporter, finisher = aliased(Person), aliased(Person), aliased(Person)
    around = {
        "asset_code": Asset.code,
        "asset_tag": Asset.tag,
        "asset_name": Asset.name,
        "asset_status": Asset.status,
        "model_id": Asset.model_id,
        "location_id": Asset.location_id,
        "hour_minor": func.coalesce(Asset.down_hour_minor, AssetModel.down_hour_minor),
        "place": Location.name,
        "assigned": assigned.name,
        "assigned_code": assigned.code,
        "reporter": reporter.name,
        "finisher": finisher.name,
        "plan_uid": MaintenancePlan.uid,
        "plan_name": MaintenancePlan.name,
        "plan_basis": MaintenancePlan.basis,
        "plan_meter": MaintenancePlan.meter,
        "stops_asset": MaintenancePlan.stops_asset,
    }
    columns = [
        around[name] if name in around else getattr(Job, name)
        for name in (each.name for each in fields(JobRow))
    ]
    return (
        select(*columns)
        .select_from(Job)
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .outerjoin(MaintenancePlan, MaintenancePlan.id == Job.plan_id)
        .outerjoin(assigned, assigned.id == Job.assigned_id)
        .outerjoin(reporter, reporter.id == Job.reported_by)
        .outerjoin(finisher, finisher.id == Job.done_by)
    )
