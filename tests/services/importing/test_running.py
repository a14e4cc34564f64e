"""A killed import goes on where its last commit ended: every row once, nothing twice."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from stockscan.domain.errors import Conflict, NotAllowed
from stockscan.services.importing import jobs, running
from stockscan.services.work import reading
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.operations import Operation
from tests.services.importing.steps import bring, check, counts, importer, now_us
from tests.shop import Shop

ROWS = 2_300
# A process that comes to rest in the middle of its second chunk.
RUN = """
import sys, time, uuid
from stockscan.services.importing import running
from stockscan.services.importing.console import acting
from stockscan.services.work import Context
from stockscan.web import create_app

first = [str(uuid.uuid4())]
app = create_app({"DATABASE_URL": sys.argv[1], "DATA_DIR": sys.argv[2], "TESTING": True})
with app.app_context():
    now_us = lambda: time.time_ns() // 1000
    new_id = lambda: first.pop() if first else time.sleep(600)
    running.run(Context(acting("ada"), now_us(), new_id), sys.argv[3], now_us)
"""


def file_of(rows: int) -> str:
    lines = [f"K-{number:05d},Pump,Hall {number % 7}" for number in range(rows)]
    return "\n".join(["Tag,Name,Location", *lines])


def figures() -> tuple[int, int, int]:
    """Assets, their events, and chunks that were applied."""
    with reading() as connection:
        return tuple(  # type: ignore[return-value]
            connection.execute(query).scalar_one()
            for query in (
                select(func.count(Asset.id)),
                select(func.count(AssetEvent.seq)),
                select(func.count(Operation.id)).where(Operation.kind == "import"),
            )
        )


def test_a_killed_import_goes_on_exactly_once(app: Flask, shop: Shop, tmp_path: Path) -> None:
    ctx = importer(shop)
    job = check(ctx, file_of(ROWS))
    jobs.begin_run(ctx, job.id, only_good=False)
    url = app.config["STOCKSCAN"].database_url
    arguments = [sys.executable, "-c", RUN, url, str(tmp_path / "data"), job.id]
    process = subprocess.Popen(arguments, cwd=Path(__file__).parents[3])
    while process.poll() is None and jobs.job(ctx, job.id).done == 0:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    begun = jobs.job(ctx, job.id)
    assert 0 < begun.done < ROWS
    assert figures() == (begun.done, begun.done, begun.done // running.CHUNK)
    later = replace(ctx, now_us=now_us() + jobs.STILL_US + 1)
    assert jobs.job(later, job.id).is_still
    assert jobs.resume(later, job.id) == "running"
    running.run(ctx, job.id, now_us)
    running.run(ctx, job.id, now_us)
    done = jobs.job(ctx, job.id)
    assert (done.state, counts(done.tally)) == ("done", (ROWS, 0, 0, 0))
    assert figures() == (ROWS, ROWS, -(-ROWS // running.CHUNK))


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_a_cancelled_import_keeps_what_is_in_and_adds_nothing(shop: Shop) -> None:
    ctx = importer(shop)
    job = check(ctx, file_of(3000))
    jobs.begin_run(ctx, job.id, only_good=False)
    jobs.cancel(ctx, job.id)
    running.run(ctx, job.id, now_us)
    assert jobs.job(ctx, job.id).state == "cancelled"
    assert figures() == (0, 0, 0)


@on_sqlite
def test_what_changed_since_the_check_stops_a_small_import_whole(shop: Shop) -> None:
    ctx = importer(shop)
    part = shop.part(part_number="P-1")
    shelf, _ = shop.bin("Shelf"), part
    job = check(ctx, "Part,Bin,Quantity\nP-1,Shelf,5\n")
    shop.ok("receive", part=part, location=shelf, quantity="3")
    jobs.begin_run(ctx, job.id, only_good=False)
    running.run(ctx, job.id, now_us)
    stopped = jobs.job(ctx, job.id)
    assert stopped.state == "failed"
    assert "Check it again" in stopped.tally.trouble
    assert shop.on_hand(part, shelf) == 3


@on_sqlite
def test_only_those_who_may_import(shop: Shop) -> None:
    for player in (shop.cast.viewer, shop.cast.technician, shop.cast.storekeeper):
        with pytest.raises(NotAllowed):
            jobs.upload(shop.context(player), "a.csv", b"Tag,Name\nA,B\n")
    with pytest.raises(NotAllowed):
        jobs.upload(
            shop.context(shop.cast.supervisor), "a.csv", b"Name,E-mail\nA,b@c.de\n", "person"
        )
    job = bring(importer(shop), b"Tag,Name\nA,B\n")
    with pytest.raises(Conflict):
        jobs.begin_run(importer(shop), job.id, only_good=False)
