"""The catalogue in full: edits, files, meters, custom fields, suppliers, limits, invitations."""

# ruff: noqa: S608 - put together from the names below, nothing comes from outside

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Columns that only hold a value: table, name, type, what old rows get (None: nothing).
PLAIN: list[tuple[str, str, sa.types.TypeEngine[Any], str | None]] = [
    ("asset", "category", sa.String(), ""),
    ("asset", "order_number", sa.String(), ""),
    ("asset", "custom", sa.String(), "{}"),
    ("asset_event", "to_status", sa.String(), None),
    ("asset_event", "amount_minor", BIG, None),
    ("asset_model", "notes", sa.String(), ""),
    ("location", "notes", sa.String(), ""),
    ("part", "notes", sa.String(), ""),
    ("part", "custom", sa.String(), "{}"),
    ("person", "email", sa.String(), ""),
    ("person", "limited", sa.Boolean(), "false"),
]
# Columns that lead to a row of another table: table, name, the other table.
LEADING = [("asset", "supplier_id", "supplier"), ("asset_event", "meter_id", "meter")]
INDEXES: list[tuple[str, str, list[str | sa.TextClause], bool]] = [
    ("ix_asset_due_on", "asset", ["due_on"], False),
    ("ix_asset_custodian_asset_id", "asset", ["custodian_asset_id"], False),
    ("ix_asset_custodian_location_id", "asset", ["custodian_location_id"], False),
    ("ix_part_default_location_id", "part", ["default_location_id"], False),
    ("ix_edit_thing", "edit", ["kind", "thing_id", "id"], False),
    ("ix_attachment_thing", "attachment", ["kind", "thing_id"], False),
    ("uq_meter_name_lower", "meter", ["asset_id", sa.text("lower(name)")], True),
    ("uq_custom_field_name_lower", "custom_field",
     ["thing", "category", sa.text("lower(name)")], True),
    ("ix_supplier_part_number_lower", "supplier_part", [sa.text("lower(number)")], False),
    ("ix_part_substitute_substitute_id", "part_substitute", ["substitute_id"], False),
    ("ix_invitation_person_id", "invitation", ["person_id"], False),
]  # fmt: skip

# A part's further numbers are told to the phones like its own: see migration 0003.
TOLD_BY = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    """Apply."""
    _make_tables()
    for table, name, kind, usual in PLAIN:
        default = None if usual is None else sa.text("false" if usual == "false" else f"'{usual}'")
        column = sa.Column(name, kind, nullable=usual is None, server_default=default)
        op.add_column(table, column)
    for table, name, other in LEADING:
        # As plain SQL, because SQLite adds a column with its reference, but no constraint later.
        number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {number} REFERENCES {other} (id)")
    for name, table, columns, unique in INDEXES:
        op.create_index(name, table, columns, unique=unique)
    for event, row in TOLD_BY.items():
        _tell_phones(event, row)


def downgrade() -> None:
    """Revert."""
    if op.get_bind().dialect.name == "postgresql":
        for event in TOLD_BY:
            op.execute(f"DROP FUNCTION stockscan_supplier_part_{event.lower()} CASCADE")
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
    for table, name, _ in LEADING:
        # A copy of the table, as Alembic makes it for SQLite, would lose triggers and rows with it.
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for table, name, *_ in PLAIN:
        op.drop_column(table, name)
    for table in ("import_job", "invitation", "person_location", "part_substitute", "supplier_part",
                  "custom_field", "meter", "attachment", "blob", "edit"):  # fmt: skip
        op.drop_table(table)


def _tell_phones(event: str, row: str) -> None:
    """Note that a part changed when one of its further suppliers did."""
    name, part = f"supplier_part_{event.lower()}", f"SELECT code FROM part WHERE id = {row}.part_id"
    changed = (
        "INSERT INTO catalogue_change (code, changed) SELECT code, {0} FROM ({1}) t WHERE true"
        " ON CONFLICT (code) DO UPDATE SET changed = excluded.changed"
    )
    if op.get_bind().dialect.name == "postgresql":
        writes = changed.format("pg_current_xact_id()::text::bigint", part)
        op.execute(
            f"CREATE FUNCTION stockscan_{name}() RETURNS trigger AS $$ BEGIN {writes};"
            " RETURN NULL; END $$ LANGUAGE plpgsql"
        )
        run = f"FOR EACH ROW EXECUTE FUNCTION stockscan_{name}()"
    else:
        following = "(SELECT COALESCE(MAX(changed), 0) + 1 FROM catalogue_change)"
        run = f"BEGIN {changed.format(following, part)}; END"
    op.execute(f"CREATE TRIGGER catalogue_{name} AFTER {event} ON supplier_part {run}")


def _make_tables() -> None:
    op.create_table(
        "edit",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "attachment",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("sha256", sa.String(), sa.ForeignKey("blob.sha256"), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(), sa.ForeignKey("blob.sha256"), nullable=True),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("person.id"), nullable=False),
    )
    op.create_table(
        "meter",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("asset_id", BIG, sa.ForeignKey("asset.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("value_milli", BIG, nullable=True),
        sa.Column("read_us", BIG, nullable=True),
    )
    op.create_table(
        "custom_field",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("thing IN ('asset', 'part')", name=op.f("ck_custom_field_thing")),
        sa.CheckConstraint(
            "type IN ('text', 'number', 'date', 'choice', 'yes_no')",
            name=op.f("ck_custom_field_type"),
        ),
    )
    op.create_table(
        "supplier_part",
        sa.Column("part_id", BIG, sa.ForeignKey("part.id"), primary_key=True),
        sa.Column("supplier_id", BIG, sa.ForeignKey("supplier.id"), primary_key=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("price_e4", BIG, nullable=True),
        sa.Column("pack_milli", BIG, nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
    )
    op.create_table(
        "part_substitute",
        sa.Column("part_id", BIG, sa.ForeignKey("part.id"), primary_key=True),
        sa.Column("substitute_id", BIG, sa.ForeignKey("part.id"), primary_key=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("part_id <> substitute_id", name=op.f("ck_part_substitute_other")),
    )
    op.create_table(
        "person_location",
        sa.Column("person_id", BIG, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("location_id", BIG, sa.ForeignKey("location.id"), primary_key=True),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("person_id", BIG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("expires_us", BIG, nullable=False),
        sa.Column("used_us", BIG, nullable=True),
    )
    op.create_table(
        "import_job",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person_id", BIG, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), sa.ForeignKey("blob.sha256"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("tally", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("beat_us", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('mapping', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_import_job_state"),
        ),
    )
