"""Exports of 100,000 assets and a million movements: time against a bare loop, and memory.

`.venv/bin/python -m bench.exporting [--assets N] [--movements N]` builds its own databases. Each
figure is of a process of its own, so that its peak of memory is its own too.
"""

import argparse
import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, String, cast, create_engine, insert, literal, select, text
from sqlalchemy.engine import Connection

from bench.house import House, build
from stockscan.domain.access import Actor, Role
from stockscan.services import exporting
from stockscan.services.work import Context, reading
from stockscan.store.assets import Asset
from stockscan.store.codes import Code
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.stock import Movement
from stockscan.web import create_app
from tests.postgres import running_server

NOW_US = 1_750_000_000_000_000
PARTS, BINS = 10_000, 2_000
OPERATION = "00000000-0000-4000-8000-000000000000"


def main() -> None:
    """Measure on both databases and print one line for each export."""
    options = argparse.ArgumentParser(prog="bench.exporting", description=__doc__)
    options.add_argument("--assets", type=int, default=100_000)
    options.add_argument("--movements", type=int, default=1_000_000)
    options.add_argument("--one", help="what the processes of this bench are told")
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(_measured(**json.loads(asked.one))))
        return
    with tempfile.TemporaryDirectory() as folder, running_server() as postgresql:
        postgresql.create("bench")
        for kind, url in (
            ("sqlite", f"sqlite:///{folder}/bench.db"),
            ("postgresql", postgresql.url("bench")),
        ):
            house = build(kind, url, Path(folder))
            _seed(house, asked.assets, asked.movements)
            _print(house)


def _print(house: House) -> None:
    for what in ("assets", "movements"):
        floor = _in_a_process(house, what, "")
        print(f"{house.kind:<10} {what:<9} bare loop {floor['seconds']:6.1f} s", flush=True)
        for form in ("csv", "json", "xlsx"):
            told = _in_a_process(house, what, form)
            print(
                f"{house.kind:<10} {what:<9} {form:<5} {told['seconds']:10.1f} s = "
                f"{told['seconds'] / floor['seconds']:4.1f} x bare loop, first byte after "
                f"{told['first_s']:5.1f} s, {told['bytes'] / 1e6:6.1f} MB, memory "
                f"+{told['grown_mb']:.0f} MB",
                flush=True,
            )


def _in_a_process(house: House, what: str, form: str) -> dict[str, Any]:
    told = json.dumps({"settings": house.settings, "what": what, "form": form})
    command = [sys.executable, "-m", "bench.exporting", "--one", told]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _measured(settings: dict[str, str], what: str, form: str) -> dict[str, Any]:
    app = create_app(settings)
    ctx = Context(Actor(1, "Bench", Role.ADMIN), NOW_US, lambda: str(uuid.uuid4()))
    with app.app_context():
        exporting.export(ctx, "models", form or "csv").chunks.close()  # everything is loaded
        before_kb, start = _peak_kb(), time.perf_counter()
        first_s, size = 0.0, 0
        chunks = exporting.export(ctx, what, form).chunks if form else _bare(what)
        for chunk in chunks:
            first_s = first_s or time.perf_counter() - start
            size += len(chunk)
        return {
            "seconds": time.perf_counter() - start,
            "first_s": first_s,
            "bytes": size,
            "grown_mb": (_peak_kb() - before_kb) / 1024,
        }


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _bare(what: str) -> Any:
    """The table's own columns as the driver gives them, through Python's CSV writer."""
    table = {"assets": "asset", "movements": "movement"}[what]
    with reading() as connection:
        driver: Any = connection.connection.driver_connection
        cursor = driver.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of two names
        while rows := cursor.fetchmany(500):
            buffer = io.StringIO(newline="")
            csv.writer(buffer).writerows(rows)
            yield buffer.getvalue().encode()


def _seed(house: House, assets: int, movements: int) -> None:
    """Rows by the database itself; nothing of ours looks at them on the way in."""
    url = house.database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        most = {Location: ("L", BINS), Part: ("P", PARTS), Asset: ("A", assets)}
        for table, (letter, count) in most.items():
            _fill(connection, table, letter, count)
        _fill_ledger(connection, movements)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _fill(connection: Connection, table: Any, letter: str, count: int) -> None:
    number = _numbers(count)
    name = literal(letter) + cast(number.c.i, String)
    kind = {"L": "location", "P": "part", "A": "asset"}[letter]
    more: dict[str, dict[str, Any]] = {
        "L": {"kind": literal("bin")},
        "P": {"part_number": name},
        "A": {
            "tag": name,
            "status": literal("in_service"),
            "serial": literal("SN-") + name,
            "location_id": number.c.i % BINS + 1,
            "purchase_cost_minor": number.c.i * 100,
            "notes": literal("=Bought second hand, looked after; ask before use."),
        },
    }
    codes = select(name, literal(kind), literal(NOW_US))
    connection.execute(insert(Code).from_select(["code", "kind", "created_us"], codes))
    values = {"code": name, "name": literal("Thing number ") + name, **more[letter]}
    values["created_us"] = literal(NOW_US)
    connection.execute(insert(table).from_select(list(values), select(*values.values())))


def _fill_ledger(connection: Connection, count: int) -> None:
    connection.execute(
        insert(Operation).values(
            id=OPERATION,
            kind="receive",
            status="applied",
            actor_id=1,
            digest="",
            content="{}",
            action_id=OPERATION,
            received_us=NOW_US,
            effective_us=NOW_US,
            earliest_us=NOW_US,
        )
    )
    number = _numbers(count)
    values = {
        "seq": number.c.i,
        "kind": literal("receive"),
        "part_id": number.c.i % PARTS + 1,
        "location_id": number.c.i % BINS + 1,
        "quantity_milli": literal(2500),
        "unit_cost_e4": literal(123_456),
        "value_e4": literal(308_640),
        "effective_us": number.c.i * 1_000_000 + NOW_US,
        "rank": literal(0),
        "recorded_us": number.c.i * 1_000_000 + NOW_US,
        "person_id": literal(1),
        "note": literal("Delivered as ordered"),
        "operation_id": literal(OPERATION),
        "origin_id": literal(OPERATION),
        "leg": number.c.i,
    }
    connection.execute(insert(Movement).from_select(list(values), select(*values.values())))


def _numbers(count: int) -> Any:
    first = select(literal(1, BigInteger).label("i")).cte("number", recursive=True)
    return first.union_all(select(first.c.i + literal(1, BigInteger)).where(first.c.i < count))


if __name__ == "__main__":
    main()
