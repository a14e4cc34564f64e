"""The lines of a requisition: what was asked for, what has come of it and at what price."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import times
from stockscan.store.catalogue.paging import Query
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part, SupplierPart
from stockscan.store.purchasing.rows import Requisition, RequisitionLine
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its part; `supplier_number` is what the requisition's supplier calls it.

    `received_milli` and `received_e4` are what has come and what it cost, None where the books of
    the part are hidden from the reader.
    """

    id: int
    part_id: int
    code: str
    part_number: str
    name: str
    unit: str
    pack_milli: int
    bin_code: str | None
    bin: str | None
    supplier_number: str
    quantity_milli: int
    price_e4: int
    need_by: date | None
    order_by: date | None
    expected_on: date | None
    job: int | None
    why: dict[str, Any]
    closed: bool
    received_milli: int | None
    received_e4: int | None

    @property
    def cost_e4(self) -> int:
        """What all of it costs at the expected price."""
        return times(self.quantity_milli, self.price_e4)

    @property
    def left_milli(self) -> int:
        """What is still to come; nothing where the line was closed short."""
        if self.closed or self.received_milli is None:
            return 0
        return max(0, self.quantity_milli - self.received_milli)

    @property
    def over_milli(self) -> int:
        """What has come beyond what was asked for."""
        return max(0, (self.received_milli or 0) - self.quantity_milli)

    @property
    def difference_e4(self) -> int:
        """What has come cost so much more than was expected; 0 where no price was expected."""
        if not self.price_e4 or self.received_milli is None or self.received_e4 is None:
            return 0
        return self.received_e4 - times(self.received_milli, self.price_e4)


def lines_of(
    connection: Connection | Session, requisition_id: int, blind: Blindness = SEEING
) -> list[LineRow]:
    """The lines of a requisition in the order in which they were asked for."""
    query = _lines().where(RequisitionLine.requisition_id == requisition_id)
    rows = connection.execute(query.add_columns(blind.hides_part(RequisitionLine.part_id)))
    return [_line(tuple(row)) for row in rows]


def figures(why: str) -> dict[str, Any]:
    """The figures behind a quantity, with the day in them as a day."""
    kept: dict[str, Any] = json.loads(why)
    return {**kept, "by": date.fromisoformat(kept["by"])} if "by" in kept else kept


def _line(row: tuple[Any, ...]) -> LineRow:
    why, closed, received, worth, hidden = row[-5:]
    came = [None, None] if hidden else [received, worth]
    values: list[Any] = [*row[:-5], figures(why), closed is not None, *came]
    return LineRow(*values)


def _came(column: Any) -> Any:
    return (
        select(cast(func.coalesce(func.sum(column), 0), BigInteger))
        .where(Movement.requisition_line_id == RequisitionLine.id)
        .correlate(RequisitionLine)
        .scalar_subquery()
    )


@cache
def _lines() -> Query:
    offered = and_(
        SupplierPart.part_id == Part.id, SupplierPart.supplier_id == Requisition.supplier_id
    )
    is_usual = Part.supplier_id == Requisition.supplier_id
    number = case(
        (is_usual, Part.supplier_part_number), else_=func.coalesce(SupplierPart.number, "")
    )
    return (
        select(
            RequisitionLine.id, RequisitionLine.part_id, Part.code, Part.part_number, Part.name,
            Part.unit, Part.pack_milli, Location.code, Location.name, number,
            RequisitionLine.quantity_milli, RequisitionLine.price_e4, RequisitionLine.need_by,
            RequisitionLine.order_by,
            func.coalesce(RequisitionLine.expected_on, Requisition.expected_on),
            Job.number, RequisitionLine.why, RequisitionLine.closed_us,
            _came(Movement.quantity_milli), _came(Movement.value_e4),
        )
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .join(Part, Part.id == RequisitionLine.part_id)
        .outerjoin(Location, Location.id == Part.default_location_id)
        .outerjoin(Job, Job.id == RequisitionLine.job_id)
        .outerjoin(SupplierPart, offered)
        .order_by(RequisitionLine.id)
    )  # fmt: skip
