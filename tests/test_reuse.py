"""The database that tests share is new for each, whatever the last one did to it."""

import psycopg
import pytest

from tests.reuse import Reused

ROW = "INSERT INTO supplier (name) VALUES ('ACME') RETURNING id"


@pytest.mark.parametrize(
    "harm",
    [
        "SELECT 1",
        "DELETE FROM epoch",
        "UPDATE epoch SET epoch = 'another'",
        "DROP TRIGGER movement_append_only ON movement",
        "ALTER TABLE movement DISABLE TRIGGER USER",
        "CREATE TABLE left_over (id int)",
        "ALTER TABLE part DROP CONSTRAINT pk_part CASCADE",
    ],
)
def test_renewed_is_as_new(reused: Reused, harm: str) -> None:
    everything = "SELECT *, (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O') FROM epoch"
    with psycopg.connect(reused.url, autocommit=True) as left_open:
        before = left_open.execute(everything).fetchall()
        first_id = left_open.execute(ROW).fetchall()
        left_open.execute(harm.encode())
        reused.renew()
    with psycopg.connect(reused.url, autocommit=True) as connection:
        assert connection.execute(everything).fetchall() == before
        assert connection.execute(ROW).fetchall() == first_id
        assert connection.execute("SELECT to_regclass('left_over')").fetchone() == (None,)
    reused.renew()
