"""Planning for 10,000 assets under 20 plans each, a year ahead, and for a tenth of it.

`python -m bench.planning` prints for both databases, step by step: seconds, processor seconds of
this process and of the PostgreSQL server, megabytes above the start, and the growth from a tenth.

Twenty models of as many assets, each under twenty plans: fourteen by the calendar, three by a meter
with twelve readings, three by the age of a part that was fitted last at some time. Every plan was
done once on every asset, and its kit has three parts, one of them not needed each time.
"""

import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, text

from bench.importing import peak
from stockscan.domain.figures import MICRO
from stockscan.services import maintenance, purchasing
from stockscan.services.work import reading, unit_of_work
from stockscan.store.assets import Asset, AssetEvent, AssetModel
from stockscan.store.codes import Code
from stockscan.store.db import dispose, migrate, on_postgresql
from stockscan.store.locations import Location
from stockscan.store.maintenance import MaintenancePlan, PlanAsset, PlanPart
from stockscan.store.maintenance.demand import demand
from stockscan.store.maintenance.forecast import demand_by_day
from stockscan.store.meters import Meter
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.stock import Movement
from stockscan.web import create_app
from tests.cast import Cast, context, hire
from tests.postgres import running_server

ASSETS = 10_000
MODELS = 20
PLANS = 20
PARTS = 2_000
READINGS = 12
DAYS = 365
CYCLES = ((1, "week"), (2, "week"), (1, "month"), (2, "month"), (3, "month"), (6, "month"),
          (1, "year"))  # fmt: skip
_DAY_US = 86_400 * MICRO


class Took(NamedTuple):
    """What a step took: seconds on the clock, of processor time in this process and in the
    database's server, megabytes above the start, and the number that it came to."""

    seconds: float
    own: float
    server: float
    mb: float
    number: int

    @property
    def used(self) -> float:
        """Processor seconds of both, which what else goes on does not lengthen."""
        return self.own + self.server


Found = dict[str, Took]


@contextmanager
def timed(found: Found, name: str) -> Iterator[list[int]]:
    """Keep what something took and the number that it came to."""
    number = [0]
    with peak() as rise:
        begun, own, server = time.perf_counter(), time.process_time(), _server_s()
        yield number
        seconds = time.perf_counter() - begun
        own, server = time.process_time() - own, _server_s() - server
    found[name] = Took(seconds, own, server, rise["mb"], number[0])


def _server_s() -> float:
    """Processor seconds that PostgreSQL spent on this database so far; 0 for SQLite."""
    with reading() as connection:
        if not on_postgresql(connection):
            return 0.0
        ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = connection.execute(text(ours)).scalars().all()
        stats = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8") for pid in pids]
    # The fields utime and stime, counted behind the name.
    ticks = sum(int(each) for stat in stats for each in stat.rpartition(")")[2].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(url: str, folder: Path, assets: int) -> Found:
    """What each step took, in an empty database at `url`."""
    migrate(url)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    found: Found = {}
    try:
        with app.app_context():
            cast = hire(app)
            fill(assets)
            _play(cast, found)
            return found
    finally:
        dispose(app)


def fill(assets: int) -> None:
    """Put models, assets, plans, kits, meters and installs into the books."""
    dice = random.Random(8)  # noqa: S311 - the same books each time, no secret
    today = date.today()  # noqa: DTZ011 - as the services see it
    with unit_of_work() as session:
        connection = session.connection()
        connection.execute(insert(Operation), [_operation()])
        _add(connection, Code, ({"code": f"{kind}{n}", "kind": name, "created_us": 1}
                                for kind, name, many in (("A", "asset", assets),
                                                         ("P", "part", PARTS), ("L", "location", 1))
                                for n in range(many)))  # fmt: skip
        _add(connection, Location, [{"id": 1, "code": "L0", "name": "Bin", "kind": "bin",
                                     "created_us": 1}])  # fmt: skip
        _add(connection, AssetModel, ({"id": n + 1, "name": f"Model {n}", "created_us": 1}
                                      for n in range(MODELS)))  # fmt: skip
        _add(connection, Asset, (_asset(n, today, dice) for n in range(assets)))
        _add(connection, Part, ({"id": n + 1, "code": f"P{n}", "part_number": f"N-{n}",
                                 "name": f"Part {n}", "created_us": 1}
                                for n in range(PARTS)))  # fmt: skip
        plans = [_plan(n, today, dice) for n in range(MODELS * PLANS)]
        _add(connection, MaintenancePlan, plans)
        _add(connection, PlanPart, _kits(dice))
        _add(connection, PlanAsset, _done(plans, assets, today, dice))
        _add(connection, Meter, ({"id": n + 1, "asset_id": n + 1, "name": "Hours"}
                                 for n in range(assets)))  # fmt: skip
        _add(connection, AssetEvent, _readings(assets, dice))
        _add(connection, Movement, _installs(plans, assets, dice))
    with unit_of_work() as session:
        session.execute(text("ANALYZE"))


def _play(cast: Cast, found: Found) -> None:
    ctx = context(cast.admin)
    with reading() as connection:
        with timed(found, "read each plan on each asset") as number:
            rows = connection.execute(text("SELECT * FROM plan_asset")).fetchall()
            number[0] = len(rows)
            del rows
        with timed(found, "demand, 365 days by day") as number:
            by_day = demand_by_day(connection, ctx.today, ctx.today + timedelta(days=DAYS))
            number[0] = sum(len(days) for days in by_day.values())
        total = sum(sum(days.values()) for days in by_day.values())
        with timed(found, "demand, 14 days one by one") as number:
            number[0] = len(demand(connection, ctx.today, ctx.today + timedelta(days=14)))
    with timed(found, "make jobs") as number:
        number[0] = maintenance.make_jobs(ctx)
    with timed(found, "make jobs again") as number:
        number[0] = maintenance.make_jobs(ctx)
    with timed(found, "calendar of a month") as number:
        weeks = maintenance.month(ctx, ctx.today).weeks
        number[0] = sum(len(day.jobs) + len(day.coming) for week in weeks for day in week)
    with timed(found, "board") as number:
        number[0] = maintenance.job_board(ctx).lanes.soon.number
    with timed(found, "danger zone") as number:
        page = purchasing.danger(ctx)
        number[0] = len(page.to_order) + page.more
    with timed(found, "raise ahead") as number:
        number[0] = purchasing.raise_ahead(ctx).lines
    with timed(found, "raise ahead again") as number:
        number[0] = purchasing.raise_ahead(ctx).lines
    with reading() as connection, timed(found, "demand again, with the jobs") as number:
        later = demand_by_day(connection, ctx.today, ctx.today + timedelta(days=DAYS))
        number[0] = sum(len(days) for days in later.values())
    assert sum(sum(days.values()) for days in later.values()) == total


def _operation() -> dict[str, Any]:
    return {"id": "fill", "kind": "receive", "status": "applied", "actor_id": 1, "device": "",
            "digest": "", "content": "{}", "result": "{}", "received_us": 1, "effective_us": 1,
            "earliest_us": 1, "capture": 0}  # fmt: skip


def _asset(number: int, today: date, dice: random.Random) -> dict[str, Any]:
    return {"id": number + 1, "code": f"A{number}", "tag": f"T-{number}", "name": "Machine",
            "model_id": number % MODELS + 1, "created_us": 1,
            "purchase_date": today - timedelta(days=dice.randrange(2000))}  # fmt: skip


def _plan(number: int, today: date, dice: random.Random) -> dict[str, Any]:
    place = number % PLANS
    every, unit = CYCLES[place % len(CYCLES)]
    plan = {"id": number + 1, "uid": str(uuid.UUID(int=number)), "name": f"Plan {number}",
            "model_id": number // PLANS + 1, "basis": "calendar", "every": every, "unit": unit,
            "starts_on": today - timedelta(days=dice.randrange(365)), "meter": "",
            "every_milli": None, "part_id": None, "created_us": 1,
            "counts_from": dice.choice(("planned", "done"))}  # fmt: skip
    if place >= 17:
        plan |= {"basis": "meter", "meter": "Hours", "every_milli": 250_000 * (place - 16)}
    elif place >= 14:
        plan |= {"basis": "age", "every": 12 * (place - 12), "unit": "month",
                 "part_id": number % PARTS + 1}  # fmt: skip
    return plan


def _kits(dice: random.Random) -> Iterator[dict[str, Any]]:
    for plan in range(MODELS * PLANS):
        for place, part in enumerate(dice.sample(range(PARTS), 3)):
            yield {"plan_id": plan + 1, "part_id": part + 1, "quantity_milli": 1000 * (place + 1),
                   "probability_bp": 2_500 if place == 2 else 10_000}  # fmt: skip


def _done(
    plans: list[dict[str, Any]], assets: int, today: date, dice: random.Random
) -> Iterator[dict[str, Any]]:
    days = {"week": 7, "month": 30, "year": 365}
    for plan in plans:
        for asset in range(plan["model_id"] - 1, assets, MODELS):
            ago = dice.randrange(days[plan["unit"]] * plan["every"])
            done_on = today - timedelta(days=ago)
            yield {"plan_id": plan["id"], "asset_id": asset + 1, "done_on": done_on,
                   "was_due_on": done_on - timedelta(days=dice.randrange(4)),
                   "done_milli": 1_000_000 if plan["meter"] else None}  # fmt: skip


def _readings(assets: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    now_us = time.time_ns() // 1000
    for asset in range(assets):
        daily = dice.randrange(1_000, 16_000)
        for nth in range(READINGS):
            yield {"kind": "meter", "asset_id": asset + 1, "meter_id": asset + 1, "person_id": 1,
                   "effective_us": now_us - (READINGS - nth) * 7 * _DAY_US, "recorded_us": now_us,
                   "value_milli": 1_000_000 + daily * 7 * nth + dice.randrange(2_000),
                   "operation_id": "fill", "leg": asset * READINGS + nth}  # fmt: skip


def _installs(
    plans: list[dict[str, Any]], assets: int, dice: random.Random
) -> Iterator[dict[str, Any]]:
    now_us, leg = time.time_ns() // 1000, 0
    for plan in plans:
        for asset in range(plan["model_id"] - 1, assets, MODELS) if plan["part_id"] else ():
            leg += 1
            yield {"kind": "install", "part_id": plan["part_id"], "location_id": 1, "lot": "",
                   "serial": "", "quantity_milli": -1000, "unit_cost_e4": 1, "value_e4": -1,
                   "effective_us": now_us - dice.randrange(900) * _DAY_US, "rank": 0, "fence": 0,
                   "recorded_us": now_us, "person_id": 1, "asset_id": asset + 1, "leg": leg,
                   "operation_id": "fill", "origin_id": "fill"}  # fmt: skip


def _add(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, 10_000)):
        connection.execute(insert(table), some)


def main() -> None:
    """Measure both databases and print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [ASSETS // 10, ASSETS]
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        for kind in ("sqlite", "postgresql"):
            tables = []
            for size in sizes:
                server.create(f"planning{size}")
                url = {"sqlite": f"sqlite:///{folder}/planning{size}.db",
                       "postgresql": server.url(f"planning{size}")}[kind]  # fmt: skip
                tables.append(measure(url, Path(folder), size))
                if kind == "sqlite":
                    server.drop(f"planning{size}")
            _print(kind, sizes, tables)


def _print(kind: str, sizes: list[int], tables: list[Found]) -> None:
    for name, large in tables[-1].items():
        small = tables[0][name]
        print(f"{kind:<10}  {name:<29}  {large.seconds:6.2f} s (CPU {large.own:6.2f}"
              f" + {large.server:5.2f} s)  {large.mb:5.0f} MB  {large.number:>9,}"
              f"   of {sizes[0]:,}: {small.seconds:5.2f} s ({small.used:5.2f}) {small.mb:4.0f} MB"
              f"   grows {large.used / max(small.used, 0.001):5.1f} x", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
