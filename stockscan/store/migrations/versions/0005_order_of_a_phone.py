"""The order in which a phone captured its operations, found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CAPTURED = sa.text("device <> '' AND capture > 0")


def upgrade() -> None:
    """Index what phones captured; most operations come from a page and are left out."""
    op.create_index(
        "ix_operation_device_capture",
        "operation",
        ["device", "capture"],
        sqlite_where=CAPTURED,
        postgresql_where=CAPTURED,
    )


def downgrade() -> None:
    """Take the index away."""
    op.drop_index("ix_operation_device_capture", table_name="operation")
