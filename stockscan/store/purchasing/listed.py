"""Requisitions by the page, as the list and the API read them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.figures import DEAREST_E4, MILLI
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.steps import CHANGEABLE, OPEN, number_of
from stockscan.store.catalogue.paging import Query, matches, rows_as
from stockscan.store.parts import Part, Supplier
from stockscan.store.people import Person
from stockscan.store.purchasing.rows import Requisition, RequisitionLine

PAGE: Final = 50
_STATE = RequisitionState
# No line counts for more: what was mistyped must not burst the sum of all, nor its own product.
_MOST: Final = DEAREST_E4 * MILLI
_RAISER, _APPROVER, _BUYER = aliased(Person), aliased(Person), aliased(Person)


class Show(StrEnum):
    """Which requisitions a list shows; OPEN are those whose goods are still to come."""

    OPEN = "open"
    RAISED = "raised"
    APPROVED = "approved"
    ORDERED = "ordered"
    LATE = "late"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RequisitionRow:
    """A requisition with who did what; `total_e4` is what its lines cost at the expected prices.

    `need_by` and `order_by` are the earliest of its open lines; `expected_on` is when it is to
    come. Who raised it is None for the nightly planning.
    """

    id: int
    uid: str
    number: int
    state: str
    source: str
    supplier_id: int | None
    supplier: str | None
    email: str | None
    created_us: int
    raiser_id: int | None
    created_by: str | None
    approved_us: int | None
    approved_by: str | None
    ordered_us: int | None
    ordered_by: str | None
    expected_on: date | None
    reference: str
    note: str
    ended_us: int | None
    lines: int
    total_e4: int
    need_by: date | None
    order_by: date | None

    def late_days(self, today: date) -> int:
        """How many days ago it should have been ordered, or have come; 0 while there is time."""
        by = self.order_by if self.state in CHANGEABLE else self.expected_on
        waits = self.state in OPEN and by is not None
        return max(0, (today - by).days) if waits and by else 0


def requisitions(
    connection: Connection | Session,
    today: date,
    show: Show = Show.OPEN,
    text: str = "",
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[RequisitionRow]:
    """Those that the filters let through, the newest first, older than the number `before`.

    `text` is looked for in suppliers, references and the parts of the lines, or is a number (R-7).
    """
    query = _requisitions().where(*_shown(show, today))
    if text:
        query = query.where(_found(text))
    if before is not None:
        query = query.where(Requisition.number < before)
    ordered = query.order_by(Requisition.number.desc()).limit(limit)
    return rows_as(RequisitionRow, connection.execute(ordered))


def most_urgent(
    connection: Connection | Session, today: date, show: Show, limit: int
) -> list[RequisitionRow]:
    """The first of those that are to be ordered soonest; at the end those without such a day."""
    day = _earliest("order_by")
    query = _requisitions().where(*_shown(show, today))
    first = query.order_by(day.is_(None), day, Requisition.number).limit(limit)
    return rows_as(RequisitionRow, connection.execute(first))


def requisition(connection: Connection | Session, number: int) -> RequisitionRow | None:
    """One by its number."""
    found = connection.execute(_requisitions().where(Requisition.number == number)).first()
    return RequisitionRow(*found) if found else None


def tally(connection: Connection | Session, today: date) -> dict[Show, int]:
    """How many are to be approved, to be ordered, on order and late."""
    states = select(Requisition.state, func.count()).where(Requisition.state.in_(sorted(OPEN)))
    counted: dict[Show, int] = {
        Show(state): many for state, many in connection.execute(states.group_by(Requisition.state))
    }
    late = select(func.count()).select_from(Requisition).where(*_shown(Show.LATE, today))
    return {**counted, Show.LATE: connection.execute(late).scalar() or 0}


def _shown(show: Show, today: date) -> list[ColumnElement[bool]]:
    if show is Show.ALL:
        return []
    if show is Show.OPEN:
        return [Requisition.state.in_(sorted(OPEN))]
    if show is not Show.LATE:
        return [Requisition.state == show.value]
    to_order = and_(Requisition.state.in_(sorted(CHANGEABLE)), _earliest("order_by") < today)
    overdue = and_(Requisition.state == _STATE.ORDERED, Requisition.expected_on < today)
    return [or_(to_order, overdue)]


def _found(text: str) -> Any:
    """Requisitions that a search text means."""
    with_part = (
        select(literal(1))
        .select_from(RequisitionLine)
        .join(Part, Part.id == RequisitionLine.part_id)
        .where(RequisitionLine.requisition_id == Requisition.id)
        .where(matches(text, Part.name, Part.part_number, code=Part.code))
        .exists()
    )
    found = or_(matches(text, Supplier.name, Requisition.reference), with_part)
    number = number_of(text)
    return found if number is None else or_(Requisition.number == number, found)


def _of_lines(column: Any, *conditions: Any) -> Any:
    return (
        select(column)
        .where(RequisitionLine.requisition_id == Requisition.id, *conditions)
        .correlate(Requisition)
        .scalar_subquery()
    )


def _earliest(name: str) -> Any:
    """The earliest day that an open line names."""
    day = func.min(getattr(RequisitionLine, name))
    return _of_lines(day, RequisitionLine.closed_us.is_(None))


@cache
def _requisitions() -> Query:
    # As `times`: thousandths and 1/10,000, rounded half up on each line.
    quantity, price = RequisitionLine.quantity_milli, RequisitionLine.price_e4
    product = case((cast(quantity, Float) * price > _MOST, _MOST), else_=quantity * price)
    cost = cast(func.sum((product + MILLI // 2) // MILLI), BigInteger)
    return (
        select(
            Requisition.id, Requisition.uid, Requisition.number, Requisition.state,
            Requisition.source, Requisition.supplier_id, Supplier.name, Supplier.email,
            Requisition.created_us,
            Requisition.created_by, _RAISER.name, Requisition.approved_us, _APPROVER.name,
            Requisition.ordered_us, _BUYER.name, Requisition.expected_on, Requisition.reference,
            Requisition.note, Requisition.ended_us,
            _of_lines(func.count()),
            func.coalesce(_of_lines(cost), 0),
            _earliest("need_by"),
            _earliest("order_by"),
        )
        .outerjoin(Supplier, Supplier.id == Requisition.supplier_id)
        .outerjoin(_RAISER, _RAISER.id == Requisition.created_by)
        .outerjoin(_APPROVER, _APPROVER.id == Requisition.approved_by)
        .outerjoin(_BUYER, _BUYER.id == Requisition.ordered_by)
    )  # fmt: skip
