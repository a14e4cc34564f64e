"""A ledger of five years filled by SQL, for the reports to be read from."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import insert, text

from stockscan.services.work import unit_of_work
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.codes import Code
from stockscan.store.db import on_postgresql
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part

# As many movements to each part, machine and bin.
PER_PART, PER_ASSET, PER_BIN, PER_MODEL = 250, 500, 2_500, 25_000
# As many movements to a job; of so many jobs one made its machine stand still.
PER_JOB, PER_STANDSTILL = 100, 5
PER_OPERATION: Final = 10_000
# What moved since the last night.
SINCE: Final = 5_000
YEARS: Final = 5
# The bins stand in so many halls.
HALLS: Final = 10
_DAY_US: Final = 86_400_000_000

_NUMBERS: Final = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT :low UNION ALL SELECT i + 1 FROM n"
    " WHERE i + 1 < :high)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(CAST(:low AS bigint),"
    " CAST(:high AS bigint) - 1))",
}
# A row in a hundred takes back the install thirty rows before: same part, machine and moment.
_ROWS: Final = """
, j AS (SELECT i, CASE WHEN i % 100 = 99 THEN i - 30 ELSE i END AS j FROM n)
, k AS (SELECT i, j, (j * 2654435761) % :parts AS p, (j * 40503) % 1000003 AS h, i % 100 AS c
 FROM j)
INSERT INTO movement (seq, fence, kind, part_id, location_id, lot, serial, quantity_milli,
 unit_cost_e4, value_e4, effective_us, rank, recorded_us, person_id, asset_id, reverses_seq, reason,
 note, removed_serial, operation_id, origin_id, leg)
SELECT i + 1, 0,
 CASE WHEN c < 10 THEN 'receive' WHEN c < 70 THEN 'install' WHEN c < 85 THEN 'issue'
  WHEN c < 89 THEN 'return_from_asset' WHEN c < 93 THEN 'transfer_out'
  WHEN c < 97 THEN 'transfer_in' WHEN c < 99 THEN 'scrap' ELSE 'reversal' END,
 p * p / :parts + 1, h % :bins + 1, '', '',
 CASE WHEN c < 10 THEN 8000 WHEN c < 85 THEN -1000 WHEN c < 89 THEN 1000 WHEN c < 93 THEN -1000
  WHEN c < 97 THEN 1000 WHEN c < 99 THEN -1000 ELSE 1000 END,
 cost, cost * CASE WHEN c < 10 THEN 8 WHEN c < 85 THEN -1 WHEN c < 89 THEN 1 WHEN c < 93 THEN -1
  WHEN c < 97 THEN 1 WHEN c < 99 THEN -1 ELSE 1 END,
 :start + j * :step, 0, :start + i * :step + CASE WHEN h % 50 = 0 THEN 2 ELSE 0 END * :day,
 :person, CASE WHEN c BETWEEN 10 AND 69 OR c BETWEEN 85 AND 88 OR c = 99 THEN h % :assets + 1 END,
 CASE WHEN c = 99 THEN j + 1 END, '', '', '', op, op, i % :batch
FROM (SELECT k.*, (p % 997 + 1) * 1000 AS cost, :prefix || CAST(i / :batch AS TEXT) AS op FROM k) m
"""
_WORTH: Final = (
    "INSERT INTO part_worth (part_id, quantity_milli, value_e4, average_e4) SELECT part_id,"
    " SUM(quantity_milli), SUM(value_e4), MAX(unit_cost_e4) FROM movement GROUP BY part_id"
)

_BALANCES: Final = (
    "INSERT INTO balance (part_id, location_id, lot, serial, quantity_milli) SELECT part_id,"
    " location_id, '', '', SUM(quantity_milli) FROM movement GROUP BY part_id, location_id"
)

_INDEXES: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name = 'movement'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'movement'"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}
_UNCHECKED: Final = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}


def fill(movements: int, person_id: int) -> None:
    """Fill an empty database with so many movements and what belongs to them."""
    with unit_of_work() as session:
        for table, rows in _things(movements):
            session.execute(insert(table), rows)
        session.execute(insert(Job), list(_jobs(movements, person_id)))
    with _without_indexes():
        for low in range(0, movements, 50 * PER_OPERATION):
            move(low, min(low + 50 * PER_OPERATION, movements), movements, person_id)
    with unit_of_work() as session:
        session.execute(text(_WORTH))
        session.execute(text(_BALANCES))
    with unit_of_work() as session:
        session.execute(text("ANALYZE"))


@contextmanager
def _without_indexes() -> Iterator[None]:
    """The ledger is filled without its indexes, which are made again: that is much quicker."""
    with unit_of_work() as session:
        kind = "postgresql" if on_postgresql(session.connection()) else "sqlite"
        indexes = session.execute(text(_INDEXES[kind])).all()
        for name, _ in indexes:
            session.execute(text(f'DROP INDEX "{name}"'))
    yield
    with unit_of_work() as session:
        for _, made in indexes:
            session.execute(text(made))


def _things(movements: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    parts, assets, bins = (movements // each for each in (PER_PART, PER_ASSET, PER_BIN))
    models = max(movements // PER_MODEL, 1)
    marks = (("P", "part", parts), ("A", "asset", assets), ("B", "location", bins),
             ("H", "location", HALLS))  # fmt: skip
    for mark, kind, many in marks:
        codes = [{"code": f"{mark}{n}", "kind": kind, "created_us": 1} for n in range(many)]
        yield Code.__table__, codes
    yield Location.__table__, [
        {"id": bins + n + 1, "code": f"H{n}", "name": f"Hall {n}", "kind": "area", "created_us": 1}
        for n in range(HALLS)
    ]  # fmt: skip
    yield Location.__table__, [
        {"id": n + 1, "code": f"B{n}", "name": f"Bin {n}", "kind": "bin",
         "parent_id": bins + n % HALLS + 1, "created_us": 1}
        for n in range(bins)
    ]  # fmt: skip
    yield (
        Part.__table__,
        [
            {
                "id": n + 1,
                "code": f"P{n}",
                "part_number": f"N-{n}",
                "name": f"Part {n}",
                "created_us": 1,
            }
            for n in range(parts)
        ],
    )
    yield (
        AssetModel.__table__,
        [{"id": n + 1, "name": f"Model {n}", "created_us": 1} for n in range(models)],
    )
    yield Asset.__table__, [
        {"id": n + 1, "code": f"A{n}", "tag": f"T-{n}", "name": f"Machine {n}",
         "model_id": n % models + 1, "purchase_cost_minor": 500_000, "created_us": 1}
        for n in range(assets)
    ]  # fmt: skip


def _jobs(movements: int, person_id: int) -> Iterator[dict[str, Any]]:
    """Jobs done over the years, some of which made their machine stand still for half a day."""
    jobs, assets = movements // PER_JOB, movements // PER_ASSET
    start_us = time.time_ns() // 1000 - YEARS * 365 * _DAY_US
    for n in range(jobs):
        done_us = start_us + (n + 1) * YEARS * 364 * _DAY_US // jobs
        stood = n % PER_STANDSTILL == 0
        yield {
            "uid": f"job-{n}", "number": n + 1, "asset_id": n * 7919 % assets + 1,
            "kind": "fault" if stood else "planned", "state": "done", "title": "Service",
            "cause": "worn" if stood else "", "minutes": n % 240, "labour_minor": n % 240 * 97,
            "down_from_us": done_us - _DAY_US // 2 if stood else None,
            "down_until_us": done_us if stood else None, "down_minor": 24_000 if stood else None,
            "done_us": done_us, "done_by": person_id, "created_us": done_us - _DAY_US,
        }  # fmt: skip


def move(low: int, high: int, movements: int, person_id: int) -> None:
    """Add movements by number; their times are spread over the years up to now."""
    span_us = YEARS * 365 * _DAY_US
    now_us = time.time_ns() // 1000
    values = {
        "low": low, "high": high, "parts": movements // PER_PART,
        "assets": movements // PER_ASSET, "bins": movements // PER_BIN, "day": _DAY_US,
        "batch": PER_OPERATION, "person": person_id, "prefix": f"fill-{movements}-",
        "start": now_us - span_us, "step": span_us // (movements + 2 * SINCE),
    }  # fmt: skip
    with unit_of_work() as session:
        kind = "postgresql" if on_postgresql(session.connection()) else "sqlite"
        for number in range(low // PER_OPERATION, (high - 1) // PER_OPERATION + 1):
            _operation(session, f"fill-{movements}-{number}", person_id)
        session.execute(text(_UNCHECKED[kind]))
        session.execute(text(f"{_NUMBERS[kind]} {_ROWS}"), values)


def _operation(session: Any, operation_id: str, person_id: int) -> None:
    known = "SELECT 1 FROM operation WHERE id = :id"
    if session.execute(text(known), {"id": operation_id}).first() is None:
        session.execute(
            text(
                "INSERT INTO operation (id, kind, status, actor_id, device, digest, content,"
                " result, received_us, effective_us, earliest_us, capture) VALUES (:id, 'receive',"
                " 'applied', :person, '', '', '{}', '{}', 1, 1, 1, 0)"
            ),
            {"id": operation_id, "person": person_id},
        )
