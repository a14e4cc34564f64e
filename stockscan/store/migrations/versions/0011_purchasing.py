"""Purchasing, what reports keep, and the nightly work."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ADDED = [
    ("part", "safety_milli", "BIGINT NOT NULL DEFAULT 0"),
    ("part", "service_level_bp", "INTEGER"),
    ("supplier", "email", "VARCHAR NOT NULL DEFAULT ''"),
]
ORDERED = sa.text("requisition_line_id IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    for table, name, kind in ADDED:
        # As plain SQL, because anything else would lose the table's triggers on SQLite.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.create_index(
        "ix_movement_requisition_line",
        "movement",
        ["requisition_line_id"],
        sqlite_where=ORDERED,
        postgresql_where=ORDERED,
    )
    _make_requisition()
    _make_requisition_line()
    _make_months()
    _make_disposal()
    _make_nightly_run()
    _make_digest_choice()


def downgrade() -> None:
    """Revert."""
    for table in (
        "digest_choice",
        "nightly_run",
        "disposal",
        "asset_month",
        "part_month",
        "requisition_line",
        "requisition",
    ):
        op.drop_table(table)
    op.drop_index("ix_movement_requisition_line", "movement")
    for table, name, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _make_requisition() -> None:
    op.create_table(
        "requisition",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("supplier_id", BIG, nullable=True),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("approved_us", BIG, nullable=True),
        sa.Column("approved_by", BIG, nullable=True),
        sa.Column("ordered_us", BIG, nullable=True),
        sa.Column("ordered_by", BIG, nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("ended_us", BIG, nullable=True),
        sa.CheckConstraint(
            "source IN ('maintenance', 'reorder', 'manual')", name=op.f("ck_requisition_source")
        ),
        sa.CheckConstraint(
            "state IN ('raised', 'approved', 'ordered', 'received', 'cancelled')",
            name=op.f("ck_requisition_state"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_requisition_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_requisition_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by"], ["person.id"], name=op.f("fk_requisition_ordered_by")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_requisition_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requisition")),
        sa.UniqueConstraint("number", name=op.f("uq_requisition_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_requisition_uid")),
    )
    op.create_index("ix_requisition_state", "requisition", ["state", "id"], unique=False)
    op.create_index(
        op.f("ix_requisition_supplier_id"), "requisition", ["supplier_id"], unique=False
    )


def _make_requisition_line() -> None:
    op.create_table(
        "requisition_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("requisition_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("price_e4", BIG, nullable=False),
        sa.Column("need_by", sa.Date(), nullable=True),
        sa.Column("order_by", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("job_id", BIG, nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("closed_us", BIG, nullable=True),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_requisition_line_quantity")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_requisition_line_job_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_requisition_line_part_id")),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_requisition_line_requisition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requisition_line")),
    )
    op.create_index(
        op.f("ix_requisition_line_job_id"), "requisition_line", ["job_id"], unique=False
    )
    op.create_index(
        op.f("ix_requisition_line_part_id"), "requisition_line", ["part_id"], unique=False
    )
    op.create_index(
        "ix_requisition_line_requisition",
        "requisition_line",
        ["requisition_id", "id"],
        unique=False,
    )


def _make_months() -> None:
    for table, key in (("part_month", "part_id"), ("asset_month", "asset_id")):
        op.create_table(
            table,
            sa.Column("month", sa.Integer(), nullable=False),
            sa.Column(key, BIG, nullable=False),
            sa.Column("quantity_milli", BIG, nullable=False),
            sa.Column("value_e4", BIG, nullable=False),
            sa.Column("used_milli", BIG, nullable=False),
            sa.Column("used_e4", BIG, nullable=False),
            sa.Column("issued_e4", BIG, nullable=False),
            sa.Column("lost_e4", BIG, nullable=False),
            sa.PrimaryKeyConstraint("month", key, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
    op.create_index("ix_asset_month_asset", "asset_month", ["asset_id", "month"], unique=False)


def _make_disposal() -> None:
    op.create_table(
        "disposal",
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("proceeds_minor", BIG, nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.CheckConstraint(
            "how IN ('sold', 'returned', 'donated', 'scrapped')", name=op.f("ck_disposal_how")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_disposal_operation_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_disposal")),
    )


def _make_nightly_run() -> None:
    op.create_table(
        "nightly_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("lease_until_us", BIG, nullable=False),
        sa.Column("started_us", BIG, nullable=False),
        sa.Column("ended_us", BIG, nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_nightly_run")),
    )


def _make_digest_choice() -> None:
    op.create_table(
        "digest_choice",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("sent_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_digest_choice_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest_choice")),
    )
