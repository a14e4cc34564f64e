"""Lots with their expiry, serials found in any case, and how a scan came in."""

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


def downgrade() -> None:
    """Revert."""
    op.drop_column("alias", "operation_id")
    op.drop_index("ix_scan_event_unknown", "scan_event")
    op.drop_column("scan_event", "way")
    for name, table in FOUND_IN_ANY_CASE:
        op.drop_index(name, table)
    op.drop_index("ix_lot_lower", "lot")
    op.drop_table("lot")
