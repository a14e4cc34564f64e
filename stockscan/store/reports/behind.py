"""The rows behind what an asset cost: its movements in the ledger and the jobs done on it."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import MINOR_E4
from stockscan.domain.reports.months import Months
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.reports.charged import done_in
from stockscan.store.reports.stretches import per_job, stretches
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class PartRow:
    """A movement that an asset was charged for, or that gave something back (a negative cost)."""

    at_us: int
    kind: str
    part_code: str
    part: str
    unit: str
    quantity_milli: int
    cost_e4: int
    person: str
    job_number: int | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job's hours of work and its standing still in some months, with what they cost."""

    at_us: int
    number: int
    title: str
    kind: str
    minutes: int | None
    labour_e4: int
    down_us: int
    down_e4: int
    person: str | None

    @property
    def cost_e4(self) -> int:
        """Work and standing still together; its parts are rows of their own."""
        return self.labour_e4 + self.down_e4


def parts_of(
    connection: Connection | Session, asset_id: int, months: Months, limit: int
) -> list[PartRow]:
    """What the ledger charged to an asset in some months, the newest first."""
    inside = and_(Movement.effective_us >= months.from_us, Movement.effective_us < months.until_us)
    rows = connection.execute(
        select(
            Movement.effective_us,
            Movement.kind,
            Part.code,
            Part.name,
            Part.unit,
            -Movement.quantity_milli,
            -Movement.value_e4,
            Person.name,
            Job.number,
        )
        .join(Part, Part.id == Movement.part_id)
        .join(Person, Person.id == Movement.person_id)
        .outerjoin(Job, Job.id == Movement.work_id)
        .where(Movement.asset_id == asset_id, inside)
        .order_by(Movement.effective_us.desc(), Movement.seq.desc())
        .limit(limit)
    )
    return rows_as(PartRow, rows)


def jobs_of(
    connection: Connection | Session, asset_id: int, months: Months, limit: int
) -> list[JobRow]:
    """The jobs done on an asset in some months, or for which it stood still then; newest first."""
    stood, done = per_job(stretches(months, [asset_id])), done_in(months)
    rows = connection.execute(
        select(
            Job.done_us,
            Job.number,
            Job.title,
            Job.kind,
            case((done, Job.minutes)),
            case((done, func.coalesce(Job.labour_minor, 0)), else_=0) * MINOR_E4,
            func.coalesce(stood.c.down_us, 0),
            func.coalesce(stood.c.down_e4, 0),
            Person.name,
        )
        .outerjoin(stood, stood.c.job_id == Job.id)
        .outerjoin(Person, Person.id == Job.done_by)
        .where(Job.asset_id == asset_id, or_(done, stood.c.job_id.is_not(None)))
        .order_by(Job.done_us.desc(), Job.id.desc())
        .limit(limit)
    )
    return rows_as(JobRow, rows)
