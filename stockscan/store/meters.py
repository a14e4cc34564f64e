"""Meters of assets: hours, kilometres, cycles; each with its last reading."""

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class Meter(Base):
    """One meter of one asset; value and time are a cache of its readings, which are events."""

    __tablename__ = "meter"
    __table_args__ = (Index("uq_meter_name_lower", "asset_id", func.lower("name"), unique=True),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    value_milli: Mapped[int | None] = mapped_column(Big)
    read_us: Mapped[int | None] = mapped_column(Big)
