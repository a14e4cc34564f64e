"""What became of stock that nobody needed: rows beside the movement that took it."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.figures import MINOR_E4
from stockscan.domain.reports.months import Months
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.reports.rows import Disposal
from stockscan.store.reports.usage import Only
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class Disposed:
    """So much of a part that went: what it was worth and what it brought in, in 1/10,000."""

    at_us: int
    part_code: str
    part: str
    unit: str
    quantity_milli: int
    value_e4: int
    how: str
    proceeds_e4: int
    recipient: str
    person: str

    @property
    def lost_e4(self) -> int:
        """What was written off and not brought in; negative for a gain."""
        return self.value_e4 - self.proceeds_e4


def keep(
    session: Session, operation_id: str, how: str, proceeds_minor: int, recipient: str
) -> None:
    """Remember what an operation did with the goods that its movement took."""
    values = {"how": how, "proceeds_minor": proceeds_minor, "recipient": recipient}
    session.execute(insert(Disposal).values(operation_id=operation_id, **values))


def disposals(
    connection: Connection | Session, months: Months, only: Only, limit: int
) -> list[Disposed]:
    """What went in some months, the newest first, without what was taken back."""
    answer = aliased(Movement)
    taken_back = select(answer.seq).where(answer.reverses_seq == Movement.seq).exists()
    rows = connection.execute(
        select(
            Movement.effective_us,
            Part.code,
            Part.name,
            Part.unit,
            -Movement.quantity_milli,
            -Movement.value_e4,
            Disposal.how,
            Disposal.proceeds_minor * MINOR_E4,
            Disposal.recipient,
            Person.name,
        )
        .join(Movement, Movement.operation_id == Disposal.operation_id)
        .join(Part, Part.id == Movement.part_id)
        .join(Person, Person.id == Movement.person_id)
        .where(Movement.kind == "scrap", ~taken_back, *only.parts(Part.id))
        .where(Movement.effective_us >= months.from_us, Movement.effective_us < months.until_us)
        .order_by(Movement.effective_us.desc(), func.lower(Part.name))
        .limit(limit)
    )
    return rows_as(Disposed, rows)
