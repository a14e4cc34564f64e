"""Suppliers by name, and what they supply: the usual one of a part and the others."""

from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict
from stockscan.store.parts import Supplier, SupplierPart
from stockscan.store.unique import insert_unique


def supplier_id(session: Session, name: str) -> int:
    """The number of the supplier with this name, in any case; one that is not known is added."""
    known = find_supplier(session, name)
    if known is not None:
        return known
    try:
        statement = insert(Supplier).values(name=name)
        return insert_unique(session, statement, taken="", field="supplier")
    except Conflict:
        return session.scalars(_named(name)).one()


def find_supplier(session: Session, name: str) -> int | None:
    """The number of the supplier with this name, in any case; None where there is none."""
    return session.scalar(_named(name))


def keep(session: Session, part_id: int, supplier: int, values: dict[str, Any]) -> None:
    """Note what a further supplier of a part asks for it; what is not given stays as it is."""
    row = session.get(SupplierPart, (part_id, supplier))
    if row is None:
        row = SupplierPart(part_id=part_id, supplier_id=supplier)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def further(session: Session, part_id: int, supplier: int) -> SupplierPart | None:
    """What is noted of a further supplier of a part, None where they are none."""
    return session.get(SupplierPart, (part_id, supplier))


def drop(session: Session, part_id: int, supplier: int | None) -> None:
    """Forget a further supplier of a part; nothing where they are none."""
    gone = delete(SupplierPart).where(
        SupplierPart.part_id == part_id, SupplierPart.supplier_id == supplier
    )
    session.execute(gone)


def _named(name: str) -> Select[int]:
    # The same name in another case may have come in before names were told apart without it.
    return (
        select(Supplier.id)
        .where(func.lower(Supplier.name) == func.lower(name))
        .order_by(Supplier.id)
        .limit(1)
    )
