"""Label codes, foreign barcodes that stand for them, and the log of what was scanned."""

import secrets

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.codes import make_code
from stockscan.store.db import Base, Big, on_postgresql


class Code(Base):
    """An opaque label code and the kind of thing that carries it (blank until claimed)."""

    __tablename__ = "code"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('asset', 'location', 'part', 'person', 'command', 'count', 'blank')",
            name="kind",
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    created_us: Mapped[int] = mapped_column(Big)


class Alias(Base):
    """Another string on a thing: a maker's barcode, an old label."""

    __tablename__ = "alias"

    text: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), index=True)
    created_us: Mapped[int] = mapped_column(Big)


class ScanEvent(Base):
    """One scan as it came in; unknown codes are kept here until someone links them."""

    __tablename__ = "scan_event"
    __table_args__ = (Index("ix_scan_event_person_at", "person_id", "at_us"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    raw: Mapped[str]
    kind: Mapped[str]
    code: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at_us: Mapped[int] = mapped_column(Big)


def claim_code(session: Session, kind: str, now_us: int) -> str:
    """Draw a label code that nothing carries yet and reserve it for a thing of `kind`.

    Drawn here and not from the context: only the table knows which codes are taken, and nobody
    may guess one from another.
    """
    insert = postgresql.insert if on_postgresql(session.connection()) else sqlite.insert
    while True:
        drawn = make_code(secrets.choice)
        row = insert(Code).values(code=drawn, kind=kind, created_us=now_us)
        if session.scalar(row.on_conflict_do_nothing().returning(Code.code)) is not None:
            return drawn
