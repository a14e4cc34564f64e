"""How many records fall due on which day, by class."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, literal, select

from stockscan.domain.counts.scope import Scope
from stockscan.store.counts.schedule import DAY_US, dated_records, is_there, same_record
from stockscan.store.counts.scoping import running
from stockscan.store.db import Big
from stockscan.store.settings import Settings

# Days are counted from so long before the first one, because databases round towards zero.
_LONG_BEFORE: Final = 100_000


@dataclass(frozen=True, slots=True)
class DueRow:
    """Records of a class that fall due `day` days after the first day asked about.

    None for what no count can be due of: it has never moved, or a count has it under way.
    """

    abc_class: str
    day: int | None
    records: int


def due_days(connection: Connection, settings: Settings, start_us: int) -> list[DueRow]:
    """Every record there is by class and day, counted from the day that begins at `start_us`."""
    records = dated_records(Scope(), settings)
    zero_us = start_us - _LONG_BEFORE * DAY_US
    day = (records.c.due_us - literal(zero_us, Big)) // literal(DAY_US, Big)
    busy = running()
    dated = (
        select(records.c.abc_class, case((busy.c.part_id.is_(None), day)).label("day"))
        .outerjoin(busy, same_record(busy.c, records))
        .where(is_there(records))
        .subquery("dated")
    )
    rows = connection.execute(
        select(dated.c.abc_class, dated.c.day, func.count()).group_by(
            dated.c.abc_class, dated.c.day
        )
    )
    return [
        DueRow(abc_class, None if days is None else days - _LONG_BEFORE, number)
        for abc_class, days, number in rows
    ]
