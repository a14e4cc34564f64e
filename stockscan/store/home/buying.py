"""Purchasing as the first page needs it: what comes next, and what must be ordered soon."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.steps import CHANGEABLE
from stockscan.store.counts.blindness import Blindness
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part, PartWorth, Supplier
from stockscan.store.purchasing.rows import Requisition, RequisitionLine


class ToReceive(NamedTuple):
    """An order whose goods are still to come."""

    number: int
    supplier: str | None
    expected_on: date | None


class DueLine(NamedTuple):
    """A part that must be ordered soon; `has_milli` is None where the reader counts it blind."""

    requisition: int
    code: str
    part: str
    unit: str
    has_milli: int | None
    needs_milli: int
    order_by: date
    job: str | None


def receiving(connection: Connection, limit: int) -> list[ToReceive]:
    """What is ordered, the first that is expected on top."""
    rows = connection.execute(
        select(Requisition.number, Supplier.name, Requisition.expected_on)
        .outerjoin(Supplier, Supplier.id == Requisition.supplier_id)
        .where(Requisition.state == RequisitionState.ORDERED)
        .order_by(func.coalesce(Requisition.expected_on, date.max), Requisition.number)
        .limit(limit)
    )
    return [ToReceive(*row) for row in rows]


def order_soon(connection: Connection, until: date, blind: Blindness, limit: int) -> list[DueLine]:
    """What is asked for and must be ordered by `until`, the most urgent on top."""
    has = blind.unless_hidden(Part.id, func.coalesce(PartWorth.quantity_milli, 0))
    rows = connection.execute(
        select(
            Requisition.number,
            Part.code,
            Part.name,
            Part.unit,
            has,
            RequisitionLine.quantity_milli,
            RequisitionLine.order_by,
            Job.title,
        )
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .join(Part, Part.id == RequisitionLine.part_id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .outerjoin(Job, Job.id == RequisitionLine.job_id)
        .where(
            Requisition.state.in_(sorted(CHANGEABLE)),
            RequisitionLine.closed_us.is_(None),
            RequisitionLine.order_by <= until,
        )
        .order_by(RequisitionLine.order_by, RequisitionLine.id)
        .limit(limit)
    )
    return [DueLine(*row) for row in rows]
