"""Printers: what each of them needs so that print and die-cut meet, and where it listens."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


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
