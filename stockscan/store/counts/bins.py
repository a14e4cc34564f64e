"""A bin while it is counted: what would become 0 if no more is in it, and what moved meanwhile."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, union

from stockscan.domain.counts import OPEN, LineState
from stockscan.store.assets import Asset
from stockscan.store.counts.rows import CountLine, CountQuestion
from stockscan.store.locations import Location
from stockscan.store.people import Person
from stockscan.store.stock import Balance, Movement


@dataclass(frozen=True, slots=True)
class Move:
    """Goods that moved while they were counted: how much, by whom, and onto which asset."""

    kind: str
    quantity_milli: int
    person: str
    asset: str
    effective_us: int


def rest_of(
    connection: Connection, location: str, person_id: int, count_id: str, since_us: int | None
) -> int:
    """How many records of a bin become 0 when it is said that no more is in it.

    They are what the books have there, and what the person still has to count there in the count.
    What the person counted in the count, and what was counted `since_us` at all, is left as it is;
    None: the bin is empty, so nothing is.
    """
    here = select(Location.id).where(Location.code == location).scalar_subquery()
    booked = select(Balance.part_id, Balance.lot).where(
        Balance.location_id == here, Balance.quantity_milli != 0
    )
    asked = select(CountLine.part_id, CountLine.lot).where(
        CountLine.location_id == here,
        CountLine.session_id == count_id,
        CountLine.state.in_(sorted(OPEN)),
        or_(CountLine.counter_id == person_id, CountLine.counter_id.is_(None)),
    )
    records = union(booked, asked).subquery("records")
    query = select(func.count()).select_from(records)
    if since_us is not None:
        by_me = and_(CountLine.session_id == count_id, CountLine.counter_id == person_id)
        counted = select(CountLine.id).where(
            CountLine.location_id == here,
            CountLine.part_id == records.c.part_id,
            CountLine.lot == records.c.lot,
            CountLine.counted_us.is_not(None),
            or_(by_me, CountLine.counted_us >= since_us),
            CountLine.state != LineState.VOIDED,
        )
        query = query.where(~counted.exists())
    return int(connection.execute(query).scalar_one())


def moves_asked(connection: Connection, line_id: int) -> list[Move]:
    """The movements of which it is asked whether they came before or after this count."""
    same_key: Any = and_(
        Movement.part_id == CountLine.part_id,
        Movement.location_id == CountLine.location_id,
        Movement.lot == CountLine.lot,
        Movement.serial == CountLine.serial,
    )
    rows = connection.execute(
        select(
            Movement.kind,
            Movement.quantity_milli,
            Person.name,
            func.coalesce(Asset.name, ""),
            Movement.effective_us,
        )
        .select_from(CountQuestion)
        .join(CountLine, CountLine.id == CountQuestion.line_id)
        .join(Movement, and_(Movement.operation_id == CountQuestion.origin_id, same_key))
        .join(Person, Person.id == Movement.person_id)
        .outerjoin(Asset, Asset.id == Movement.asset_id)
        .where(
            CountQuestion.line_id == line_id,
            CountQuestion.answer.is_(None),
            Movement.late_seq.is_(None),
        )
        .order_by(Movement.effective_us, Movement.seq)
    )
    return [Move(*row) for row in rows]
