"""What was printed, when, and with which address."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class LabelPrint(Base):
    """One print of some labels."""

    __tablename__ = "label_print"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    at_us: Mapped[int] = mapped_column(Big, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stock: Mapped[str]
    layout: Mapped[str]
    format: Mapped[str]
    start: Mapped[int]
    public_url: Mapped[str]


class LabelPrinted(Base):
    """One label of a print."""

    __tablename__ = "label_printed"
    __table_args__ = (UniqueConstraint("print_id", "place"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    print_id: Mapped[int] = mapped_column(ForeignKey("label_print.id"))
    place: Mapped[int]
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), index=True)
