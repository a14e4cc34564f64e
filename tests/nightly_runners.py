"""Three processes that begin the same night's work at the same moment, forked like web workers.

`python -m tests.nightly_runners DATABASE_URL DATA_DIR LEASE_US`: each step adds a line to steps.txt
in the data folder; the second one hangs while there is a file named hang.
"""

import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from flask import Flask

from stockscan.services.nightly import Night, Plan, Step, run
from stockscan.web.scheduler import night_of
from tests.apps import make_app

RUNNERS = 3


def plan(folder: Path, lease_us: int) -> Plan:
    """Three steps that can be seen from outside."""

    def note(name: str) -> int:
        with (folder / "steps.txt").open("a") as file:
            file.write(f"{name}\n")
        return 1

    def second(_night: Night) -> int:
        note("two")
        while (folder / "hang").exists():
            time.sleep(0.05)
        return 2

    return Plan(
        (
            Step("one", "One", lambda _: note("one")),
            Step("two", "Two", second),
            Step("three", "Three", lambda _: note("three")),
        ),
        lease_us,
    )


def _begin(app: Flask, work: Plan, folder: Path, all_there: Barrier) -> None:
    with app.app_context():
        all_there.wait()
        if run(night_of(app), plan=work) is None:
            with (folder / "refused.txt").open("a") as file:
                file.write("refused\n")


def _main(database_url: str, data_dir: str, lease_us: str) -> None:
    app, folder = make_app(database_url, Path(data_dir)), Path(data_dir)
    forking = multiprocessing.get_context("fork")
    all_there = forking.Barrier(RUNNERS)
    given = (app, plan(folder, int(lease_us)), folder, all_there)
    runners = [forking.Process(target=_begin, args=given) for _ in range(RUNNERS)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()


if __name__ == "__main__":
    _main(*sys.argv[1:])
