"""Writing requisitions: numbering them and adding lines, many at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from stockscan.domain.purchasing import RequisitionState, Source
from stockscan.store.purchasing.rows import Requisition, RequisitionLine


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be written: so much of a part until a day, and the figures that it follows from."""

    part_id: int
    quantity_milli: int
    price_e4: int = 0
    need_by: date | None = None
    order_by: date | None = None
    job_id: int | None = None
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What a new requisition says beside its lines; `person_id` is None for the nightly work."""

    uid: str
    source: Source
    supplier_id: int | None
    person_id: int | None
    now_us: int


def open_requisition(session: Session, head: Head) -> Requisition:
    """A new requisition with the next number; the caller holds the lock of requisitions."""
    newest = session.scalar(select(func.max(Requisition.number)))
    row = Requisition(
        uid=head.uid,
        number=(newest or 0) + 1,
        state=RequisitionState.RAISED.value,
        source=head.source.value,
        supplier_id=head.supplier_id,
        created_us=head.now_us,
        created_by=head.person_id,
        reference="",
        note="",
    )
    session.add(row)
    session.flush()
    return row


def add_lines(session: Session, requisition_id: int, lines: Iterable[NewLine]) -> None:
    """Append lines to a requisition."""
    rows = [
        {
            "requisition_id": requisition_id,
            "part_id": line.part_id,
            "quantity_milli": line.quantity_milli,
            "price_e4": line.price_e4,
            "need_by": line.need_by,
            "order_by": line.order_by,
            "job_id": line.job_id,
            "why": json.dumps(line.why),
        }
        for line in lines
    ]
    if rows:
        session.execute(insert(RequisitionLine), rows)


def growing(session: Session, source: Source) -> dict[int | None, Requisition]:
    """By supplier, the newest requisition from this source that nobody has approved yet.

    Nobody approves or changes one of them until the transaction ends.
    """
    rows = session.scalars(
        select(Requisition)
        .where(Requisition.state == RequisitionState.RAISED, Requisition.source == source.value)
        .order_by(Requisition.id)
        .with_for_update()
    )
    return {row.supplier_id: row for row in rows}


def lines_without_job(session: Session, requisition_ids: Iterable[int]) -> dict[Any, Any]:
    """(requisition, part) to its line's `id`, `quantity_milli`, `need_by`, `order_by`."""
    line = RequisitionLine
    rows = session.execute(
        select(
            line.requisition_id, line.part_id, line.id, line.quantity_milli, line.need_by,
            line.order_by,
        ).where(
            line.requisition_id.in_(list(requisition_ids)),
            line.job_id.is_(None),
            line.closed_us.is_(None),
        )
    )  # fmt: skip
    return {(row.requisition_id, row.part_id): row for row in rows}


def grow_lines(session: Session, lines: Mapping[int, NewLine]) -> None:
    """Let lines, by their number, ask for what is said here instead."""
    rows = [
        {
            "id": number,
            "quantity_milli": line.quantity_milli,
            "need_by": line.need_by,
            "order_by": line.order_by,
            "why": json.dumps(line.why),
        }
        for number, line in lines.items()
    ]
    if rows:
        session.execute(update(RequisitionLine), rows)
