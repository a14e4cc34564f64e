"""What a phone must know: which codes changed when, and the epoch of this database's life."""

# ruff: noqa: S608 - put together from the names below, nothing comes from outside

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# A count session that is not ended; only its blindness hides anything.
IS_BLIND = "{0}.blind AND {0}.state NOT IN ('POSTED', 'CANCELLED')"

NEW, OLD = "SELECT NEW.code AS code", "SELECT OLD.code AS code"
PART = "SELECT code FROM part WHERE id = NEW.part_id"
COUNTED_BLIND = (
    f"{PART} AND EXISTS (SELECT 1 FROM count_session s"
    f" WHERE s.id = NEW.session_id AND {IS_BLIND.format('s')})"
)
COUNTED_IN_IT = (
    "SELECT DISTINCT part.code FROM part JOIN count_line ON count_line.part_id = part.id"
    " WHERE count_line.session_id = NEW.id AND (NEW.blind OR OLD.blind)"
)
HELD = "SELECT code FROM asset WHERE custodian_{}_id = NEW.id"
OF_MODEL = "SELECT code FROM asset WHERE model_id = NEW.id"

# What a phone is told of a thing: a change of anything else is no change to it.
TOLD = {
    "asset": (
        "tag", "name", "serial", "status", "model_id", "location_id",
        "custodian_person_id", "custodian_location_id", "custodian_asset_id",
    ),
    "part": (
        "part_number", "name", "unit", "manufacturer_part_number", "supplier_part_number",
        "tracking", "default_location_id", "active",
    ),
    "location": ("name", "kind", "active"),
    "person": ("name", "username", "active"),
}  # fmt: skip

# Name, table, event, columns whose change counts (none: every row of the event), codes that changed.
TRIGGERS: list[tuple[str, str, str, tuple[str, ...], str]] = [
    *((f"{table}_made", table, "INSERT", (), NEW) for table in (*TOLD, "alias")),
    *((f"{table}_gone", table, "DELETE", (), OLD) for table in (*TOLD, "alias", "code")),
    *((f"{table}_told", table, "UPDATE", columns, NEW) for table, columns in TOLD.items()),
    *(
        (f"{holder}_holds", holder, "UPDATE", ("name",), HELD.format(holder))
        for holder in ("asset", "location", "person")
    ),
    ("asset_model_told", "asset_model", "UPDATE", ("name",), OF_MODEL),
    ("alias_now", "alias", "UPDATE", ("text", "code"), NEW),
    ("alias_before", "alias", "UPDATE", ("text", "code"), OLD),
    ("code_told", "code", "UPDATE", ("kind",), OLD),
    ("balance_made", "balance", "INSERT", (), PART),
    ("balance_told", "balance", "UPDATE", ("quantity_milli",), PART),
    ("balance_gone", "balance", "DELETE", (), PART.replace("NEW", "OLD")),
    ("count_line_made", "count_line", "INSERT", (), COUNTED_BLIND),
    ("count_line_gone", "count_line", "DELETE", (), PART.replace("NEW", "OLD")),
    ("count_session_told", "count_session", "UPDATE", ("blind", "state"), COUNTED_IN_IT),
]
THINGS = " UNION ALL ".join(f"SELECT code FROM {table}" for table in TOLD)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "epoch",
        sa.Column("epoch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_epoch")),
    )
    op.execute(f"INSERT INTO epoch VALUES ('{secrets.token_hex(8)}')")
    op.create_table(
        "catalogue_change",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("changed", BIG, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catalogue_change")),
    )
    op.execute(f"INSERT INTO catalogue_change (code, changed) SELECT code, 0 FROM ({THINGS}) t")
    op.create_index(op.f("ix_catalogue_change_changed"), "catalogue_change", ["changed"])
    make = _on_postgresql if _is_postgresql() else _on_sqlite
    for trigger in TRIGGERS:
        make(*trigger)


def downgrade() -> None:
    """Revert."""
    for name, table, *_ in TRIGGERS:
        if _is_postgresql():
            op.execute(f"DROP TRIGGER catalogue_{name} ON {table}")
            op.execute(f"DROP FUNCTION stockscan_{name}")
        else:
            op.execute(f"DROP TRIGGER catalogue_{name}")
    op.drop_table("catalogue_change")
    op.drop_table("epoch")


def _on_sqlite(name: str, table: str, event: str, columns: tuple[str, ...], codes: str) -> None:
    """One writer at a time: the highest number yet and one more is never behind a reader."""
    following = "(SELECT COALESCE(MAX(changed), 0) + 1 FROM catalogue_change)"
    op.execute(
        f"CREATE TRIGGER catalogue_{name} AFTER {_event(event, columns)} ON {table}"
        f" {_when(columns, 'IS NOT')} BEGIN"
        f" INSERT INTO catalogue_change (code, changed) SELECT code, {following} FROM ({codes})"
        " WHERE true ON CONFLICT (code) DO UPDATE SET changed = excluded.changed; END"
    )


def _on_postgresql(name: str, table: str, event: str, columns: tuple[str, ...], codes: str) -> None:
    """Several writers: each leaves its transaction's id, and a reader knows which have ended."""
    writer = "pg_current_xact_id()::text::bigint"
    op.execute(
        f"CREATE FUNCTION stockscan_{name}() RETURNS trigger AS $$ BEGIN"
        f" INSERT INTO catalogue_change (code, changed) SELECT code, {writer} FROM ({codes}) t"
        " ON CONFLICT (code) DO UPDATE SET changed = excluded.changed"
        " WHERE catalogue_change.changed <> excluded.changed;"
        " RETURN NULL; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER catalogue_{name} AFTER {_event(event, columns)} ON {table} FOR EACH ROW"
        f" {_when(columns, 'IS DISTINCT FROM')} EXECUTE FUNCTION stockscan_{name}()"
    )


def _event(event: str, columns: tuple[str, ...]) -> str:
    return f"{event} OF {', '.join(columns)}" if columns else event


def _when(columns: tuple[str, ...], differs: str) -> str:
    """Only where one of the columns has another value than before."""
    if not columns:
        return ""
    now, before = (", ".join(f"{side}.{name}" for name in columns) for side in ("NEW", "OLD"))
    return f"WHEN (({now}) {differs} ({before}))"


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
