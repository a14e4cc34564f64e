"""Maintenance plans, what was done by them last, and jobs with the parts that they need."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.domain.maintenance import Basis, JobKind, JobState
from stockscan.store.db import Base, Big


class MaintenancePlan(Base):
    """Work that comes again on one asset, or on each asset in service of a model.

    By `basis`: calendar = each `every` `unit`s, first on `starts_on`; meter = each `every_milli`
    of the meter with that name, first at `starts_milli`; age = `every` months after `part_id` was
    installed last (without a part: after the asset was bought). The next time
    `counts_from` when this one was planned, or done. Jobs are made `horizon_days` ahead.
    """

    __tablename__ = "maintenance_plan"
    __table_args__ = (
        CheckConstraint("(model_id IS NULL) <> (asset_id IS NULL)", name="one_subject"),
        CheckConstraint(f"basis IN {tuple(each.value for each in Basis)}", name="basis"),
        CheckConstraint("unit IN ('', 'day', 'week', 'month', 'year')", name="unit"),
        CheckConstraint("counts_from IN ('planned', 'done')", name="counts_from"),
        CheckConstraint("every IS NULL OR every > 0", name="every"),
        CheckConstraint("every_milli IS NULL OR every_milli > 0", name="every_milli"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    model_id: Mapped[int | None] = mapped_column(ForeignKey("asset_model.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    basis: Mapped[str]
    every: Mapped[int | None]
    unit: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    meter: Mapped[str] = mapped_column(default="")
    every_milli: Mapped[int | None] = mapped_column(Big)
    starts_milli: Mapped[int | None] = mapped_column(Big)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"), index=True)
    counts_from: Mapped[str] = mapped_column(default="done")
    horizon_days: Mapped[int] = mapped_column(default=14)
    minutes: Mapped[int | None]
    stops_asset: Mapped[bool] = mapped_column(default=False)
    instructions: Mapped[str] = mapped_column(default="")
    checklist: Mapped[str] = mapped_column(default="[]")
    active: Mapped[bool] = mapped_column(default=True)
    created_us: Mapped[int] = mapped_column(Big)


class PlanPart(Base):
    """A part of a plan's kit: how many, and in how many of 10,000 jobs it is really needed."""

    __tablename__ = "plan_part"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("probability_bp BETWEEN 1 AND 10000", name="probability"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("maintenance_plan.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True, index=True)
    quantity_milli: Mapped[int] = mapped_column(Big)
    probability_bp: Mapped[int] = mapped_column(default=10_000)


class PlanAsset(Base):
    """When a plan was last carried out on an asset, and what it was due for then; no row: never."""

    __tablename__ = "plan_asset"

    plan_id: Mapped[int] = mapped_column(ForeignKey("maintenance_plan.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    done_on: Mapped[date | None]
    done_milli: Mapped[int | None] = mapped_column(Big)
    was_due_on: Mapped[date | None]
    was_due_milli: Mapped[int | None] = mapped_column(Big)


class Job(Base):
    """One piece of work on one asset: planned, a fault that somebody reported, or a repair.

    Movements name it in `work_id`. Whether its parts are there is never kept: it follows from the
    stock. `checklist` is a JSON list of {"text", "by", "at_us"}; `down_from_us` to `down_until_us`
    is how long the asset stood still; `started_us` since when the clock runs (None while it does
    not) and `minutes` what it ran before.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(each.value for each in JobKind)}", name="kind"),
        CheckConstraint(f"state IN {tuple(each.value for each in JobState)}", name="state"),
        UniqueConstraint("plan_id", "asset_id", "due_on"),
        Index("ix_job_asset", "asset_id", "id"),
        Index("ix_job_state_due", "state", "due_on"),
        Index("ix_job_done", "done_us"),
        Index(
            "ix_job_open_due",
            text("coalesce(due_on, '9999-12-31')"),
            "id",
            sqlite_where=text("state IN ('open', 'started')"),
            postgresql_where=text("state IN ('open', 'started')"),
        ),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(Big, unique=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("maintenance_plan.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    title: Mapped[str]
    due_on: Mapped[date | None]
    due_milli: Mapped[int | None] = mapped_column(Big)
    urgent: Mapped[bool] = mapped_column(default=False)
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    instructions: Mapped[str] = mapped_column(default="")
    checklist: Mapped[str] = mapped_column(default="[]")
    cause: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    labour_minor: Mapped[int | None] = mapped_column(Big)
    down_from_us: Mapped[int | None] = mapped_column(Big)
    down_until_us: Mapped[int | None] = mapped_column(Big)
    down_minor: Mapped[int | None] = mapped_column(Big)
    started_us: Mapped[int | None] = mapped_column(Big)
    done_us: Mapped[int | None] = mapped_column(Big)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    meter_milli: Mapped[int | None] = mapped_column(Big)
    created_us: Mapped[int] = mapped_column(Big)
    operation_id: Mapped[str | None] = mapped_column(ForeignKey("operation.id"))


class JobPart(Base):
    """A part that a job needs. `reserved_milli` is set aside for it, wherever it lies, with what
    was used by then; what was picked and used follows from the movements that name the job."""

    __tablename__ = "job_part"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("probability_bp BETWEEN 1 AND 10000", name="probability"),
        CheckConstraint("reserved_milli >= 0", name="reserved"),
        Index(
            "ix_job_part_reserved",
            "part_id",
            sqlite_where=text("reserved_milli > 0"),
            postgresql_where=text("reserved_milli > 0"),
        ),
    )

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True, index=True)
    quantity_milli: Mapped[int] = mapped_column(Big)
    probability_bp: Mapped[int] = mapped_column(default=10_000)
    reserved_milli: Mapped[int] = mapped_column(Big, default=0)
