"""A count of 100,000 lines beside raw set-based SQL that does the same, in the same run.

Opened, a thousand lines of it counted and submitted by a phone's operations, the rest submitted at
once, the review page read, and all of it booked. The raw statements write into copies of the same
tables with the same indexes, in one transaction each, and know nothing of people.
"""

# ruff: noqa: S608 - put together from the names below, nothing comes from outside

import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert, text

from bench.importing import code, peak
from stockscan.domain.counts import Tolerance
from stockscan.services import counts, operations
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading, unit_of_work
from stockscan.store.codes import Code
from stockscan.store.db import dispose, migrate, on_postgresql
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement
from stockscan.web import create_app
from tests.cast import Cast, context, hire, sign_in
from tests.postgres import running_server

LINES = 100_000
BY_PHONE = 1_000
BINS = 2_000
WRONG_EVERY = 20
AT_ONCE = 500

_COUNTED = (
    "UPDATE count_line SET state = 'COUNTED', counter_id = (SELECT MIN(id) FROM person),"
    " counted_us = :at, window_start_us = :at,"
    " counted_milli = 40000 + CASE WHEN id % :wrong = 0 THEN 5000 ELSE 0 END"
    " WHERE session_id = :count AND state = 'PENDING'"
)
_BOOK = (
    "COALESCE((SELECT b.quantity_milli FROM balance b WHERE b.part_id = l.part_id AND"
    " b.location_id = l.location_id AND b.lot = l.lot AND b.serial = l.serial), 0)"
    " - COALESCE((SELECT SUM(m.quantity_milli) FROM movement m WHERE m.part_id = l.part_id AND"
    " m.location_id = l.location_id AND m.lot = l.lot AND m.serial = l.serial AND"
    " m.effective_us >= l.counted_us AND (m.effective_us > l.counted_us OR m.rank >= 1)), 0)"
)


@contextmanager
def timed(found: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Keep the seconds and the megabytes above the start that something took."""
    with peak() as rise:
        begun = time.perf_counter()
        yield
        seconds = time.perf_counter() - begun
    found[name] = (seconds, rise["mb"])


def measure(url: str, folder: Path, lines: int = LINES) -> dict[str, tuple[float, float]]:
    """(seconds, MB) of each step and of the raw SQL beside it, in an empty database at `url`."""
    migrate(url)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    found: dict[str, tuple[float, float]] = {}
    try:
        with app.app_context():
            cast = hire(app)
            stock(lines)
            _play(app, cast, found)
            return found
    finally:
        dispose(app)


def stock(lines: int) -> None:
    """Fill the bins: `lines` parts, one in a bin each, received once and issued three times."""
    with unit_of_work() as session:
        connection = session.connection()
        _fill(connection, Code, ({"code": code(n), "kind": "location", "created_us": 1}
                                 for n in range(BINS)))  # fmt: skip
        _fill(connection, Location, ({"id": n + 1, "code": code(n), "name": f"B-{n}", "kind": "bin",
                                      "created_us": 1} for n in range(BINS)))  # fmt: skip
        _fill(connection, Code, ({"code": f"P{n}", "kind": "part", "created_us": 1}
                                 for n in range(lines)))  # fmt: skip
        _fill(connection, Part, ({"id": n + 1, "code": f"P{n}", "part_number": f"N-{n}",
                                  "name": f"Screw {n}", "list_cost_e4": 10_000, "created_us": 1}
                                 for n in range(lines)))  # fmt: skip
        _fill(connection, Balance, ({**_key(n), "quantity_milli": 40_000} for n in range(lines)))
        _fill(connection, PartWorth, ({"part_id": n + 1, "quantity_milli": 40_000,
                                       "value_e4": 400_000, "average_e4": 10_000}
                                      for n in range(lines)))  # fmt: skip
        for moved, milli in enumerate((100_000, -20_000, -20_000, -20_000)):
            _operation(connection, f"fill-{moved}", moved + 1)
            _fill(connection, Movement, (_movement(n, moved, milli) | {"seq": moved * lines + n + 1}
                                         for n in range(lines)))  # fmt: skip
        if on_postgresql(connection):
            last = text("SELECT setval('movement_seq_seq', (SELECT MAX(seq) FROM movement))")
            connection.execute(last)
    with unit_of_work() as session:
        session.execute(text("ANALYZE"))


def _key(number: int) -> dict[str, Any]:
    return {"part_id": number + 1, "location_id": number % BINS + 1, "lot": "", "serial": ""}


def _movement(number: int, moved: int, milli: int) -> dict[str, Any]:
    return {
        **_key(number), "kind": "receive" if milli > 0 else "issue", "quantity_milli": milli,
        "unit_cost_e4": 10_000, "value_e4": milli * 10, "effective_us": moved + 1, "rank": 0,
        "recorded_us": moved + 1, "person_id": 1, "operation_id": f"fill-{moved}",
        "origin_id": f"fill-{moved}", "leg": number, "fence": 0,
    }  # fmt: skip


def _fill(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, 10_000)):
        connection.execute(insert(table), some)


def _play(app: Flask, cast: Cast, found: dict[str, tuple[float, float]]) -> None:
    count_id = str(uuid.uuid4())
    plan = Plan(name="All", max_attempts=1, posts_itself=False, tolerance=Tolerance())
    with timed(found, "open"):
        counts.open_count(context(cast.admin), count_id, plan)
    with timed(found, "open, raw"):
        _raw_open(count_id)
    with timed(found, "count 1,000"):
        _by_phone(cast, count_id)
    with timed(found, "submit 1,000"):
        counts.submit(context(cast.admin), count_id, mine=True)
    with unit_of_work() as session:
        values = {"at": _now_us(), "wrong": WRONG_EVERY, "count": count_id}
        session.execute(text(_COUNTED), values)
    with timed(found, "submit all"):
        counts.submit(context(cast.admin), count_id)
    with timed(found, "submit all, raw"):
        _raw_judge(count_id)
    client = app.test_client()
    sign_in(client, cast.admin)
    page = _page(client, found, count_id)
    print(f"review page: {len(page) / 1024:.0f} kB")
    with timed(found, "book all, raw"):
        _raw_book(count_id)
    with timed(found, "book all"):
        counts.post(context(cast.admin), count_id, approve=True)
    with reading() as connection:
        left = "SELECT COUNT(*) FROM count_line WHERE session_id = :count AND state <> 'POSTED'"
        assert connection.scalar(text(left), {"count": count_id}) == 0


def _by_phone(cast: Cast, count_id: str) -> None:
    """A thousand lines as a phone sends them, in batches."""
    rows = []
    with reading() as connection:
        found = connection.execute(
            text(
                "SELECT part.part_number, location.code FROM count_line JOIN part ON part.id ="
                " count_line.part_id JOIN location ON location.id = count_line.location_id"
                " WHERE session_id = :count ORDER BY count_line.id LIMIT :many"
            ),
            {"count": count_id, "many": BY_PHONE},
        )
        rows = [
            {"id": str(uuid.uuid4()), "kind": "count", "part": part, "location": place,
             "quantity": 40, "count": count_id}
            for part, place in found
        ]  # fmt: skip
    for start in range(0, BY_PHONE, AT_ONCE):
        outcomes = operations.apply_all(context(cast.admin), rows[start : start + AT_ONCE])
        assert {outcome.status for outcome in outcomes} == {"applied"}, outcomes[0]


def _page(client: FlaskClient, found: dict[str, tuple[float, float]], count_id: str) -> bytes:
    client.get("/counts")
    with timed(found, "review page"):
        response = client.get(f"/counts/{count_id}")
    assert response.status_code == 200, response.status_code
    return bytes(response.data)


def _raw_open(count_id: str) -> None:
    with unit_of_work() as session:
        connection = session.connection()
        _copy_of(connection, "count_line")
        connection.execute(
            text(
                "INSERT INTO raw_count_line (id, session_id, part_id, location_id, lot, serial,"
                " state, place_order, attempt, device, reason, cause)"
                " SELECT part_id, :count, part_id, location_id, lot, serial, 'PENDING',"
                " ROW_NUMBER() OVER (ORDER BY location_id, part_id), 1, '', '', '' FROM balance"
            ),
            {"count": count_id},
        )


def _raw_judge(count_id: str) -> None:
    with unit_of_work() as session:
        connection = session.connection()
        at_us = _now_us()
        connection.execute(
            text("UPDATE raw_count_line SET counted_us = :at, counted_milli = 40000"),
            {"at": at_us},
        )
        book = _BOOK.replace("l.", "raw_count_line.")
        connection.execute(
            text(
                f"UPDATE raw_count_line SET book_milli = {book},"
                f" variance_milli = counted_milli - ({book}), state = CASE WHEN counted_milli ="
                f" {book} THEN 'MATCHED' ELSE 'NEEDS_REVIEW' END, measured_us = :at"
                " WHERE session_id = :count"
            ),
            {"count": count_id, "at": at_us},
        )


def _raw_book(count_id: str) -> None:
    """As-of sums, adjustments, balances, worth and anchors of the real lines, into copies."""
    with unit_of_work() as session:
        connection = session.connection()
        _operation(connection, "raw", 9)
        for table in ("movement", "balance", "part_worth"):
            _copy_of(connection, table, filled=table != "movement")
        connection.execute(
            text(
                "INSERT INTO raw_movement (seq, kind, part_id, location_id, lot, serial,"
                " quantity_milli, unit_cost_e4, value_e4, effective_us, rank, recorded_us,"
                " person_id, count_line_id, reason, note, removed_serial, operation_id, origin_id,"
                " leg) SELECT l.id, 'count_adjust', l.part_id, l.location_id, l.lot, l.serial,"
                f" l.counted_milli - ({_BOOK}), w.average_e4,"
                f" (l.counted_milli - ({_BOOK})) * w.average_e4 / 1000, l.counted_us, 1, :at, 1,"
                " l.id, '', '', '', 'raw', 'raw', ROW_NUMBER() OVER (ORDER BY l.id)"
                " FROM count_line l JOIN part_worth w ON w.part_id = l.part_id"
                " WHERE l.session_id = :count"
            ),
            {"count": count_id, "at": _now_us()},
        )
        for table, column, value in (
            ("balance", "quantity_milli", "quantity_milli"),
            ("part_worth", "value_e4", "value_e4"),
        ):
            connection.execute(
                text(
                    f"UPDATE raw_{table} SET {column} = {column} + (SELECT {value} FROM"
                    f" raw_movement m WHERE m.part_id = raw_{table}.part_id)"
                    " WHERE EXISTS (SELECT 1 FROM raw_movement m WHERE m.part_id ="
                    f" raw_{table}.part_id AND m.quantity_milli <> 0)"
                )
            )
        connection.execute(
            text(
                "UPDATE raw_count_line SET state = 'POSTED', posted_us = :at, cost_e4 = (SELECT"
                " average_e4 FROM part_worth w WHERE w.part_id = raw_count_line.part_id)"
            ),
            {"at": _now_us()},
        )


def _copy_of(connection: Any, table: str, *, filled: bool = False) -> None:
    """An empty (or filled) table with the same columns and indexes."""
    if on_postgresql(connection):
        connection.execute(text(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING INDEXES)"))
    else:
        connection.execute(text(f"CREATE TABLE raw_{table} AS SELECT * FROM {table} WHERE 1 = 0"))
        made = "SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND type = 'index'"
        for name, sql in connection.execute(text(made), {"table": table}).all():
            if sql:
                copied = sql.replace(name, f"raw_{name}", 1).replace(
                    f"ON {table}", f"ON raw_{table}"
                )
                connection.execute(text(copied.replace(f'ON "{table}"', f"ON raw_{table}")))
    if filled:
        connection.execute(text(f"INSERT INTO raw_{table} SELECT * FROM {table}"))
        if not on_postgresql(connection):
            connection.execute(text(f"CREATE INDEX raw_{table}_part ON raw_{table} (part_id)"))


def _operation(connection: Any, operation_id: str, at_us: int) -> None:
    connection.execute(
        text(
            "INSERT INTO operation (id, kind, status, actor_id, device, digest, content, result,"
            " received_us, effective_us, earliest_us, capture) VALUES (:id, 'receive', 'applied',"
            " (SELECT MIN(id) FROM person), '', '', '{}', '{}', :at, :at, :at, 0)"
        ),
        {"id": operation_id, "at": at_us},
    )


def _now_us() -> int:
    return time.time_ns() // 1000


def main() -> None:
    """Measure on both databases and print the figures."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory() as place, running_server() as server:
        server.create("counting")
        for url in (f"sqlite:///{place}/counting.db", server.url("counting")):
            found = measure(url, Path(place), lines)
            for name, (seconds, mb) in found.items():
                raw = found.get(f"{name}, raw")
                beside = f" = {seconds / raw[0]:.1f} x raw SQL" if raw else ""
                print(f"{url.partition(':')[0]:<12} {name:<16} {seconds:7.2f} s{beside}"
                      f"  memory +{mb:.0f} MB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
