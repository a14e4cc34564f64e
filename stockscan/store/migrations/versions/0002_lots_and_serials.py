"""Lots with their expiry, serials found in any case, how a scan came in, and what is one action."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Serials that people type are found whatever their case.
FOUND_IN_ANY_CASE = (
    ("ix_balance_serial_lower", "balance"),
    ("ix_movement_serial_lower", "movement"),
)
# What a scanned barcode may name a part or a bin by.
LOOKED_UP = (
    ("ix_part_maker_number_lower", "part", "manufacturer_part_number"),
    ("ix_part_supplier_number_lower", "part", "supplier_part_number"),
    ("ix_location_name_lower", "location", "name"),
)
UNKNOWN = sa.text("kind = 'unknown'")
HAS_SERIAL = sa.text("serial <> ''")

# Lots and serials that were booked before anyone kept them; a part has the one or the other.
KEEP_WHAT_IS_BOOKED = """
INSERT INTO lot (part_id, lot, created_us)
SELECT part_id, lot || serial, MIN(recorded_us) FROM movement
WHERE lot || serial <> '' GROUP BY part_id, lot || serial
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "lot",
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_us", BIG, nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_lot_part_id")),
        sa.PrimaryKeyConstraint("part_id", "lot", name=op.f("pk_lot")),
    )
    op.create_index("ix_lot_lower", "lot", ["part_id", sa.text("lower(lot)")])
    op.execute(KEEP_WHAT_IS_BOOKED)
    for name, table in FOUND_IN_ANY_CASE:
        op.create_index(
            name,
            table,
            [sa.text("lower(serial)")],
            sqlite_where=HAS_SERIAL,
            postgresql_where=HAS_SERIAL,
        )
    op.add_column("scan_event", sa.Column("way", sa.String(), server_default="", nullable=False))
    op.create_index(
        "ix_scan_event_unknown",
        "scan_event",
        ["at_us"],
        sqlite_where=UNKNOWN,
        postgresql_where=UNKNOWN,
    )
    op.add_column("alias", sa.Column("operation_id", sa.String(), nullable=True))
    op.add_column(
        "operation", sa.Column("action_id", sa.String(), server_default="", nullable=False)
    )
    op.execute("UPDATE operation SET action_id = id")
    op.create_index(op.f("ix_operation_action_id"), "operation", ["action_id"])
    for name, table, column in LOOKED_UP:
        op.create_index(name, table, [sa.text(f"lower({column})")])


def downgrade() -> None:
    """Revert."""
    for name, table, _column in LOOKED_UP:
        op.drop_index(name, table)
    op.drop_index(op.f("ix_operation_action_id"), "operation")
    op.drop_column("operation", "action_id")
    op.drop_column("alias", "operation_id")
    op.drop_index("ix_scan_event_unknown", "scan_event")
    op.drop_column("scan_event", "way")
    for name, table in FOUND_IN_ANY_CASE:
        op.drop_index(name, table)
    op.drop_index("ix_lot_lower", "lot")
    op.drop_table("lot")
