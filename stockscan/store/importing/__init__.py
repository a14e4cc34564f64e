"""Imports: the file as it came, what was chosen for it, and how far it is."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big

STATES = ("mapping", "checking", "checked", "running", "done", "failed", "cancelled")


class ImportJob(Base):
    """One file on its way in; `choices` and `tally` are JSON, `beat_us` when it last moved."""

    __tablename__ = "import_job"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    state: Mapped[str]
    choices: Mapped[str] = mapped_column(default="{}")
    tally: Mapped[str] = mapped_column(default="{}")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    created_us: Mapped[int] = mapped_column(Big)
    beat_us: Mapped[int | None] = mapped_column(Big)
