"""Badges, PINs and the phones that people share; what happened to them, for ever."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STILL_GOOD = sa.text("revoked_us IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "device",
        sa.Column("id", BIG, nullable=False),
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("idle_s", sa.Integer(), nullable=False),
        sa.Column("shared_us", BIG, nullable=False),
        sa.Column("revoked_us", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_device_id_hash")),
    )
    op.create_table(
        "badge",
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("issued_us", BIG, nullable=False),
        sa.Column("used_us", BIG, nullable=True),
        sa.Column("revoked_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_badge_person_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_badge")),
    )
    op.create_index(
        "uq_badge_one_each",
        "badge",
        ["person_id"],
        unique=True,
        sqlite_where=STILL_GOOD,
        postgresql_where=STILL_GOOD,
    )
    op.create_table(
        "access_event",
        sa.Column("seq", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by_person_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("device_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_access_event_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_access_event_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_access_event_device_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_event")),
    )
    op.create_index(op.f("ix_access_event_person_id"), "access_event", ["person_id"])
    _refuse_changes("access_event")
    op.add_column("person", sa.Column("pin_hash", sa.String(), nullable=True))
    op.add_column("sign_in_session", sa.Column("badge_hash", sa.String(), nullable=True))
    op.add_column("sign_in_session", sa.Column("locked_us", BIG, nullable=True))
    op.create_index(op.f("ix_sign_in_session_device"), "sign_in_session", ["device"])
    _hash_devices()


def downgrade() -> None:
    """Revert; devices stay hashed."""
    op.drop_index(op.f("ix_sign_in_session_device"), "sign_in_session")
    op.drop_column("sign_in_session", "locked_us")
    op.drop_column("sign_in_session", "badge_hash")
    op.drop_column("person", "pin_hash")
    op.drop_table("access_event")
    op.drop_table("badge")
    op.drop_table("device")


def _hash_devices() -> None:
    """A device's name is a secret from now on, so the tables keep its hash like a token's."""
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT DISTINCT device FROM sign_in_session")).scalars()
    change = sa.text("UPDATE sign_in_session SET device = :hashed WHERE device = :name")
    for name in names.all():
        hashed = hashlib.sha256(name.encode()).hexdigest()
        connection.execute(change, {"name": name, "hashed": hashed})


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION stockscan_refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
