"""What was installed on a job and is still in: each install with who did it, and what all cost."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.ledger import MovementKind
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.stock import Movement


class InstalledOn(NamedTuple):
    """One install on a job; `quantity_milli` is positive and without what came back."""

    operation_id: str
    part_id: int
    part_code: str
    part_name: str
    unit: str
    quantity_milli: int
    value_e4: int
    mark: str
    location: str
    person_id: int
    person: str
    at_us: int


def installed_on(connection: Connection | Session, job_id: int) -> list[InstalledOn]:
    """The installs of a job that hold, newest first."""
    rows = rows_as(InstalledOn, connection.execute(_installs().where(Movement.work_id == job_id)))
    return [row for row in rows if row.quantity_milli > 0]


def parts_cost_e4(connection: Connection | Session, job_id: int) -> int:
    """What the parts on a job cost: installed, less what came back, in 1/10,000."""
    spent = select(func.coalesce(func.sum(-Movement.value_e4), 0)).where(
        Movement.work_id == job_id, Movement.asset_id.is_not(None)
    )
    return int(connection.execute(spent).scalar() or 0)


@cache  # put together once: that costs more than running it
def _installs() -> Select[*tuple[Any, ...]]:
    answer, back = aliased(Movement), aliased(Movement)
    taken_back = select(answer.seq).where(answer.reverses_seq == Movement.seq).exists()
    undone = select(answer.seq).where(answer.reverses_seq == back.seq).exists()
    returned = (back.returns_seq == Movement.seq, back.reverses_seq.is_(None), ~undone)
    milli, value = (
        select(func.coalesce(func.sum(column), 0))
        .where(*returned)
        .correlate(Movement)
        .scalar_subquery()
        for column in (back.quantity_milli, back.value_e4)
    )
    return (
        select(
            Movement.origin_id,
            Movement.part_id,
            Part.code,
            Part.name,
            Part.unit,
            -Movement.quantity_milli - milli,
            -Movement.value_e4 - value,
            Movement.lot + Movement.serial,
            Location.name,
            Movement.person_id,
            Person.name,
            Movement.effective_us,
        )
        .join(Part, Part.id == Movement.part_id)
        .join(Location, Location.id == Movement.location_id)
        .join(Person, Person.id == Movement.person_id)
        .where(Movement.kind == MovementKind.INSTALL, ~taken_back)
        .order_by(Movement.effective_us.desc(), Movement.seq.desc())
    )
