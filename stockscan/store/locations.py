"""Sites, areas and bins: one tree."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class Location(Base):
    """A place where things are; stock lies in bins, assets stand anywhere."""

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint("kind IN ('site', 'area', 'bin')", name="kind"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index("ix_location_name_lower", func.lower("name")),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    count_interval_days: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_us: Mapped[int] = mapped_column(Big)
