"""What somebody printed labels on lately: the memory of the print dialog."""

from typing import Any

from sqlalchemy import Connection, Row, select

from stockscan.store.catalogue.paging import Query
from stockscan.store.codes import Code
from stockscan.store.labels import LabelPrint, LabelPrinted


def last_print(connection: Connection, person_id: int, kind: str = "") -> Row[Any] | None:
    """The choices of somebody's newest print; of one that began with a thing of this `kind`."""
    query: Query = (
        select(LabelPrint.choices, LabelPrint.stock, LabelPrint.layout)
        .where(LabelPrint.person_id == person_id)
        .order_by(LabelPrint.id.desc())
        .limit(1)
    )
    if kind:
        query = query.join(LabelPrinted, LabelPrinted.print_id == LabelPrint.id)
        query = query.join(Code, Code.code == LabelPrinted.code)
        query = query.where(LabelPrinted.place == 1, Code.kind == kind)
    return connection.execute(query).first()


def last_on(connection: Connection, person_id: int, stock: str) -> Row[Any] | None:
    """Where somebody's newest file for this stock began, how many labels it had, and when."""
    query: Query = (
        select(LabelPrint.start, LabelPrint.total, LabelPrint.at_us)
        .where(LabelPrint.person_id == person_id, LabelPrint.stock == stock)
        .where(LabelPrint.format == "pdf", LabelPrint.state == "done")
        .order_by(LabelPrint.id.desc())
        .limit(1)
    )
    return connection.execute(query).first()
