"""One moment of the database, held for as long as a long read takes; no writer waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Connection, Engine

from stockscan.store.db import on_postgresql


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose every read sees the same moment.

    SQLite's readers hold a view of the log, PostgreSQL's one of the rows; both take no lock that
    a writer needs.
    """
    engine: Engine = current_app.extensions["stockscan.read_engine"]
    with engine.connect() as connection:
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        connection.exec_driver_sql(begin if on_postgresql(connection) else "BEGIN DEFERRED")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")
