"""Assets, their models and parts lists, and everything that happened to them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big

EVENT_KINDS = ("check_out", "check_in", "move", "condition", "meter", "status", "note", "reversal")


class AssetModel(Base):
    """What several assets have in common.

    `replacement_minor` is what a new one costs today, `down_hour_minor` what an hour of standing
    still costs; an asset may say otherwise for itself.
    """

    __tablename__ = "asset_model"
    __table_args__ = (Index("ix_asset_model_name_lower", func.lower("name"), "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    manufacturer: Mapped[str] = mapped_column(default="")
    model_number: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    life_months: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="")
    replacement_minor: Mapped[int | None] = mapped_column(Big)
    down_hour_minor: Mapped[int | None] = mapped_column(Big)
    created_us: Mapped[int] = mapped_column(Big)


class ModelPart(Base):
    """A part on the parts list of a model: how many, where, and how long it lasts there.

    It lasts `life_months`, or `life_milli` (thousandths) of the meter with the name `meter`,
    whichever is over first.
    """

    __tablename__ = "model_part"
    __table_args__ = (
        UniqueConstraint("model_id", "part_id", "place"),
        CheckConstraint("quantity_milli > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("asset_model.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    place: Mapped[str] = mapped_column(default="")
    quantity_milli: Mapped[int] = mapped_column(Big)
    life_months: Mapped[int | None]
    life_milli: Mapped[int | None] = mapped_column(Big)
    meter: Mapped[str] = mapped_column(default="", server_default="")
    critical: Mapped[bool] = mapped_column(default=False)


class AssetPart(Base):
    """A line of one asset's own parts list; it stands for its model's line of that part and place.

    A quantity of 0 says that this asset, unlike its model, does not have the part there.
    """

    __tablename__ = "asset_part"
    __table_args__ = (
        UniqueConstraint("asset_id", "part_id", "place"),
        CheckConstraint("quantity_milli >= 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    place: Mapped[str] = mapped_column(default="")
    quantity_milli: Mapped[int] = mapped_column(Big)
    life_months: Mapped[int | None]
    life_milli: Mapped[int | None] = mapped_column(Big)
    meter: Mapped[str] = mapped_column(default="")
    critical: Mapped[bool] = mapped_column(default=False)


class Asset(Base):
    """A thing that lasts for years; custody, place and status are a cache of its events.

    `custom` holds the company's own fields as a JSON object: number of the field to its text.
    What belongs to another asset (a fork to its truck) is checked out to it.
    """

    __tablename__ = "asset"
    __table_args__ = (
        CheckConstraint("status IN ('in_service', 'down', 'retired', 'disposed')", name="status"),
        CheckConstraint("condition IS NULL OR condition BETWEEN 1 AND 5", name="condition"),
        CheckConstraint(
            "CASE WHEN custodian_person_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN custodian_location_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN custodian_asset_id IS NULL THEN 0 ELSE 1 END <= 1",
            name="one_custodian",
        ),
        CheckConstraint(
            "custodian_asset_id IS NULL OR custodian_asset_id <> id", name="not_its_own_custodian"
        ),
        Index("uq_asset_tag_lower", func.lower("tag"), unique=True),
        Index("ix_asset_serial_lower", func.lower("serial")),
        Index("ix_asset_name_lower", func.lower("name"), "id"),
        Index("ix_asset_bought", text("coalesce(purchase_date, '0001-01-01')"), "id"),
        Index("ix_asset_price", text("coalesce(purchase_cost_minor, -1)"), "id"),
        Index(
            "ix_asset_out",
            text("coalesce(due_on, '9999-12-31')"),
            "id",
            sqlite_where=text("out_since_us IS NOT NULL"),
            postgresql_where=text("out_since_us IS NOT NULL"),
        ),
        Index("ix_asset_status_tag", "status", func.lower("tag"), "id"),
        Index("ix_asset_model_tag", "model_id", func.lower("tag"), "id"),
        Index("ix_asset_location_tag", "location_id", func.lower("tag"), "id"),
        Index("ix_asset_category_tag", func.lower("category"), func.lower(text("tag")), "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), unique=True)
    tag: Mapped[str]
    name: Mapped[str]
    serial: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    model_id: Mapped[int | None] = mapped_column(ForeignKey("asset_model.id"))
    status: Mapped[str] = mapped_column(default="in_service")
    condition: Mapped[int | None]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    custodian_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    custodian_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    custodian_asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    out_since_us: Mapped[int | None] = mapped_column(Big)
    due_on: Mapped[date | None] = mapped_column(index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    order_number: Mapped[str] = mapped_column(default="")
    purchase_date: Mapped[date | None]
    purchase_cost_minor: Mapped[int | None] = mapped_column(Big)
    salvage_minor: Mapped[int | None] = mapped_column(Big)
    life_months: Mapped[int | None]
    warranty_until: Mapped[date | None]
    replacement_minor: Mapped[int | None] = mapped_column(Big)
    down_hour_minor: Mapped[int | None] = mapped_column(Big)
    notes: Mapped[str] = mapped_column(default="")
    custom: Mapped[str] = mapped_column(default="{}")
    created_us: Mapped[int] = mapped_column(Big)


class AssetEvent(Base):
    """Append-only: one thing that happened to an asset, in the order of (effective_us, seq).

    `to_status` is what a status event leads to, `amount_minor` what a disposal brought in,
    `meter_id` which meter a reading is of. A note with a `due_on` moves the day it is due back.
    """

    __tablename__ = "asset_event"
    __table_args__ = (
        CheckConstraint(f"kind IN {EVENT_KINDS}", name="kind"),
        CheckConstraint("kind <> 'reversal' OR reverses_seq IS NOT NULL", name="reversal_of"),
        UniqueConstraint("operation_id", "leg"),
        Index("ix_asset_event_order", "asset_id", "effective_us", "seq"),
        Index(
            "ix_asset_event_meter",
            "meter_id",
            "effective_us",
            "seq",
            sqlite_where=text("meter_id IS NOT NULL"),
            postgresql_where=text("meter_id IS NOT NULL"),
        ),
        Index(
            "uq_asset_event_reversed_once",
            "reverses_seq",
            unique=True,
            sqlite_where=text("reverses_seq IS NOT NULL"),
            postgresql_where=text("reverses_seq IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str]
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    effective_us: Mapped[int] = mapped_column(Big)
    recorded_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    to_asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    condition: Mapped[int | None]
    value_milli: Mapped[int | None] = mapped_column(Big)
    meter_id: Mapped[int | None] = mapped_column(ForeignKey("meter.id"))
    to_status: Mapped[str | None]
    amount_minor: Mapped[int | None] = mapped_column(Big)
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    reverses_seq: Mapped[int | None] = mapped_column(ForeignKey("asset_event.seq"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))
    leg: Mapped[int] = mapped_column(default=0)
