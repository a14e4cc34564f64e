"""Counts that are planned: numbers, walking order, attempts, audits of assets, classes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Columns that existing tables get, with what the old rows get.
ADDED: list[tuple[str, str, str]] = [
    ("count_session", "code", "VARCHAR REFERENCES code (code)"),
    ("count_session", "number", "INTEGER"),
    ("count_session", "name", "VARCHAR NOT NULL DEFAULT ''"),
    ("count_session", "things", "VARCHAR NOT NULL DEFAULT 'parts'"),
    ("count_session", "counters", "INTEGER NOT NULL DEFAULT 1"),
    ("count_session", "posts_itself", "BOOLEAN NOT NULL DEFAULT false"),
    ("count_session", "due_on", "DATE"),
    ("count_session", "ended_us", "BIGINT"),
    ("count_line", "place_order", "INTEGER NOT NULL DEFAULT 0"),
    ("count_line", "recount_of_id", "NUMBER REFERENCES count_line (id)"),
    ("count_line", "cause", "VARCHAR NOT NULL DEFAULT ''"),
    ("count_line", "measured_us", "BIGINT"),
    ("count_line", "measured_book_milli", "BIGINT"),
    ("count_line", "measured_variance_milli", "BIGINT"),
    ("count_line", "measured_cost_e4", "BIGINT"),
    ("count_line", "measured_class", "VARCHAR"),
    ("part", "class_by_hand", "BOOLEAN NOT NULL DEFAULT false"),
    ("scan_event", "place", "VARCHAR REFERENCES code (code)"),
]
INDEXES: list[tuple[str, str, list[str], str]] = [
    ("ix_count_line_session_state", "count_line", ["session_id", "state", "place_order"], ""),
    ("ix_count_line_session_counter", "count_line", ["session_id", "counter_id", "state"], ""),
    ("ix_count_line_open", "count_line", ["counter_id"], "state IN ('PENDING', 'COUNTING')"),
    ("ix_count_line_measured", "count_line", ["measured_us"], "measured_us IS NOT NULL"),
    (
        "ix_count_line_posted",
        "count_line",
        ["part_id", "location_id", "lot", "counted_us"],
        "state = 'POSTED'",
    ),
    ("ix_count_session_state", "count_session", ["state"], ""),
]

# The same as stockscan_next_movement for many rows at once, which share one fence.
NEXT_MOVEMENTS = """
CREATE FUNCTION stockscan_next_movements(many bigint, OUT first bigint, OUT fence bigint) AS $$
BEGIN
    PERFORM pg_advisory_lock(3, 0);
    fence := GREATEST(
        (SELECT last_value FROM movement_fence), pg_current_xact_id()::text::bigint
    );
    PERFORM setval('movement_fence', fence);
    first := nextval('movement_seq_seq');
    PERFORM setval('movement_seq_seq', first + many - 1);
    PERFORM pg_advisory_unlock(3, 0);
END $$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NEXT_MOVEMENTS)
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for table, name, kind in ADDED:
        # As plain SQL, because SQLite adds a column with its reference, but no constraint later.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.replace('NUMBER', number)}")
    for name, table, columns, where in INDEXES:
        partial = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=partial, postgresql_where=partial)
    # Two others begin with the same column.
    op.drop_index("ix_count_line_session_id", "count_line")
    for column in ("code", "number"):
        op.create_index(f"uq_count_session_{column}", "count_session", [column], unique=True)
    _make_places()
    _make_audits()


def downgrade() -> None:
    """Revert."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stockscan_next_movements")
    op.drop_table("audit_sighting")
    op.drop_table("audit_line")
    op.drop_table("count_place")
    for column in ("code", "number"):
        op.drop_index(f"uq_count_session_{column}", "count_session")
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
    op.create_index("ix_count_line_session_id", "count_line", ["session_id"])
    for table, name, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _make_places() -> None:
    op.create_table(
        "count_place",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("place_order", sa.Integer(), nullable=False),
        sa.Column("counter_id", BIG, nullable=True),
        sa.Column("second_id", BIG, nullable=True),
        sa.Column("done_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["count_session.id"], name=op.f("fk_count_place_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_count_place_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["person.id"], name=op.f("fk_count_place_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_count_place_second_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "location_id", name=op.f("pk_count_place")),
    )


def _make_audits() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expected_id", BIG, nullable=True),
        sa.Column("found_id", BIG, nullable=True),
        sa.Column("counter_id", BIG, nullable=True),
        sa.Column("found_us", BIG, nullable=True),
        sa.Column("settled", sa.String(), nullable=False),
        sa.Column("settled_by", BIG, nullable=True),
        sa.Column("settled_us", BIG, nullable=True),
        sa.Column("settled_operation_id", sa.String(), nullable=True),
        sa.Column("operation_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('PENDING', 'FOUND', 'MOVED', 'UNEXPECTED', 'MISSING', 'NOT_COUNTED')",
            name=op.f("ck_audit_line_state"),
        ),
        sa.CheckConstraint(
            "settled IN ('', 'relocated', 'left', 'missing')", name=op.f("ck_audit_line_settled")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["count_session.id"], name=op.f("fk_audit_line_session_id")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_audit_line_asset_id")),
        sa.ForeignKeyConstraint(
            ["expected_id"], ["location.id"], name=op.f("fk_audit_line_expected_id")
        ),
        sa.ForeignKeyConstraint(["found_id"], ["location.id"], name=op.f("fk_audit_line_found_id")),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["person.id"], name=op.f("fk_audit_line_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_audit_line_settled_by")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_audit_line_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_operation_id"],
            ["operation.id"],
            name=op.f("fk_audit_line_settled_operation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sa.UniqueConstraint(
            "session_id", "asset_id", name=op.f("uq_audit_line_session_id_asset_id")
        ),
    )
    op.create_index("ix_audit_line_asset_id", "audit_line", ["asset_id"])
    op.create_index("ix_audit_line_room", "audit_line", ["session_id", "expected_id"])
    _make_sightings()


def _make_sightings() -> None:
    op.create_table(
        "audit_sighting",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("voided_us", BIG, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_audit_sighting_{name}_id"),
            )
            for name, table in (
                ("session", "count_session"),
                ("asset", "asset"),
                ("location", "location"),
                ("person", "person"),
                ("operation", "operation"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sighting")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_audit_sighting_operation_id")),
    )
    op.create_index("ix_audit_sighting_asset", "audit_sighting", ["asset_id", "at_us"])
    op.create_index("ix_audit_sighting_room", "audit_sighting", ["session_id", "location_id"])
