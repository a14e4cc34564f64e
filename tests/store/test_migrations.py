"""Every step from the first tables to the newest, with data in between, on both databases."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from stockscan.paths import MIGRATIONS
from stockscan.store.db import migrate
from stockscan.store.rows import metadata

# What a workshop of the first version had: a part, a bin, a receipt with a lot, a scan, an alias.
OLD_ROWS = """
INSERT INTO code
    VALUES ('AAAAAA1', 'part', 1), ('AAAAAA2', 'location', 1), ('AAAAAA3', 'person', 1);
INSERT INTO person (id, code, name, role, active, created_us)
    VALUES (1, 'AAAAAA3', 'Ada', 'admin', true, 1);
INSERT INTO location (id, code, name, kind, active, created_us)
    VALUES (1, 'AAAAAA2', 'Shelf', 'bin', true, 1);
INSERT INTO part (id, code, part_number, name, unit, category, manufacturer,
    manufacturer_part_number, supplier_part_number, list_cost_e4, pack_milli, tracking, stocked,
    abc_class, active, created_us)
    VALUES (1, 'AAAAAA1', 'G-1', 'Grease', 'pcs', '', '', '', '', 0, 1000, 'lot', true, 'C', true,
    1);
INSERT INTO operation (id, kind, status, actor_id, device, digest, content, result, received_us,
    effective_us, earliest_us, capture, target_id, waits_for)
    VALUES ('op', 'receive', 'applied', 1, '', 'd', '{}', '{}', 7, 7, 7, 0, NULL, NULL);
INSERT INTO movement (seq, kind, part_id, location_id, lot, serial, quantity_milli, unit_cost_e4,
    value_e4, effective_us, rank, recorded_us, person_id, reason, note, removed_serial,
    operation_id, origin_id, leg)
    VALUES (1, 'receive', 1, 1, 'A-1', '', 5000, 0, 0, 7, 0, 7, 1, '', '', '', 'op', 'op', 0);
INSERT INTO balance VALUES (1, 1, 'A-1', '', 5000);
INSERT INTO scan_event VALUES (1, 'xyz', 'unknown', NULL, 1, 7);
INSERT INTO alias VALUES ('4006381333931', 'AAAAAA1', 7)
"""
# Inspectors leave out indexes of expressions, so the databases are asked themselves.
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    # One is of a column that PostgreSQL alone has.
    "postgresql": """
        SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN
            (SELECT conname FROM pg_constraint) AND indexname <> 'ix_search_entry_lexemes'""",
}


# Everything that a step makes besides rows.
MADE = {
    "sqlite": "SELECT type || ' ' || name FROM sqlite_master",
    "postgresql": """
        SELECT 'trigger ' || tgname || ' ' || tgrelid::regclass FROM pg_trigger
        UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proname LIKE 'stockscan%'
        UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'column ' || table_name || '.' || column_name
            FROM information_schema.columns WHERE table_schema = 'public'""",
}
ASSET = """
INSERT INTO code (code, kind, created_us) VALUES ('AAAAAA4', 'asset', 1);
INSERT INTO asset (id, code, tag, name, serial, status, salvage_minor, notes, created_us)
    VALUES (1, 'AAAAAA4', 'T-1', 'Lift', '', 'in_service', 0, '', 1);
INSERT INTO asset_event (seq, kind, asset_id, effective_us, recorded_us, person_id, operation_id,
    note, leg) VALUES (1, 'note', 1, 7, 7, 1, 'op', 'x', 0)
"""

# A print of two labels, as it was before prints were jobs; then one on a printer, with its file.
OLD_PRINT = """
INSERT INTO label_print (id, at_us, person_id, stock, layout, format, start, public_url)
    VALUES (1, 7, 1, 'avery-l7160', 'standard', 'pdf', 1, 'https://stock.example.com');
INSERT INTO label_printed (print_id, place, code)
    VALUES (1, 1, 'AAAAAA1'), (1, 2, 'AAAAAA2')
"""
NEW_PRINT = """
INSERT INTO printer (id, uid, name, dpi, offset_x_um, offset_y_um, scale_x_e5, scale_y_e5, host,
    port, active, created_us)
    VALUES (1, 'p', 'Packing', 203, 0, 0, 100000, 100000, '', 9100, true, 7);
INSERT INTO blob (sha256, content) VALUES ('f', 'file');
UPDATE label_print SET printer_id = 1, sha256 = 'f', uid = 'u';
INSERT INTO label_check (uid, print_id, person_id, at_us, text, code, verdict)
    VALUES ('c', 1, 1, 7, 'AAAAAA1', 'AAAAAA1', 'right')
"""


@pytest.fixture
def engine(unmigrated_url: str) -> Iterator[Engine]:
    """A bare connection to a database that has no table yet."""
    engine = create_engine(unmigrated_url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


def migrate_to(connection: Connection, revision: str) -> None:
    """Bring the database to a step that is not the newest."""
    command.upgrade(steps(connection), revision)


def steps(connection: Connection) -> Config:
    """The steps, to be taken on this connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def made(connection: Connection) -> set[str]:
    """Everything in the database besides rows."""
    names = connection.execute(text(MADE[connection.dialect.name])).scalars()
    return {name for name in names if "RI_Constraint" not in name}


def test_a_workshop_of_the_first_version_keeps_its_data(
    unmigrated_url: str, engine: Engine
) -> None:
    with engine.begin() as connection:
        migrate_to(connection, "0001")
        for statement in OLD_ROWS.split(";\n"):
            connection.execute(text(statement))
    migrate(unmigrated_url)
    with engine.begin() as connection:
        lot = connection.execute(text("SELECT * FROM lot")).one()
        assert tuple(lot) == (1, "A-1", None, 7)
        assert connection.execute(text("SELECT way FROM scan_event")).scalar() == ""
        assert connection.execute(text("SELECT operation_id FROM alias")).scalar() is None
        assert connection.execute(text("SELECT quantity_milli FROM balance")).scalar() == 5000
        marked = connection.execute(text("SELECT code FROM catalogue_change ORDER BY code"))
        assert list(marked.scalars()) == ["AAAAAA1", "AAAAAA2", "AAAAAA3"]
        assert len(connection.execute(text("SELECT epoch FROM epoch")).scalar_one()) == 16


def test_the_catalogue_can_be_taken_back_with_all_that_was_there(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate_to(connection, "0001")
        for statement in OLD_ROWS.split(";\n"):
            connection.execute(text(statement))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
        engine.dispose()
    with engine.begin() as connection:
        migrate_to(connection, "0005")
        for statement in ASSET.split(";\n"):
            connection.execute(text(statement))
        before = made(connection)
        migrate_to(connection, "head")
        found = connection.execute(text("SELECT words FROM search_entry ORDER BY id")).scalars()
        assert [words.split()[0] for words in found] == ["T-1", "G-1", "Shelf", "Ada"]
    with engine.begin() as connection:
        command.downgrade(steps(connection), "0005")
        assert made(connection) == before
        assert connection.execute(text("SELECT count(*) FROM asset_event")).scalar() == 1


def test_prints_become_jobs_and_can_be_taken_back(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    with engine.begin() as connection:
        migrate_to(connection, "0001")
        for statement in OLD_ROWS.split(";\n"):
            connection.execute(text(statement))
        migrate_to(connection, "0007")
        before = made(connection)
        for statement in OLD_PRINT.split(";\n"):
            connection.execute(text(statement))
        migrate_to(connection, "0008")
        jobs = connection.execute(text("SELECT state, done, total, copies FROM label_print"))
        assert tuple(jobs.one()) == ("done", 2, 2, 1)
        for statement in NEW_PRINT.split(";\n"):
            connection.execute(text(statement))
    with engine.begin() as connection:
        command.downgrade(steps(connection), "0007")
        assert made(connection) == before
        assert connection.execute(text("SELECT count(*) FROM label_printed")).scalar() == 2


def test_the_tables_are_those_that_the_code_knows(unmigrated_url: str, engine: Engine) -> None:
    migrate(unmigrated_url)
    with engine.begin() as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            made = {column["name"] for column in inspector.get_columns(table.name)}
            assert made >= set(table.columns.keys())
        known = {index.name for table in metadata.sorted_tables for index in table.indexes}
        assert known == set(connection.execute(text(INDEXES[connection.dialect.name])).scalars())
