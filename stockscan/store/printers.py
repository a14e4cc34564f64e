"""Printers: what each of them needs so that print and die-cut meet, and where it listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Index, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.catalogue.paging import rows_as
from stockscan.store.db import Base, Big
from stockscan.store.unique import insert_unique, update_unique

# A scale of 1.
WHOLE_E5: Final = 100_000


class LabelPrinter(Base):
    """A printer: its dots, offsets (right and down) and scales; `host` is "" for one that is
    reached through the computer's own print dialog."""

    __tablename__ = "printer"
    __table_args__ = (Index("uq_printer_name_lower", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    dpi: Mapped[int]
    offset_x_um: Mapped[int]
    offset_y_um: Mapped[int]
    scale_x_e5: Mapped[int]
    scale_y_e5: Mapped[int]
    host: Mapped[str]
    port: Mapped[int]
    active: Mapped[bool]
    created_us: Mapped[int] = mapped_column(Big)


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """A printer as it is kept; offsets in thousandths of a mm, scales in 1/100,000."""

    id: int
    name: str
    dpi: int
    offset_x_um: int
    offset_y_um: int
    scale_x_e5: int
    scale_y_e5: int
    host: str
    port: int
    active: bool

    @property
    def is_on_network(self) -> bool:
        """Whether the server sends to it by itself."""
        return bool(self.host)

    @property
    def is_calibrated(self) -> bool:
        """Whether it moves or scales what is printed on it."""
        shape = (self.offset_x_um, self.offset_y_um, self.scale_x_e5, self.scale_y_e5)
        return shape != (0, 0, WHOLE_E5, WHOLE_E5)


def every(connection: Connection | Session) -> list[PrinterRow]:
    """All printers by name, those in use first."""
    order = (LabelPrinter.active.desc(), func.lower(LabelPrinter.name), LabelPrinter.id)
    return rows_as(PrinterRow, connection.execute(_PRINTERS.order_by(*order)))


def find(connection: Connection | Session, number: int) -> PrinterRow | None:
    """The printer with this number."""
    found = rows_as(PrinterRow, connection.execute(_PRINTERS.where(LabelPrinter.id == number)))
    return found[0] if found else None


def number_of(connection: Connection | Session, uid: str) -> int | None:
    """The number of the printer that was added under this id."""
    return connection.execute(select(LabelPrinter.id).where(LabelPrinter.uid == uid)).scalar()


def add(session: Session, columns: Mapping[str, Any], taken: str) -> int:
    """Append a printer; its number. Raises `Conflict` with the sentence `taken` for its name."""
    statement = insert(LabelPrinter).values(**columns)
    return insert_unique(session, statement, taken=taken, field="name")


def change(session: Session, number: int, columns: Mapping[str, Any], taken: str = "") -> None:
    """Set columns of a printer. Raises `Conflict` with the sentence `taken` for its name."""
    update_unique(session, LabelPrinter, number, columns, taken=taken, field="name")


_PRINTERS = select(
    LabelPrinter.id,
    LabelPrinter.name,
    LabelPrinter.dpi,
    LabelPrinter.offset_x_um,
    LabelPrinter.offset_y_um,
    LabelPrinter.scale_x_e5,
    LabelPrinter.scale_y_e5,
    LabelPrinter.host,
    LabelPrinter.port,
    LabelPrinter.active,
)
