"""A supplier as the buyer knows it: where its orders go, and how many of them are open."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.domain.purchasing.steps import OPEN
from stockscan.services.work import Context, reading
from stockscan.store.parts import Part, Supplier
from stockscan.store.purchasing.rows import Requisition


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """A supplier; how many parts are usually bought there, and what is asked for or on order."""

    id: int
    name: str
    email: str
    parts: int
    open_requisitions: int


def supplier_page(ctx: Context, name: str) -> SupplierPage:
    """The supplier of that name. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        row = connection.execute(_named(name)).one_or_none()
        if row is None:
            raise NotFound("There is no such supplier. Choose one on a part's page.")
        parts = select(func.count()).where(Part.supplier_id == row.id)
        waiting = select(func.count()).where(
            Requisition.supplier_id == row.id, Requisition.state.in_(OPEN)
        )
        return SupplierPage(
            row.id, row.name, row.email, _number(connection, parts), _number(connection, waiting)
        )


def _named(name: str) -> Select[int, str, str]:
    return select(Supplier.id, Supplier.name, Supplier.email).where(Supplier.name == name)


def _number(connection: Connection, query: Select[int]) -> int:
    return connection.scalar(query) or 0
