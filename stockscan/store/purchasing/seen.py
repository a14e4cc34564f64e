"""What somebody saw of a requisition when they decided, and whether that is still what it asks."""

from hashlib import sha256

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict
from stockscan.domain.purchasing.steps import name_of
from stockscan.store.purchasing.rows import Requisition, RequisitionLine


def version_of(connection: Connection | Session, requisition_id: int) -> str:
    """A short text that is another one when the supplier, a line, a price or a day is."""
    line = RequisitionLine
    rows = connection.execute(
        select(Requisition.supplier_id, line.id, line.quantity_milli, line.price_e4, line.need_by)
        .outerjoin(line, line.requisition_id == Requisition.id)
        .where(Requisition.id == requisition_id)
        .order_by(line.id)
    )
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]


def refuse_changed(session: Session, row: Requisition, seen: str | None) -> None:
    """Nothing where nobody says what they saw. Raises `Conflict` where it asks for else by now."""
    if seen is not None and seen != version_of(session, row.id):
        message = f"{name_of(row.number)} was changed meanwhile. Look at it, then do it again."
        raise Conflict(message, code="changed")
