"""A PostgreSQL database that serves one test after another, as new each time."""

import time
from typing import Final

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from tests.postgres import Server

# Deleted rows stay in the files, so after a while a new copy is quicker than what has grown.
MOST_USES: Final = 100

# So many things that a new copy is quicker than to take them away.
MOST_THINGS: Final = 1000
MANY: Final = "SELECT 1 FROM code LIMIT 1000"

# Nothing else may be connected while the rows go. Who was told to leave is gone in a moment; to be
# sent away takes the server a tenth of a second.
OTHERS = (
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
PATIENCE: Final = 25
SEND_AWAY = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COUNTED = "FROM pg_sequences WHERE last_value IS NOT NULL"
# Whatever is made, altered or dropped in a schema leaves a younger row or one row less.
SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), max(xmin::text::bigint) FROM {catalogue} WHERE {owner} >= 16384"  # noqa: S608
    for catalogue, owner in (
        ("pg_class", "oid"),
        ("pg_attribute", "attrelid"),
        ("pg_constraint", "oid"),
        ("pg_proc", "oid"),
        ("pg_trigger", "oid"),
    )
)


class Reused:
    """A copy of `template` on `server`, which `renew` brings back to its first state."""

    def __init__(self, server: Server, template: str) -> None:
        self.name = f"reused_{template}"
        self.url = server.url(self.name)
        self._server = server
        self._template = template
        self._copy()

    def renew(self) -> None:
        """Make the database what it was: rows, counters, schema, and nobody connected."""
        self._uses += 1
        if self._uses == MOST_USES or not self._is_emptied():
            self.close()
            self._server.drop(self.name)
            self._copy()

    def close(self) -> None:
        """Let go of the database."""
        self._own.close()

    def _copy(self) -> None:
        self._server.create(self.name, self._template)
        self._uses = 0
        # Kept open, so that the server plans what is asked after each test only once.
        self._own = psycopg.connect(self.url, autocommit=True, prepare_threshold=0)
        assert not self._ask(f"SELECT {COUNTED}"), "counters start anew"
        self._tables = [name for (name,) in self._ask(TABLES)]
        self._own.execute("CREATE SCHEMA first")
        self._filled = self._filled_now()
        for name in self._filled:
            self._own.execute(_with_table("CREATE TABLE first.{0} AS TABLE public.{0}", name))
        self._schema = self._ask(SCHEMA)
        # Some tables refuse any DELETE, and others mark what changed: here no trigger runs.
        self._own.execute("SET session_replication_role = replica")

    def _is_emptied(self) -> bool:
        """Put the rows back, if the schema is the template's and not too many rows came."""
        self._be_alone()
        if self._ask(SCHEMA) != self._schema or len(self._ask(MANY)) == MOST_THINGS:
            return False
        with self._own.transaction():
            for name in self._filled_now():
                self._own.execute(_with_table("DELETE FROM {}", name))
            for name in self._filled:
                again = _with_table("INSERT INTO public.{0} TABLE first.{0}", name)
                self._own.execute(again)
        # Not ALTER SEQUENCE, which would be a change of the schema.
        self._own.execute(f"SELECT setval(sequencename::text, start_value, false) {COUNTED}")
        return True

    def _be_alone(self) -> None:
        for _ in range(PATIENCE):
            if not self._ask(OTHERS):
                return
            time.sleep(0.002)
        self._own.execute(SEND_AWAY)

    def _ask(self, query: str) -> list[TupleRow]:
        return self._own.execute(query.encode()).fetchall()

    def _filled_now(self) -> list[str]:
        asked = SQL(" UNION ALL ").join(
            SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(name, Identifier(name))
            for name in self._tables
        )
        return [name for (name,) in self._own.execute(asked)]


def _with_table(command: str, name: str) -> Composed:
    return SQL(command).format(Identifier(name))
