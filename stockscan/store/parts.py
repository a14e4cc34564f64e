"""Parts and who supplies them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class Supplier(Base):
    """A company that parts are bought from; orders go to its `email`."""

    __tablename__ = "supplier"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(default="", server_default="")


class Part(Base):
    """Something that is used up and tracked by quantity and bin."""

    __tablename__ = "part"
    __table_args__ = (
        CheckConstraint("tracking IN ('none', 'lot', 'serial')", name="tracking"),
        CheckConstraint("abc_class IN ('A', 'B', 'C')", name="abc_class"),
        CheckConstraint("list_cost_e4 >= 0", name="list_cost"),
        Index("uq_part_number_lower", func.lower("part_number"), unique=True),
        Index("ix_part_maker_number_lower", func.lower("manufacturer_part_number")),
        Index("ix_part_supplier_number_lower", func.lower("supplier_part_number")),
        Index("ix_part_name_lower", func.lower("name"), "id"),
        Index("ix_part_category_number", func.lower("category"), func.lower("part_number"), "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), unique=True)
    part_number: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="pcs")
    category: Mapped[str] = mapped_column(default="")
    manufacturer: Mapped[str] = mapped_column(default="")
    manufacturer_part_number: Mapped[str] = mapped_column(default="")
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    supplier_part_number: Mapped[str] = mapped_column(default="")
    list_cost_e4: Mapped[int] = mapped_column(Big, default=0)
    pack_milli: Mapped[int] = mapped_column(Big, default=1000)
    lead_time_days: Mapped[int | None]
    reorder_point_milli: Mapped[int | None] = mapped_column(Big)
    reorder_quantity_milli: Mapped[int | None] = mapped_column(Big)
    safety_milli: Mapped[int] = mapped_column(Big, default=0, server_default="0")
    service_level_bp: Mapped[int | None]
    tracking: Mapped[str] = mapped_column(default="none")
    stocked: Mapped[bool] = mapped_column(default=True)
    abc_class: Mapped[str] = mapped_column(default="C")
    class_by_hand: Mapped[bool] = mapped_column(default=False, server_default="false")
    default_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    notes: Mapped[str] = mapped_column(default="")
    custom: Mapped[str] = mapped_column(default="{}")
    active: Mapped[bool] = mapped_column(default=True)
    created_us: Mapped[int] = mapped_column(Big)


class SupplierPart(Base):
    """Another supplier of a part beside the usual one, which stands on the part itself."""

    __tablename__ = "supplier_part"
    __table_args__ = (Index("ix_supplier_part_number_lower", func.lower("number")),)

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    number: Mapped[str] = mapped_column(default="")
    price_e4: Mapped[int | None] = mapped_column(Big)
    pack_milli: Mapped[int] = mapped_column(Big, default=1000)
    lead_time_days: Mapped[int | None]


class PartSubstitute(Base):
    """What may be used instead of a part; each pair stands once and holds in both directions."""

    __tablename__ = "part_substitute"
    __table_args__ = (CheckConstraint("part_id <> substitute_id", name="other"),)

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    substitute_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True, index=True)
    note: Mapped[str] = mapped_column(default="")


class PartWorth(Base):
    """Quantity and value of a part over all places: a cache of the ledger's sums.

    `average_e4` is the running moving average per unit, the cost of the next issue.
    """

    __tablename__ = "part_worth"

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    quantity_milli: Mapped[int] = mapped_column(Big, default=0)
    value_e4: Mapped[int] = mapped_column(Big, default=0)
    average_e4: Mapped[int] = mapped_column(Big, default=0)
