"""What was printed, when, on which paper and with which address; what was scanned back of it."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big

# A print waits for nobody: it is drawn or sent at once, or by a thread that tells how far it is.
STATES = ("running", "done", "failed", "cancelled")
# What a label that was scanned back turned out to be.
VERDICTS = ("right", "old_address", "other_print", "unknown", "unreadable")


class LabelPrint(Base):
    """One print of some labels; `total` of them with all copies, `done` so far.

    `uid` is the id that the client made, `choices` JSON of all that was chosen, `sha256` the file
    while it is kept, `beat_us` when it last moved, `trouble` why it failed, in words, `warnings`
    a JSON list of what to know about the labels. The `format` of one that was sent to its printer
    is "printer". Its labels are kept once each, whatever the copies.
    """

    __tablename__ = "label_print"
    __table_args__ = (
        Index("uq_label_print_uid", "uid", unique=True),
        Index("ix_label_print_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    at_us: Mapped[int] = mapped_column(Big, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stock: Mapped[str]
    layout: Mapped[str]
    format: Mapped[str]
    start: Mapped[int]
    public_url: Mapped[str]
    uid: Mapped[str | None]
    copies: Mapped[int] = mapped_column(default=1)
    choices: Mapped[str] = mapped_column(default="{}")
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    state: Mapped[str] = mapped_column(default="done")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    beat_us: Mapped[int | None] = mapped_column(Big)
    trouble: Mapped[str] = mapped_column(default="")
    warnings: Mapped[str] = mapped_column(default="[]")
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))


class LabelPrinted(Base):
    """One label of a print."""

    __tablename__ = "label_printed"
    __table_args__ = (UniqueConstraint("print_id", "place"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    print_id: Mapped[int] = mapped_column(ForeignKey("label_print.id"))
    place: Mapped[int]
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), index=True)


class LabelCheck(Base):
    """One label of a print that somebody scanned back, or could not."""

    __tablename__ = "label_check"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    print_id: Mapped[int] = mapped_column(ForeignKey("label_print.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at_us: Mapped[int] = mapped_column(Big)
    text: Mapped[str]
    code: Mapped[str | None] = mapped_column(ForeignKey("code.code"))
    verdict: Mapped[str]
