"""The nightly work: once a day whoever begins it, gone on with after a crash, never stopped short
by one step."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask

from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import to_us
from stockscan.services import nightly, settings
from stockscan.services.nightly import Night, Plan, Step, run
from stockscan.services.work import Context, reading
from stockscan.store.nightly import run_of
from tests.browser.outbox import wait_until
from tests.cast import Cast, context, hire
from tests.nightly_runners import RUNNERS, plan

HOUR_US = 3_600_000_000
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def night(later_us: int = 0) -> Night:
    """A night by the real clock, or later."""
    now = context().now_us
    return Night(lambda: context(now_us=now + later_us), None, "")


def at(cast: Cast, hour_us: int) -> Context:
    """A context on some day at that time, by the server's clock."""
    midnight = datetime(2026, 3, 7).astimezone()
    return context(cast.admin, to_us(midnight) + hour_us)


def test_of_several_at_once_one_works_and_another_goes_on_when_it_is_killed(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "hang").touch()
    steps, refused = tmp_path / "steps.txt", tmp_path / "refused.txt"
    command = [sys.executable, "-m", "tests.nightly_runners", database_url, str(tmp_path)]
    runners = subprocess.Popen([*command, str(HOUR_US)], start_new_session=True)
    try:
        wait_until(lambda: steps.exists() and "two" in steps.read_text(), "one of them works")
        wait_until(
            lambda: refused.exists() and len(refused.read_text().split()) == RUNNERS - 1,
            "the others are refused",
        )
    finally:
        os.killpg(runners.pid, signal.SIGKILL)
        runners.wait(30)
    (tmp_path / "hang").unlink()
    work = plan(tmp_path, HOUR_US)
    with app.app_context():
        assert run(night(), plan=work) is None, "the dead one's lease still holds"
        assert steps.read_text().split() == ["one", "two"]
        done = run(night(later_us=HOUR_US), plan=work)
        assert done is not None
        assert steps.read_text().split() == ["one", "two", "two", "three"]
        assert [each["did"] for each in done.report.values()] == [1, 2, 1]
        assert run(night(later_us=2 * HOUR_US), plan=work) is None, "it is done"
        assert run(night(later_us=2 * HOUR_US), plan=work, again=True) is not None


@on_sqlite
def test_a_step_that_fails_says_why_and_stops_no_other(app: Flask) -> None:
    def breaks(night: Night) -> NoReturn:
        raise RuleBroken("The supplier is asleep.")

    def crashes(night: Night) -> NoReturn:
        raise ZeroDivisionError("none left")

    work = Plan((Step("a", "A", breaks), Step("b", "B", crashes), Step("c", "C", lambda _: 7)))
    with app.app_context():
        done = run(night(), plan=work)
    assert done is not None
    assert done.failed
    said = [each.get("error", each.get("did")) for each in done.report.values()]
    assert said == ["The supplier is asleep.", "ZeroDivisionError: none left", 7]


@on_sqlite
def test_a_process_that_ends_leaves_the_rest_to_another(app: Flask) -> None:
    done_here: list[str] = []
    work = Plan(
        tuple(Step(name, name, lambda _, name=name: done_here.append(name) or 1) for name in "abc")
    )
    ending = replace(night(), stopping=lambda: len(done_here) == 2)
    with app.app_context():
        assert run(ending, plan=work) is None
        assert run(night(), plan=work) is not None
    assert done_here == ["a", "b", "c"]


@on_sqlite
def test_it_is_due_from_its_hour_on_until_it_is_done(app: Flask) -> None:
    with app.app_context():
        assert not nightly.is_due(context()), "nobody is here yet"
        cast = hire(app)
        settings.change(context(cast.admin), nightly_at="04:30")
        assert [nightly.is_due(at(cast, hours * HOUR_US)) for hours in (4, 5, 23)] == [
            False, True, True,
        ]  # fmt: skip
        later = at(cast, 5 * HOUR_US)
        assert run(Night(lambda: later, None, ""), plan=Plan(()))
        assert not nightly.is_due(at(cast, 6 * HOUR_US))
        assert nightly.is_due(at(cast, 29 * HOUR_US)), "the next day"


@on_sqlite
def test_all_steps_of_a_night_work_in_an_empty_company(app: Flask) -> None:
    with app.app_context():
        hire(app)
        done = run(night())
        assert done is not None
        assert not done.failed, done.report
        assert [*done.report] == [step.name for step in nightly.STEPS]
        with reading() as connection:
            assert run_of(connection, done.day) == done
