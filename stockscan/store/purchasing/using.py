"""How parts were used and delivered: what reorder points and safety stocks follow from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Float,
    Select,
    and_,
    cast,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from stockscan.domain.figures import MILLI, from_us
from stockscan.domain.purchasing.reordering import Use
from stockscan.domain.reports.months import month_at
from stockscan.store.parts import Part
from stockscan.store.purchasing.rows import Requisition, RequisitionLine
from stockscan.store.reports.rows import PartMonth
from stockscan.store.reports.usage import Only, unkept
from stockscan.store.stock import Movement

# Whole months that are looked back on, and the days in one.
MONTHS: Final = 12
_MONTH_DAYS: Final = 365 / 12
# Fewer deliveries than this say nothing about how much their time varies.
LEAST_DELIVERIES: Final = 3
_DAY_US: Final = 86_400_000_000


class Deliveries(NamedTuple):
    """How long the deliveries of a part took: how many there were, mean and deviation in days."""

    number: int
    mean_days: float
    deviation_days: float


@dataclass(frozen=True, slots=True)
class Used:
    """How a part was used over some whole months, in units; `months` is how many it could be."""

    months: int
    total: float
    squares: float

    @property
    def daily(self) -> float:
        """Units a day."""
        return max(0.0, self.total) / (self.months * _MONTH_DAYS)

    @property
    def daily_deviation(self) -> float:
        """The standard deviation of a day's use, from that of the months.

        Days are taken as independent of each other, so a month varies by the root of its days.
        """
        if self.months < 2:
            return 0.0
        spread = max(0.0, self.squares - self.total**2 / self.months)
        return sqrt(spread / (self.months - 1)) / sqrt(_MONTH_DAYS)


class Watched(NamedTuple):
    """A part that is ordered again by its point: the one that was set, else by how it was used.

    `used` is None where it was not used in the last twelve whole months.
    """

    part_id: int
    supplier_id: int | None
    unit: str
    lead_days: int | None
    service_level_bp: int | None
    own_point_milli: int | None
    used: Used | None


def watched(connection: Connection | Session, today: date) -> list[Watched]:
    """Each part in use that was used in the last twelve whole months, or has a point of its own."""
    last = month_at(today) - 1
    rows = connection.execute(_watched(last, None))
    return [Watched._make((*row[:6], _used(row[6:], last))) for row in rows]


def used(
    connection: Connection | Session, today: date, part_ids: Collection[int]
) -> dict[int, Used]:
    """How those of these parts were used that were, in the last twelve whole months.

    Or in as many as they are in the books.
    """
    last = month_at(today) - 1
    rows = connection.execute(_watched(last, part_ids))
    return {row[0]: known for row in rows if (known := _used(row[6:], last)) is not None}


def _used(row: Sequence[Any], last: int) -> Used | None:
    created_us, total, squares, first = row
    if total is None:
        return None
    months = _months(first, created_us, last)
    return Used(months, float(total) / MILLI, float(squares) / MILLI**2)


def _watched(last: int, part_ids: Collection[int] | None) -> Select[Any]:
    rows = _monthly(last - MONTHS + 1, last, part_ids).subquery("monthly")
    sums = (
        select(
            rows.c.part_id,
            func.sum(rows.c.used).label("total"),
            func.sum(rows.c.square).label("squares"),
            func.min(rows.c.month).label("first"),
        )
        .group_by(rows.c.part_id)
        .subquery("sums")
    )
    found = (
        select(
            Part.id,
            Part.supplier_id,
            Part.unit,
            Part.lead_time_days,
            Part.service_level_bp,
            Part.reorder_point_milli,
            Part.created_us,
            sums.c.total,
            sums.c.squares,
            sums.c.first,
        )
        .outerjoin(sums, sums.c.part_id == Part.id)
        .where(Part.active, or_(sums.c.total.is_not(None), Part.reorder_point_milli.is_not(None)))
    )
    return found if part_ids is None else found.where(Part.id.in_(part_ids))


def _monthly(
    from_month: int, to_month: int, part_ids: Collection[int] | None
) -> CompoundSelect[Any]:
    """Rows of a part's use in a month whose `used` and `square` add up to those of the months.

    Most are kept sums as they are. What is not kept yet stands beside them, with the square that
    it makes of its month: (a + b)^2 = a^2 + b^2 + 2ab.
    """
    kept, only = PartMonth, Only(part_ids=part_ids or ())
    used = kept.used_milli
    months = range(from_month, to_month + 1)
    chosen = [] if part_ids is None else [kept.part_id.in_(part_ids)]
    more = unkept(from_month, to_month, ("part_id", "month"), only).subquery("more")
    added, before = more.c.used_milli, func.coalesce(used, 0)
    same = and_(kept.month == more.c.month, kept.part_id == more.c.part_id)
    return union_all(
        select(
            kept.part_id,
            kept.month,
            used.label("used"),
            (cast(used, Float) * used).label("square"),
        ).where(kept.month.in_(months), kept.used_milli != 0, *chosen),
        select(more.c.part_id, more.c.month, added, cast(added, Float) * (added + 2 * before))
        .outerjoin(kept, same)
        .where(more.c.used_milli != 0),
    )


def deliveries(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> dict[int, Deliveries]:
    """Parts of which enough orders have come: the days from the order to its first receipt."""
    came_us = (
        select(func.min(Movement.effective_us))
        .where(Movement.requisition_line_id == RequisitionLine.id)
        .correlate(RequisitionLine)
        .scalar_subquery()
    )
    chosen = [] if part_ids is None else [RequisitionLine.part_id.in_(part_ids)]
    days = (
        select(
            RequisitionLine.part_id,
            (cast(came_us - Requisition.ordered_us, Float) / _DAY_US).label("days"),
        )
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .where(Requisition.ordered_us.is_not(None), *chosen)
        .subquery("days")
    )
    rows = connection.execute(
        select(
            days.c.part_id,
            func.count(),
            func.sum(days.c.days),
            func.sum(days.c.days * days.c.days),
        )
        .where(days.c.days >= 0)
        .group_by(days.c.part_id)
        .having(func.count() >= LEAST_DELIVERIES)
    )
    return {row[0]: _deliveries(*row[1:]) for row in rows}


def use_of(known: Used, came: Deliveries | None, lead_days: int) -> Use:
    """How a part is used, with its lead time: as its deliveries took, else as is said of it."""
    if came is None:
        return Use(known.daily, known.daily_deviation, lead_days)
    return Use(known.daily, known.daily_deviation, came.mean_days, came.deviation_days)


def _deliveries(number: int, total: Any, squares: Any) -> Deliveries:
    mean = float(total) / number
    spread = max(0.0, float(squares) - number * mean**2)
    return Deliveries(number, mean, sqrt(spread / (number - 1)))


def _months(first_used: int, created_us: int, last: int) -> int:
    """How many of the months the part was there: in the books, or in use before that."""
    if last - first_used + 1 >= MONTHS:
        return MONTHS
    since = min(first_used, month_at(from_us(created_us).date()))
    return max(1, min(MONTHS, last - since + 1))
