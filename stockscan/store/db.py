"""The database: declarative base, engines for writing and reading, the writers' gate, migration."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase

from stockscan.paths import MIGRATIONS

# A 64-bit integer; SQLite only counts up by itself in a column that is declared INTEGER.
Big = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """All tables; constraints get predictable names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def init_app(app: Flask, url: str) -> None:
    """Bind the database at `url` to the app: one engine for writes, one for reads."""
    address = _with_driver(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = address
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 8,
        "max_overflow": 0,
        "pool_timeout": 10,
    }
    db.init_app(app)
    with app.app_context():
        if address.get_backend_name() == "sqlite":
            _tame_sqlite(db.engine)
    app.extensions["stockscan.read_engine"] = _read_engine(address)
    app.extensions["stockscan.gate"] = Gate(address)


def dispose(app: Flask) -> None:
    """Close every pooled connection of the app."""
    with app.app_context():
        db.engine.dispose()
    app.extensions["stockscan.read_engine"].dispose()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for reads that sees the latest commit and takes no lock."""
    engine: Engine = current_app.extensions["stockscan.read_engine"]
    with engine.connect() as connection:
        yield connection


def gate() -> "Gate":
    """The gate that this app's writers pass."""
    found: Gate = current_app.extensions["stockscan.gate"]
    return found


class Gate:
    """A fair queue for SQLite's one writer: a lock for threads and a file lock for processes.

    SQLite's own waiting polls and starves someone for seconds; a kernel lock does not. On
    PostgreSQL the gate is always open: rows are locked there.
    """

    def __init__(self, address: URL) -> None:
        self._lock = threading.Lock()
        database = address.database
        is_file = address.get_backend_name() == "sqlite" and database not in (None, "", ":memory:")
        self._path = Path(f"{database}.lock") if is_file else None

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Hold the gate for the duration of one write transaction."""
        if self._path is None:
            yield
            return
        with self._lock, self._path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema, creating it if need be.

    Raises `RuntimeError` when the database was made by a newer StockScan.
    """
    engine = create_engine(_with_driver(url))
    try:
        if engine.dialect.name == "sqlite":
            _tame_sqlite(engine)
        with Gate(engine.url).passing(), engine.begin() as connection:
            _refuse_newer(connection)
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_blank(connection: Connection) -> bool:
    """Whether no version of StockScan has made its tables here yet."""
    return MigrationContext.configure(connection).get_current_revision() is None


def is_current(connection: Connection) -> bool:
    """Whether the schema is exactly the one this code needs."""
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def on_postgresql(connection: Connection) -> bool:
    """Whether this connection talks to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def insert_into(connection: Connection, table: Any) -> Any:
    """An insert in this database's own words, which can pass over what is there already."""
    return (postgresql.insert if on_postgresql(connection) else sqlite.insert)(table)


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _refuse_newer(connection: Connection) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {
        script.revision
        for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions()
    }
    if revision is not None and revision not in known:
        message = (
            "This database was made by a newer StockScan. Install that version or restore a backup."
        )
        raise RuntimeError(message)


def _with_driver(url: str) -> URL:
    address = make_url(url)
    if address.drivername in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    return address


def _read_engine(address: URL) -> Engine:
    engine = create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        pool_size=8,
        max_overflow=4,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _read_pragmas)
    return engine


def _tame_sqlite(engine: Engine) -> None:
    """Make SQLite durable and explicit: the driver begins nothing by itself, we say IMMEDIATE."""
    event.listen(engine, "connect", _write_pragmas)
    event.listen(engine, "begin", _begin_immediate)


def _write_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "busy_timeout = 10000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _read_pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
