"""Labels: prints that are jobs, printers with their offsets, and labels scanned back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What a print becomes known by, with what the old ones get.
PRINT: list[tuple[str, str]] = [
    ("uid", "VARCHAR"),
    ("copies", "INTEGER NOT NULL DEFAULT 1"),
    ("choices", "VARCHAR NOT NULL DEFAULT '{}'"),
    ("printer_id", "NUMBER REFERENCES printer (id)"),
    ("state", "VARCHAR NOT NULL DEFAULT 'done'"),
    ("done", "INTEGER NOT NULL DEFAULT 0"),
    ("total", "INTEGER NOT NULL DEFAULT 0"),
    ("beat_us", "BIGINT"),
    ("trouble", "VARCHAR NOT NULL DEFAULT ''"),
    ("warnings", "VARCHAR NOT NULL DEFAULT '[]'"),
    ("sha256", "VARCHAR REFERENCES blob (sha256)"),
]


def upgrade() -> None:
    """Apply."""
    _make_printers()
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for name, kind in PRINT:
        # As plain SQL, because SQLite adds a column with its reference, but no constraint later.
        op.execute(f"ALTER TABLE label_print ADD COLUMN {name} {kind.replace('NUMBER', number)}")
    op.execute(
        "UPDATE label_print SET total ="
        " (SELECT count(*) FROM label_printed WHERE print_id = label_print.id)"
    )
    op.execute("UPDATE label_print SET done = total")
    op.create_index("uq_label_print_uid", "label_print", ["uid"], unique=True)
    op.create_index("ix_label_print_person_id", "label_print", ["person_id", "id"])
    _make_checks()


def downgrade() -> None:
    """Revert."""
    op.drop_table("label_check")
    op.drop_index("ix_label_print_person_id", "label_print")
    op.drop_index("uq_label_print_uid", "label_print")
    for name, _ in reversed(PRINT):
        op.execute(f"ALTER TABLE label_print DROP COLUMN {name}")
    op.drop_table("printer")


def _make_printers() -> None:
    op.create_table(
        "printer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("offset_x_um", sa.Integer(), nullable=False),
        sa.Column("offset_y_um", sa.Integer(), nullable=False),
        sa.Column("scale_x_e5", sa.Integer(), nullable=False),
        sa.Column("scale_y_e5", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("uid", name=op.f("uq_printer_uid")),
    )
    op.create_index("uq_printer_name_lower", "printer", [sa.text("lower(name)")], unique=True)


def _make_checks() -> None:
    op.create_table(
        "label_check",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("print_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"], ["label_print.id"], name=op.f("fk_label_check_print_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_label_check_person_id")
        ),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_label_check_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_check")),
        sa.UniqueConstraint("uid", name=op.f("uq_label_check_uid")),
    )
    op.create_index("ix_label_check_print_id", "label_check", ["print_id"])
