"""Label codes, foreign barcodes that stand for them, and the log of what was scanned."""

import secrets
from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.cards import is_card
from stockscan.domain.codes import Kind, make_code
from stockscan.store.db import Base, Big, insert_into


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
    """Another string on a thing: a maker's barcode, an old label, a blank label of ours.

    `text` is spelled as `domain.codes.spelling` has it; `operation_id` names the link that made it.
    """

    __tablename__ = "alias"

    text: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), index=True)
    created_us: Mapped[int] = mapped_column(Big)
    operation_id: Mapped[str | None]


class ScanEvent(Base):
    """One scan as it came in, known or not; `way` tells by camera, by hand scanner or typed.

    `place` is the code of the room or bin that was being counted.
    """

    __tablename__ = "scan_event"
    __table_args__ = (
        Index("ix_scan_event_person_at", "person_id", "at_us"),
        Index(
            "ix_scan_event_unknown",
            "at_us",
            sqlite_where=text("kind = 'unknown'"),
            postgresql_where=text("kind = 'unknown'"),
        ),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    raw: Mapped[str]
    kind: Mapped[str]
    code: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at_us: Mapped[int] = mapped_column(Big)
    way: Mapped[str] = mapped_column(default="")
    place: Mapped[str | None] = mapped_column(ForeignKey("code.code"))


def claim_code(session: Session, kind: str, now_us: int) -> str:
    """Draw a label code that nothing carries yet and reserve it for a thing of `kind`.

    Drawn here and not from the context: only the table knows which codes are taken, and nobody
    may guess one from another.
    """
    while True:
        drawn = make_code(secrets.choice)
        if is_card(drawn):
            continue
        if _insert(session, drawn, kind, now_us):
            return drawn


def keep_cards(session: Session, codes: Iterable[str], now_us: int) -> None:
    """Give printed cards rows of their own, so that the record of prints can name them."""
    for code in codes:
        _insert(session, code, Kind.COMMAND, now_us)


def _insert(session: Session, code: str, kind: str, now_us: int) -> bool:
    """Add a code; False when it is there already."""
    row = insert_into(session.connection(), Code).values(code=code, kind=kind, created_us=now_us)
    return session.scalar(row.on_conflict_do_nothing().returning(Code.code)) is not None
