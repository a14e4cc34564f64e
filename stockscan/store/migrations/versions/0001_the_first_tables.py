"""The first tables: people, codes, catalogue, ledger, counts, operations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Rows of these tables are facts: a correction is another row.
APPEND_ONLY = ("movement", "asset_event")

# A movement's number, and the highest id of any transaction that has drawn one (its fence). Both
# are drawn behind a lock that is held for microseconds, not until the commit, so that a lower
# number never belongs to a transaction above the fence.
NEXT_MOVEMENT = """
CREATE FUNCTION stockscan_next_movement(OUT seq bigint, OUT fence bigint) AS $$
BEGIN
    PERFORM pg_advisory_lock(3, 0);
    fence := GREATEST(
        (SELECT last_value FROM movement_fence), pg_current_xact_id()::text::bigint
    );
    PERFORM setval('movement_fence', fence);
    seq := nextval('movement_seq_seq');
    PERFORM pg_advisory_unlock(3, 0);
END $$ LANGUAGE plpgsql
"""

# Codes that people type are found whatever their case.
FOUND_IN_ANY_CASE = (
    ("uq_person_username_lower", "person", "username", True),
    ("uq_asset_tag_lower", "asset", "tag", True),
    ("ix_asset_serial_lower", "asset", "serial", False),
    ("uq_part_number_lower", "part", "part_number", True),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "asset_model",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("manufacturer", sa.String(), nullable=False),
        sa.Column("model_number", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("created_us", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_model")),
        sa.UniqueConstraint("name", name=op.f("uq_asset_model_name")),
    )
    op.create_table(
        "code",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint(
            "kind IN ('asset', 'location', 'part', 'person', 'command', 'count', 'blank')",
            name=op.f("ck_code_kind"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_code")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_us", BIG, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_throttle")),
    )
    op.create_table(
        "supplier",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("name", name=op.f("uq_supplier_name")),
    )
    op.create_table(
        "alias",
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_alias_code")),
        sa.PrimaryKeyConstraint("text", name=op.f("pk_alias")),
    )
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alias_code"), ["code"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("count_interval_days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint("kind IN ('site', 'area', 'bin')", name=op.f("ck_location_kind")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_location_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_location_code")),
        sa.ForeignKeyConstraint(["parent_id"], ["location.id"], name=op.f("fk_location_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("code", name=op.f("uq_location_code")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_location_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'technician', 'storekeeper', 'supervisor', 'admin')",
            name=op.f("ck_person_role"),
        ),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_person_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    op.create_table(
        "api_token",
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("revoked_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_api_token")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("model_id", BIG, nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("condition", sa.Integer(), nullable=True),
        sa.Column("location_id", BIG, nullable=True),
        sa.Column("custodian_person_id", BIG, nullable=True),
        sa.Column("custodian_location_id", BIG, nullable=True),
        sa.Column("custodian_asset_id", BIG, nullable=True),
        sa.Column("out_since_us", BIG, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("purchase_date", sa.Date(), nullable=True),
        sa.Column("purchase_cost_minor", BIG, nullable=True),
        sa.Column("salvage_minor", BIG, nullable=True),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint(
            "status IN ('in_service', 'down', 'retired', 'disposed')", name=op.f("ck_asset_status")
        ),
        sa.CheckConstraint(
            "CASE WHEN custodian_person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN custodian_location_id IS NULL THEN 0 ELSE 1 END + CASE WHEN custodian_asset_id IS NULL THEN 0 ELSE 1 END <= 1",
            name=op.f("ck_asset_one_custodian"),
        ),
        sa.CheckConstraint(
            "condition IS NULL OR condition BETWEEN 1 AND 5", name=op.f("ck_asset_condition")
        ),
        sa.CheckConstraint(
            "custodian_asset_id IS NULL OR custodian_asset_id <> id",
            name=op.f("ck_asset_not_its_own_custodian"),
        ),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_asset_code")),
        sa.ForeignKeyConstraint(
            ["custodian_asset_id"], ["asset.id"], name=op.f("fk_asset_custodian_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["custodian_location_id"], ["location.id"], name=op.f("fk_asset_custodian_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["custodian_person_id"], ["person.id"], name=op.f("fk_asset_custodian_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_asset_location_id")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["asset_model.id"], name=op.f("fk_asset_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("code", name=op.f("uq_asset_code")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_custodian_person_id"), ["custodian_person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_asset_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asset_model_id"), ["model_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asset_name"), ["name"], unique=False)

    op.create_table(
        "count_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("tolerance", sa.String(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("opened_us", BIG, nullable=False),
        sa.Column("submitted_us", BIG, nullable=True),
        sa.Column("posted_us", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('DRAFT', 'OPEN', 'SUBMITTED', 'POSTED', 'CANCELLED')",
            name=op.f("ck_count_session_state"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_count_session_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_session")),
    )
    op.create_table(
        "label_print",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("stock", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("public_url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_label_print_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
    )
    with op.batch_alter_table("label_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_print_at_us"), ["at_us"], unique=False)

    op.create_table(
        "operation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("target_id", sa.String(), nullable=True),
        sa.Column("received_us", BIG, nullable=False),
        sa.Column("effective_us", BIG, nullable=False),
        sa.Column("earliest_us", BIG, nullable=False),
        sa.Column("seen_us", BIG, nullable=True),
        sa.Column("capture", BIG, nullable=False),
        sa.CheckConstraint(
            "status IN ('applied', 'attention', 'dismissed')", name=op.f("ck_operation_status")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_operation_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_operation_actor_received", ["actor_id", "received_us"], unique=False
        )
        batch_op.create_index(
            "ix_operation_attention",
            ["received_us"],
            unique=False,
            sqlite_where=sa.text("status = 'attention'"),
            postgresql_where=sa.text("status = 'attention'"),
        )
        batch_op.create_index(batch_op.f("ix_operation_target_id"), ["target_id"], unique=False)
        batch_op.create_index("ix_operation_waits_for", ["waits_for"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("part_number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("manufacturer", sa.String(), nullable=False),
        sa.Column("manufacturer_part_number", sa.String(), nullable=False),
        sa.Column("supplier_id", BIG, nullable=True),
        sa.Column("supplier_part_number", sa.String(), nullable=False),
        sa.Column("list_cost_e4", BIG, nullable=False),
        sa.Column("pack_milli", BIG, nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("reorder_point_milli", BIG, nullable=True),
        sa.Column("reorder_quantity_milli", BIG, nullable=True),
        sa.Column("tracking", sa.String(), nullable=False),
        sa.Column("stocked", sa.Boolean(), nullable=False),
        sa.Column("abc_class", sa.String(), nullable=False),
        sa.Column("default_location_id", BIG, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.CheckConstraint("abc_class IN ('A', 'B', 'C')", name=op.f("ck_part_abc_class")),
        sa.CheckConstraint("tracking IN ('none', 'lot', 'serial')", name=op.f("ck_part_tracking")),
        sa.CheckConstraint("list_cost_e4 >= 0", name=op.f("ck_part_list_cost")),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_part_code")),
        sa.ForeignKeyConstraint(
            ["default_location_id"], ["location.id"], name=op.f("fk_part_default_location_id")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_part_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("code", name=op.f("uq_part_code")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_name"), ["name"], unique=False)

    op.create_table(
        "scan_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scan_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_event")),
    )
    with op.batch_alter_table("scan_event", schema=None) as batch_op:
        batch_op.create_index("ix_scan_event_person_at", ["person_id", "at_us"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_us", BIG, nullable=False),
        sa.Column("seen_us", BIG, nullable=False),
        sa.Column("expires_us", BIG, nullable=False),
        sa.Column("revoked_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "asset_event",
        sa.Column("seq", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asset_id", BIG, nullable=False),
        sa.Column("effective_us", BIG, nullable=False),
        sa.Column("recorded_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("to_person_id", BIG, nullable=True),
        sa.Column("to_location_id", BIG, nullable=True),
        sa.Column("to_asset_id", BIG, nullable=True),
        sa.Column("condition", sa.Integer(), nullable=True),
        sa.Column("value_milli", BIG, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reverses_seq", BIG, nullable=True),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'reversal' OR reverses_seq IS NOT NULL",
            name=op.f("ck_asset_event_reversal_of"),
        ),
        sa.CheckConstraint(
            "kind IN ('check_out', 'check_in', 'move', 'condition', 'meter', 'status', 'note', 'reversal')",
            name=op.f("ck_asset_event_kind"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_event_asset_id")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_asset_event_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_asset_event_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_seq"], ["asset_event.seq"], name=op.f("fk_asset_event_reverses_seq")
        ),
        sa.ForeignKeyConstraint(
            ["to_asset_id"], ["asset.id"], name=op.f("fk_asset_event_to_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_location_id"], ["location.id"], name=op.f("fk_asset_event_to_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_person_id"], ["person.id"], name=op.f("fk_asset_event_to_person_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_asset_event")),
        sa.UniqueConstraint("operation_id", "leg", name=op.f("uq_asset_event_operation_id_leg")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("asset_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asset_event_order", ["asset_id", "effective_us", "seq"], unique=False
        )
        batch_op.create_index(
            "uq_asset_event_reversed_once",
            ["reverses_seq"],
            unique=True,
            sqlite_where=sa.text("reverses_seq IS NOT NULL"),
            postgresql_where=sa.text("reverses_seq IS NOT NULL"),
        )

    op.create_table(
        "balance",
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_balance_location_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_balance_part_id")),
        sa.PrimaryKeyConstraint("part_id", "location_id", "lot", "serial", name=op.f("pk_balance")),
    )
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.create_index("ix_balance_location", ["location_id"], unique=False)

    op.create_table(
        "complete_bin",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("effective_us", BIG, nullable=False),
        sa.Column("window_start_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("voided_us", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_complete_bin_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_complete_bin_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complete_bin_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["count_session.id"], name=op.f("fk_complete_bin_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complete_bin")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_complete_bin_operation_id")),
    )
    with op.batch_alter_table("complete_bin", schema=None) as batch_op:
        batch_op.create_index(
            "ix_complete_bin_location", ["location_id", "effective_us"], unique=False
        )

    op.create_table(
        "label_printed",
        sa.Column("id", BIG, nullable=False),
        sa.Column("print_id", BIG, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["code.code"], name=op.f("fk_label_printed_code")),
        sa.ForeignKeyConstraint(
            ["print_id"], ["label_print.id"], name=op.f("fk_label_printed_print_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_printed")),
        sa.UniqueConstraint("print_id", "place", name=op.f("uq_label_printed_print_id_place")),
    )
    with op.batch_alter_table("label_printed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_printed_code"), ["code"], unique=False)

    op.create_table(
        "model_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("model_id", BIG, nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_model_part_quantity")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["asset_model.id"], name=op.f("fk_model_part_model_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_model_part_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_part")),
        sa.UniqueConstraint(
            "model_id", "part_id", "place", name=op.f("uq_model_part_model_id_part_id_place")
        ),
    )
    with op.batch_alter_table("model_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_part_part_id"), ["part_id"], unique=False)

    op.create_table(
        "part_worth",
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("value_e4", BIG, nullable=False),
        sa.Column("average_e4", BIG, nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_part_worth_part_id")),
        sa.PrimaryKeyConstraint("part_id", name=op.f("pk_part_worth")),
    )
    op.create_table(
        "count_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("counter_id", BIG, nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("counted_us", BIG, nullable=True),
        sa.Column("window_start_us", BIG, nullable=True),
        sa.Column("counted_milli", BIG, nullable=True),
        sa.Column("book_milli", BIG, nullable=True),
        sa.Column("variance_milli", BIG, nullable=True),
        sa.Column("cost_e4", BIG, nullable=True),
        sa.Column("approver_id", BIG, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("posted_us", BIG, nullable=True),
        sa.Column("voided_us", BIG, nullable=True),
        sa.Column("complete_bin_id", BIG, nullable=True),
        sa.Column("replaces_id", BIG, nullable=True),
        sa.Column("operation_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state <> 'POSTED' OR (counted_milli IS NOT NULL AND counted_us IS NOT NULL AND posted_us IS NOT NULL)",
            name=op.f("ck_count_line_posted"),
        ),
        sa.CheckConstraint(
            "state IN ('PENDING', 'COUNTING', 'COUNTED', 'MATCHED', 'MOVED_DURING_COUNT', 'NEEDS_RECOUNT', 'NEEDS_REVIEW', 'POSTED', 'REJECTED', 'NOT_COUNTED', 'VOIDED')",
            name=op.f("ck_count_line_state"),
        ),
        sa.CheckConstraint(
            "counted_milli IS NULL OR counted_milli >= 0", name=op.f("ck_count_line_counted")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_count_line_approver_id")
        ),
        sa.ForeignKeyConstraint(
            ["complete_bin_id"], ["complete_bin.id"], name=op.f("fk_count_line_complete_bin_id")
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["person.id"], name=op.f("fk_count_line_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_count_line_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_count_line_operation_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_count_line_part_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["count_line.id"], name=op.f("fk_count_line_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["count_session.id"], name=op.f("fk_count_line_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
        sa.UniqueConstraint(
            "complete_bin_id",
            "part_id",
            "location_id",
            "lot",
            "serial",
            "attempt",
            name=op.f("uq_count_line_complete_bin_id_part_id_location_id_lot_serial_attempt"),
        ),
    )
    with op.batch_alter_table("count_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_count_line_key",
            ["part_id", "location_id", "lot", "serial", "counted_us"],
            unique=False,
        )
        batch_op.create_index("ix_count_line_location", ["location_id", "counted_us"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_count_line_operation_id"), ["operation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_count_line_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_count_line_one_open",
            ["part_id", "location_id", "lot", "serial", "counter_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('PENDING', 'COUNTING')"),
            postgresql_where=sa.text("state IN ('PENDING', 'COUNTING')"),
        )

    op.create_table(
        "count_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("at_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["count_line.id"], name=op.f("fk_count_entry_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_count_entry_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_count_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_entry")),
    )
    with op.batch_alter_table("count_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_count_entry_line_id"), ["line_id"], unique=False)

    op.create_table(
        "count_question",
        sa.Column("id", BIG, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("origin_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("preselected", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("asked_us", BIG, nullable=False),
        sa.Column("answered_us", BIG, nullable=True),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('before', 'after')", name=op.f("ck_count_question_answer")
        ),
        sa.CheckConstraint(
            "preselected IN ('before', 'after')", name=op.f("ck_count_question_preselected")
        ),
        sa.CheckConstraint(
            "reason IN ('window', 'uncertain')", name=op.f("ck_count_question_reason")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["count_line.id"], name=op.f("fk_count_question_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["operation.id"], name=op.f("fk_count_question_origin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_question")),
        sa.UniqueConstraint(
            "line_id", "origin_id", name=op.f("uq_count_question_line_id_origin_id")
        ),
    )
    with op.batch_alter_table("count_question", schema=None) as batch_op:
        batch_op.create_index("ix_count_question_origin", ["origin_id"], unique=False)

    op.create_table(
        "movement",
        sa.Column("seq", BIG, nullable=False),
        sa.Column("fence", BIG, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("quantity_milli", BIG, nullable=False),
        sa.Column("unit_cost_e4", BIG, nullable=False),
        sa.Column("value_e4", BIG, nullable=False),
        sa.Column("effective_us", BIG, nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_us", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("asset_id", BIG, nullable=True),
        sa.Column("work_id", BIG, nullable=True),
        sa.Column("requisition_line_id", BIG, nullable=True),
        sa.Column("count_line_id", BIG, nullable=True),
        sa.Column("reverses_seq", BIG, nullable=True),
        sa.Column("corrects_seq", BIG, nullable=True),
        sa.Column("late_seq", BIG, nullable=True),
        sa.Column("returns_seq", BIG, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("removed_serial", sa.String(), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("origin_id", sa.String(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'late_correction') = (late_seq IS NOT NULL)", name=op.f("ck_movement_late_of")
        ),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_seq IS NOT NULL)", name=op.f("ck_movement_reversal_of")
        ),
        sa.CheckConstraint(
            "kind <> 'revaluation' OR quantity_milli = 0", name=op.f("ck_movement_revaluation")
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'receive', 'issue', 'install', 'return_from_asset', 'transfer_out', 'transfer_in', 'scrap', 'count_adjust', 'late_correction', 'reversal', 'revaluation')",
            name=op.f("ck_movement_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('count_adjust', 'late_correction') OR count_line_id IS NOT NULL",
            name=op.f("ck_movement_count_line"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('install', 'return_from_asset') OR asset_id IS NOT NULL",
            name=op.f("ck_movement_asset"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('issue', 'install', 'transfer_out', 'scrap') OR quantity_milli < 0",
            name=op.f("ck_movement_goes_out"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('opening', 'receive', 'return_from_asset', 'transfer_in') OR quantity_milli > 0",
            name=op.f("ck_movement_comes_in"),
        ),
        sa.CheckConstraint("rank IN (0, 1)", name=op.f("ck_movement_rank")),
        sa.CheckConstraint("unit_cost_e4 >= 0", name=op.f("ck_movement_unit_cost")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_movement_asset_id")),
        sa.ForeignKeyConstraint(
            ["corrects_seq"], ["movement.seq"], name=op.f("fk_movement_corrects_seq")
        ),
        sa.ForeignKeyConstraint(
            ["count_line_id"], ["count_line.id"], name=op.f("fk_movement_count_line_id")
        ),
        sa.ForeignKeyConstraint(["late_seq"], ["movement.seq"], name=op.f("fk_movement_late_seq")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_movement_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_movement_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["operation.id"], name=op.f("fk_movement_origin_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_movement_part_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_movement_person_id")),
        sa.ForeignKeyConstraint(
            ["returns_seq"], ["movement.seq"], name=op.f("fk_movement_returns_seq")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_seq"], ["movement.seq"], name=op.f("fk_movement_reverses_seq")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_movement")),
        sa.UniqueConstraint("operation_id", "leg", name=op.f("uq_movement_operation_id_leg")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_movement_asset",
            ["asset_id", "seq"],
            unique=False,
            sqlite_where=sa.text("asset_id IS NOT NULL"),
            postgresql_where=sa.text("asset_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_movement_count_line",
            ["count_line_id"],
            unique=False,
            sqlite_where=sa.text("count_line_id IS NOT NULL"),
            postgresql_where=sa.text("count_line_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_movement_key",
            ["part_id", "location_id", "lot", "serial", "effective_us", "rank"],
            unique=False,
        )
        batch_op.create_index("ix_movement_origin", ["origin_id"], unique=False)
        batch_op.create_index("ix_movement_part_seq", ["part_id", "seq"], unique=False)
        batch_op.create_index(
            "uq_movement_one_adjust",
            ["count_line_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'count_adjust'"),
            postgresql_where=sa.text("kind = 'count_adjust'"),
        )
        batch_op.create_index(
            "uq_movement_reversed_once",
            ["reverses_seq"],
            unique=True,
            sqlite_where=sa.text("reverses_seq IS NOT NULL"),
            postgresql_where=sa.text("reverses_seq IS NOT NULL"),
        )
    for name, table, column, unique in FOUND_IN_ANY_CASE:
        op.create_index(name, table, [sa.text(f"lower({column})")], unique=unique)
    for table in APPEND_ONLY:
        _refuse_changes(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE movement_fence MINVALUE 0 START 0")
        op.execute(NEXT_MOVEMENT)


def downgrade() -> None:
    """Revert."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stockscan_refuse_change CASCADE")
        op.execute("DROP FUNCTION stockscan_next_movement")
        op.execute("DROP SEQUENCE movement_fence")
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_movement_reversed_once",
            sqlite_where=sa.text("reverses_seq IS NOT NULL"),
            postgresql_where=sa.text("reverses_seq IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_movement_one_adjust",
            sqlite_where=sa.text("kind = 'count_adjust'"),
            postgresql_where=sa.text("kind = 'count_adjust'"),
        )
        batch_op.drop_index("ix_movement_part_seq")
        batch_op.drop_index("ix_movement_origin")
        batch_op.drop_index("ix_movement_key")
        batch_op.drop_index(
            "ix_movement_count_line",
            sqlite_where=sa.text("count_line_id IS NOT NULL"),
            postgresql_where=sa.text("count_line_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_movement_asset",
            sqlite_where=sa.text("asset_id IS NOT NULL"),
            postgresql_where=sa.text("asset_id IS NOT NULL"),
        )

    op.drop_table("movement")
    with op.batch_alter_table("count_question", schema=None) as batch_op:
        batch_op.drop_index("ix_count_question_origin")

    op.drop_table("count_question")
    with op.batch_alter_table("count_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_count_entry_line_id"))

    op.drop_table("count_entry")
    with op.batch_alter_table("count_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_count_line_one_open",
            sqlite_where=sa.text("state IN ('PENDING', 'COUNTING')"),
            postgresql_where=sa.text("state IN ('PENDING', 'COUNTING')"),
        )
        batch_op.drop_index(batch_op.f("ix_count_line_session_id"))
        batch_op.drop_index(batch_op.f("ix_count_line_operation_id"))
        batch_op.drop_index("ix_count_line_location")
        batch_op.drop_index("ix_count_line_key")

    op.drop_table("count_line")
    op.drop_table("part_worth")
    with op.batch_alter_table("model_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_model_part_part_id"))

    op.drop_table("model_part")
    with op.batch_alter_table("label_printed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_printed_code"))

    op.drop_table("label_printed")
    with op.batch_alter_table("complete_bin", schema=None) as batch_op:
        batch_op.drop_index("ix_complete_bin_location")

    op.drop_table("complete_bin")
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.drop_index("ix_balance_location")

    op.drop_table("balance")
    with op.batch_alter_table("asset_event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_asset_event_reversed_once",
            sqlite_where=sa.text("reverses_seq IS NOT NULL"),
            postgresql_where=sa.text("reverses_seq IS NOT NULL"),
        )
        batch_op.drop_index("ix_asset_event_order")

    op.drop_table("asset_event")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_person_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("scan_event", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_event_person_at")

    op.drop_table("scan_event")
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_part_name"))

    op.drop_table("part")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_index("ix_operation_waits_for")
        batch_op.drop_index(batch_op.f("ix_operation_target_id"))
        batch_op.drop_index(
            "ix_operation_attention",
            sqlite_where=sa.text("status = 'attention'"),
            postgresql_where=sa.text("status = 'attention'"),
        )
        batch_op.drop_index("ix_operation_actor_received")

    op.drop_table("operation")
    with op.batch_alter_table("label_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_print_at_us"))

    op.drop_table("label_print")
    op.drop_table("count_session")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_name"))
        batch_op.drop_index(batch_op.f("ix_asset_model_id"))
        batch_op.drop_index(batch_op.f("ix_asset_location_id"))
        batch_op.drop_index(batch_op.f("ix_asset_custodian_person_id"))

    op.drop_table("asset")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))

    op.drop_table("api_token")
    op.drop_table("person")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_location_parent_id"))
        batch_op.drop_index(batch_op.f("ix_location_name"))

    op.drop_table("location")
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alias_code"))

    op.drop_table("alias")
    op.drop_table("supplier")
    op.drop_table("sign_in_throttle")
    op.drop_table("setting")
    op.drop_table("code")
    op.drop_table("asset_model")


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION stockscan_refuse_change() RETURNS trigger AS $$"
            " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
        )
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
