"""What lies at a place and inside it, part by part, now and at the ends of months."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from stockscan.domain.reports.months import LAST, Months
from stockscan.domain.reports.places import Held, held_at_ends
from stockscan.store.parts import PartWorth
from stockscan.store.reports.narrowing import EVERYWHERE
from stockscan.store.reports.summing import summed
from stockscan.store.reports.usage import Only, usage
from stockscan.store.stock import Balance, Movement

# Up to so many parts are asked for one by one, more of them all at once.
_FEW: Final = 500
_BY_MONTH: Final = ("part_id", "month")


def held_now(connection: Connection | Session, only: Only) -> dict[int, Held]:
    """How much of each part lies there, beside all of it; parts that never lay there are left out.

    What lies there may be nothing, or less where books are wrong.
    """
    here = held_rows(only).subquery("here")
    all_of_it = (func.coalesce(one, 0) for one in (PartWorth.quantity_milli, PartWorth.value_e4))
    rows = connection.execute(
        select(here.c.part_id, here.c.quantity_milli, *all_of_it).outerjoin(
            PartWorth, PartWorth.part_id == here.c.part_id
        )
    )
    return {row[0]: Held(*row[1:]) for row in rows}


def held_rows(only: Only) -> Select[int, int]:
    """A select of how much of each part lies there (`quantity_milli`)."""
    return (
        select(Balance.part_id, summed(Balance.quantity_milli).label("quantity_milli"))
        .where(only.at.has(Balance.location_id), *only.parts(Balance.part_id))
        .group_by(Balance.part_id)
    )


def moved_there(connection: Connection | Session, months: Months, only: Only) -> Sequence[Any]:
    """Sums by part and month, as `usage` has them, since some months began, in one pass."""
    return usage(connection, months.first, LAST, _BY_MONTH, only)


def held_by_part(
    connection: Connection | Session, months: Months, only: Only, moved: Iterable[Any]
) -> dict[int, list[Held]]:
    """What lay there before some months and at the end of each, by part.

    From what `moved` there since. Beside all there was of the part then; parts that never lay there
    are left out.
    """
    now = held_now(connection, only)
    ids = tuple(now) if len(now) <= _FEW else only.part_ids
    everywhere = replace(only, at=EVERYWHERE, part_ids=ids)
    changes: dict[int, dict[int, Held]] = defaultdict(dict)
    if now:
        for row in usage(connection, months.first, LAST, _BY_MONTH, everywhere):
            changes[row.part_id][row.month] = Held(0, row.quantity_milli, row.value_e4)
    for row in moved:
        whole = changes[row.part_id].get(row.month, Held())
        changes[row.part_id][row.month] = whole._replace(here_milli=row.quantity_milli)
    return {
        part_id: held_at_ends(held, changes.get(part_id, {}), months)
        for part_id, held in now.items()
    }


def came_first_us(
    connection: Connection | Session, only: Only, part_ids: Sequence[int]
) -> dict[int, int]:
    """When goods of each of these parts first came there."""
    came: dict[int, int] = {}
    for start in range(0, len(part_ids), _FEW):
        wanted = select(Movement.part_id, func.min(Movement.effective_us)).where(
            Movement.part_id.in_(part_ids[start : start + _FEW]),
            Movement.quantity_milli > 0,
            only.at.has(Movement.location_id),
        )
        rows = connection.execute(wanted.group_by(Movement.part_id))
        came |= {row[0]: row[1] for row in rows}
    return came
