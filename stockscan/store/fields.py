"""The company's own fields of assets and parts, for one category or for all."""

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class CustomField(Base):
    """One field: `category` is "" for all; `choices` is a JSON list, empty but for a choice."""

    __tablename__ = "custom_field"
    __table_args__ = (
        CheckConstraint("thing IN ('asset', 'part')", name="thing"),
        CheckConstraint("type IN ('text', 'number', 'date', 'choice', 'yes_no')", name="type"),
        Index("uq_custom_field_name_lower", "thing", "category", func.lower("name"), unique=True),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    thing: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    type: Mapped[str]
    choices: Mapped[str] = mapped_column(default="[]")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
