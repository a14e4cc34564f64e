"""Maintenance: plans, jobs, an asset's own parts list, how long parts last by a meter."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state IN ('open', 'started')")

# Columns that existing tables get, with what the old rows get; as plain SQL, because anything else
# would lose the triggers of these tables on SQLite.
ADDED = [
    ("asset_model", "replacement_minor", "BIGINT"),
    ("asset_model", "down_hour_minor", "BIGINT"),
    ("asset", "replacement_minor", "BIGINT"),
    ("asset", "down_hour_minor", "BIGINT"),
    ("model_part", "life_milli", "BIGINT"),
    ("model_part", "meter", "VARCHAR NOT NULL DEFAULT ''"),
]
WORK = sa.text("work_id IS NOT NULL")
READ = sa.text("meter_id IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    for table, name, kind in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.create_index(
        "ix_movement_work", "movement", ["work_id"], sqlite_where=WORK, postgresql_where=WORK
    )
    op.create_index(
        "ix_asset_event_meter",
        "asset_event",
        ["meter_id", "effective_us", "seq"],
        sqlite_where=READ,
        postgresql_where=READ,
    )
    _make_asset_part()
    _make_maintenance_plan()
    _make_plan_part()
    _make_plan_asset()
    _make_job()
    _make_job_part()


def downgrade() -> None:
    """Revert."""
    for table in ("job_part", "job", "plan_asset", "plan_part", "maintenance_plan", "asset_part"):
        op.drop_table(table)
    op.drop_index("ix_asset_event_meter", "asset_event")
    op.drop_index("ix_movement_work", "movement")
    for table, name, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _make_asset_part() -> None:
    op.create_table(
        "asset_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("life_milli", BIG, nullable=True),
        sa.Column("meter", sa.String(), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity_milli >= 0", name=op.f("ck_asset_part_quantity")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_part_asset_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_asset_part_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_part")),
        sa.UniqueConstraint(
            "asset_id", "part_id", "place", name=op.f("uq_asset_part_asset_id_part_id_place")
        ),
    )
    op.create_index(op.f("ix_asset_part_part_id"), "asset_part", ["part_id"], unique=False)


def _make_maintenance_plan() -> None:
    op.create_table(
        "maintenance_plan",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("model_id", BIG, nullable=True),
        sa.Column("asset_id", BIG, nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("meter", sa.String(), nullable=False),
        sa.Column("every_milli", BIG, nullable=True),
        sa.Column("starts_milli", BIG, nullable=True),
        sa.Column("part_id", BIG, nullable=True),
        sa.Column("counts_from", sa.String(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("stops_asset", sa.Boolean(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint(
            "basis IN ('calendar', 'meter', 'age')", name=op.f("ck_maintenance_plan_basis")
        ),
        sa.CheckConstraint(
            "counts_from IN ('planned', 'done')", name=op.f("ck_maintenance_plan_counts_from")
        ),
        sa.CheckConstraint(
            "unit IN ('', 'day', 'week', 'month', 'year')", name=op.f("ck_maintenance_plan_unit")
        ),
        sa.CheckConstraint(
            "(model_id IS NULL) <> (asset_id IS NULL)", name=op.f("ck_maintenance_plan_one_subject")
        ),
        sa.CheckConstraint("every IS NULL OR every > 0", name=op.f("ck_maintenance_plan_every")),
        sa.CheckConstraint(
            "every_milli IS NULL OR every_milli > 0", name=op.f("ck_maintenance_plan_every_milli")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_maintenance_plan_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["asset_model.id"], name=op.f("fk_maintenance_plan_model_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_maintenance_plan_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plan")),
        sa.UniqueConstraint("uid", name=op.f("uq_maintenance_plan_uid")),
    )
    op.create_index(
        op.f("ix_maintenance_plan_asset_id"), "maintenance_plan", ["asset_id"], unique=False
    )
    op.create_index(
        op.f("ix_maintenance_plan_model_id"), "maintenance_plan", ["model_id"], unique=False
    )
    op.create_index(
        op.f("ix_maintenance_plan_part_id"), "maintenance_plan", ["part_id"], unique=False
    )


def _make_plan_part() -> None:
    op.create_table(
        "plan_part",
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("probability_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "probability_bp BETWEEN 1 AND 10000", name=op.f("ck_plan_part_probability")
        ),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_plan_part_quantity")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_plan_part_part_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["maintenance_plan.id"], name=op.f("fk_plan_part_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "part_id", name=op.f("pk_plan_part")),
    )
    op.create_index(op.f("ix_plan_part_part_id"), "plan_part", ["part_id"], unique=False)


def _make_plan_asset() -> None:
    op.create_table(
        "plan_asset",
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_milli", BIG, nullable=True),
        sa.Column("was_due_on", sa.Date(), nullable=True),
        sa.Column("was_due_milli", BIG, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_plan_asset_asset_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["maintenance_plan.id"], name=op.f("fk_plan_asset_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "asset_id", name=op.f("pk_plan_asset")),
    )
    op.create_index(op.f("ix_plan_asset_asset_id"), "plan_asset", ["asset_id"], unique=False)


def _make_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("plan_id", BIG, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_milli", BIG, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("assigned_id", BIG, nullable=True),
        sa.Column("reported_by", BIG, nullable=True),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("labour_minor", BIG, nullable=True),
        sa.Column("down_from_us", BIG, nullable=True),
        sa.Column("down_until_us", BIG, nullable=True),
        sa.Column("down_minor", BIG, nullable=True),
        sa.Column("started_us", BIG, nullable=True),
        sa.Column("done_us", BIG, nullable=True),
        sa.Column("done_by", BIG, nullable=True),
        sa.Column("meter_milli", BIG, nullable=True),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("operation_id", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('planned', 'fault', 'repair')", name=op.f("ck_job_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'started', 'done', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_job_asset_id")),
        sa.ForeignKeyConstraint(["assigned_id"], ["person.id"], name=op.f("fk_job_assigned_id")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_job_done_by")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_job_operation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["maintenance_plan.id"], name=op.f("fk_job_plan_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["person.id"], name=op.f("fk_job_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("number", name=op.f("uq_job_number")),
        sa.UniqueConstraint(
            "plan_id", "asset_id", "due_on", name=op.f("uq_job_plan_id_asset_id_due_on")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_job_uid")),
    )
    op.create_index("ix_job_asset", "job", ["asset_id", "id"], unique=False)
    op.create_index(op.f("ix_job_assigned_id"), "job", ["assigned_id"], unique=False)
    op.create_index("ix_job_done", "job", ["done_us"], unique=False)
    op.create_index(op.f("ix_job_done_by"), "job", ["done_by"], unique=False)
    op.create_index("ix_job_state_due", "job", ["state", "due_on"], unique=False)
    op.create_index(
        "ix_job_open_due",
        "job",
        [sa.text("coalesce(due_on, '9999-12-31')"), "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _make_job_part() -> None:
    op.create_table(
        "job_part",
        sa.Column("job_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("probability_bp", sa.Integer(), nullable=False),
        sa.Column("reserved_milli", BIG, nullable=False),
        sa.CheckConstraint(
            "probability_bp BETWEEN 1 AND 10000", name=op.f("ck_job_part_probability")
        ),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_job_part_quantity")),
        sa.CheckConstraint("reserved_milli >= 0", name=op.f("ck_job_part_reserved")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_part_job_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_job_part_part_id")),
        sa.PrimaryKeyConstraint("job_id", "part_id", name=op.f("pk_job_part")),
    )
    op.create_index(op.f("ix_job_part_part_id"), "job_part", ["part_id"], unique=False)
    op.create_index(
        "ix_job_part_reserved",
        "job_part",
        ["part_id"],
        sqlite_where=sa.text("reserved_milli > 0"),
        postgresql_where=sa.text("reserved_milli > 0"),
    )
