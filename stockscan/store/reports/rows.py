"""What reports keep beside the ledger: its sums by month, and what became of obsolete stock."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.domain.reports import Disposition
from stockscan.store.db import Base, Big


class _Sums:
    """What is summed of the ledger's rows; see `store.reports.usage` for what each counts."""

    quantity_milli: Mapped[int] = mapped_column(Big)
    value_e4: Mapped[int] = mapped_column(Big)
    used_milli: Mapped[int] = mapped_column(Big)
    used_e4: Mapped[int] = mapped_column(Big)
    issued_e4: Mapped[int] = mapped_column(Big)
    lost_e4: Mapped[int] = mapped_column(Big)


class PartMonth(_Sums, Base):
    """The ledger's rows up to a mark (setting `usage_seq`), summed: a cache that can be rebuilt.

    `month` is year x 12 + month - 1 of when the goods moved (UTC).
    """

    __tablename__ = "part_month"
    # Rows lie in the order of months, which reports read from one to another.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - read by SQLAlchemy, never changed

    month: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(Big, primary_key=True)


class AssetMonth(_Sums, Base):
    """The same rows summed by the asset that was charged, 0 for none.

    Kept beside the sums by part: by both together they would be as many as the ledger's rows.
    """

    __tablename__ = "asset_month"
    __table_args__ = (
        Index("ix_asset_month_asset", "asset_id", "month"),
        {"sqlite_with_rowid": False},
    )

    month: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(Big, primary_key=True)


class Disposal(Base):
    """What was done with stock that nobody needs; the movement of its operation took it."""

    __tablename__ = "disposal"
    __table_args__ = (
        CheckConstraint(f"how IN {tuple(each.value for each in Disposition)}", name="how"),
    )

    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"), primary_key=True)
    how: Mapped[str]
    proceeds_minor: Mapped[int] = mapped_column(Big, default=0)
    recipient: Mapped[str] = mapped_column(default="")
