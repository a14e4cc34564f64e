"""What is on its way: lines of requisitions that are not closed, and how much of them has come."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, cast, func, select
from sqlalchemy.orm import Session

from stockscan.domain.purchasing.steps import CHANGEABLE, OPEN
from stockscan.store.catalogue.paging import Query
from stockscan.store.purchasing.rows import Requisition, RequisitionLine
from stockscan.store.stock import Movement


class Coming(NamedTuple):
    """What is still to come of a line; `expected_on` is None where nobody knows yet.

    `need_by` is when it is wanted, `order_by` until when it is to be ordered for that; `state`
    tells whether it is asked for, approved or ordered.
    """

    part_id: int
    line_id: int
    requisition_number: int
    left_milli: int
    expected_on: date | None
    state: str
    need_by: date | None = None
    job_id: int | None = None
    order_by: date | None = None

    def is_late(self, today: date) -> bool:
        """Whether it comes after it is needed, should have come, or should have been ordered."""
        if self.state in CHANGEABLE:
            return self.order_by is not None and self.order_by < today
        last = max(today, self.need_by) if self.need_by else None
        day = self.expected_on
        return day is not None and (day < today or (last is not None and day > last))

    def arrives(self, today: date) -> date:
        """The day on which it will lie here, as far as anybody knows; never before today."""
        return max(today, self.expected_on or self.need_by or today)

    def counts_from(self, today: date) -> date:
        """The day from which planning counts on it: when it comes or is wanted, the earlier.

        A late delivery is a matter for a call to the supplier, not for a second order.
        """
        known = [day for day in (self.expected_on, self.need_by) if day is not None]
        return max(today, min(known, default=today))


def coming(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> list[Coming]:
    """Everything that is still to come, in the order in which it was asked for.

    Only of these parts where `part_ids` are given.
    """
    chosen = [] if part_ids is None else [RequisitionLine.part_id.in_(part_ids)]
    return _left(connection.execute(_coming().where(*chosen)))


def received() -> Any:
    """What has come of a line, in thousandths, as a column of a query on lines.

    Receipts name the line, and so do the rows that take them back.
    """
    return (
        select(cast(func.coalesce(func.sum(Movement.quantity_milli), 0), BigInteger))
        .where(
            Movement.requisition_line_id == RequisitionLine.id,
        )
        .correlate(RequisitionLine)
        .scalar_subquery()
    )


def _left(rows: Iterable[Any]) -> list[Coming]:
    """Each row, but for what has come already."""
    return [found for found in map(Coming._make, rows) if found.left_milli > 0]


@cache
def _coming() -> Query:
    return (
        select(
            RequisitionLine.part_id,
            RequisitionLine.id,
            Requisition.number,
            RequisitionLine.quantity_milli - received(),
            func.coalesce(RequisitionLine.expected_on, Requisition.expected_on),
            Requisition.state,
            RequisitionLine.need_by,
            RequisitionLine.job_id,
            RequisitionLine.order_by,
        )
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .where(Requisition.state.in_(sorted(OPEN)), RequisitionLine.closed_us.is_(None))
        .order_by(RequisitionLine.id)
    )
