"""What is left for one person in a count, as their phone carries it: never what the books hold."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from stockscan.store.counts.rows import CompleteBin, CountLine
from stockscan.store.counts.sheets import IS_MINE, IS_OPEN
from stockscan.store.parts import Part


@dataclass(frozen=True, slots=True)
class Carried:
    """A record that is still to be counted: the bin by its id, the part by its code."""

    location_id: int
    part: str
    lot: str


def mark(connection: Connection, count_id: str, person_id: int) -> str:
    """A word that is another one as soon as something else is left for the person."""
    left, numbers, bins = connection.execute(
        _mark(), {"session": count_id, "person": person_id}
    ).one()
    return f"{left}.{numbers or 0}.{bins}"


def lines_left(
    connection: Connection, count_id: str, person_id: int, bins: Collection[int]
) -> list[Carried]:
    """What is left for a person in these bins, in the order in which it is asked for."""
    asked = {"session": count_id, "person": person_id, "bins": list(bins)}
    return [Carried(*row) for row in connection.execute(_left(), asked)]


@cache
def _mark() -> Any:
    mine = (CountLine.session_id == bindparam("session"), IS_MINE, IS_OPEN)
    done = select(func.count()).where(
        CompleteBin.session_id == bindparam("session"), CompleteBin.voided_us.is_(None)
    )
    sums = (func.count(), func.sum(CountLine.id), done.scalar_subquery())
    return select(*sums).where(*mine)


@cache
def _left() -> Any:
    return (
        select(CountLine.location_id, Part.code, CountLine.lot)
        .join(Part, Part.id == CountLine.part_id)
        .where(
            CountLine.session_id == bindparam("session"),
            CountLine.location_id.in_(bindparam("bins", expanding=True)),
            IS_MINE,
            IS_OPEN,
        )
        .order_by(func.lower(Part.name), Part.part_number, CountLine.lot, CountLine.attempt)
    )
