"""Requisitions and their lines: what is to be bought, from whom, until when and why."""

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.domain.purchasing import RequisitionState, Source
from stockscan.store.db import Base, Big

# Beyond so many parts all rows are read and the others passed over: no list of ids is that long.
MOST_NAMED: Final = 500


class Requisition(Base):
    """What is to be bought from one supplier, R-17: raised, approved, ordered, received.

    Who raised it is None for the nightly planning.
    """

    __tablename__ = "requisition"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(each.value for each in RequisitionState)}", name="state"),
        CheckConstraint(f"source IN {tuple(each.value for each in Source)}", name="source"),
        Index("ix_requisition_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(Big, unique=True)
    state: Mapped[str] = mapped_column(default="raised")
    source: Mapped[str]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    created_us: Mapped[int] = mapped_column(Big)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_us: Mapped[int | None] = mapped_column(Big)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ordered_us: Mapped[int | None] = mapped_column(Big)
    ordered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expected_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    ended_us: Mapped[int | None] = mapped_column(Big)


class RequisitionLine(Base):
    """So much of a part at an expected price. Receipts name it in `requisition_line_id`.

    What has come follows from those movements; `closed_us` says that no more will come. `why` is a
    JSON object with the figures that the quantity follows from. `job_id` is the job it is for.
    """

    __tablename__ = "requisition_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        Index("ix_requisition_line_requisition", "requisition_id", "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    quantity_milli: Mapped[int] = mapped_column(Big)
    price_e4: Mapped[int] = mapped_column(Big, default=0)
    need_by: Mapped[date | None]
    order_by: Mapped[date | None]
    expected_on: Mapped[date | None]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    why: Mapped[str] = mapped_column(default="{}")
    closed_us: Mapped[int | None] = mapped_column(Big)
