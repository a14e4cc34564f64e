"""The nightly work: its steps in order, once a day by one process, taken up again after a crash."""

import logging
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import StockScanError
from stockscan.domain.figures import from_us
from stockscan.services import people
from stockscan.services.counts import classify
from stockscan.services.digests import send_letters
from stockscan.services.digests.post import Mailbox
from stockscan.services.maintenance import make_jobs
from stockscan.services.purchasing import raise_ahead
from stockscan.services.reports.rolling import roll_up
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import nightly as store
from stockscan.store import settings
from stockscan.store.nightly import Lease, RunRow

# Longer than any step takes; a step that takes longer may be done by two, which harms nothing.
LEASE_US: Final = 15 * 60 * 1_000_000
SHOWN: Final = 14

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Night:
    """What the work is done with: a fresh context for each step, and where letters go.

    `address` is ours, for the links in letters. `stopping` is asked before each step: when this
    process is about to end, another goes on.
    """

    context: Callable[[], Context]
    mailbox: Mailbox | None
    address: str
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done twice it must change nothing the second time. It returns how much it did."""

    name: str
    title: str
    work: Callable[[Night], int]


STEPS: Final = (
    Step("usage", "Movements summed by month", lambda night: roll_up(night.context())),
    Step("classes", "Parts in another class", lambda night: classify(night.context())),
    Step("jobs", "Jobs made ahead", lambda night: make_jobs(night.context())),
    Step("requisitions", "Parts asked for ahead", lambda night: raise_ahead(night.context()).lines),
    Step(
        "letters",
        "Digests sent",
        lambda night: send_letters(night.context(), night.mailbox, night.address),
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which steps, and for how long each of them is held for its runner."""

    steps: tuple[Step, ...] = STEPS
    lease_us: int = LEASE_US


def is_due(ctx: Context) -> bool:
    """Whether today's work is to be begun, or gone on with, and somebody is there to work for."""
    with reading() as connection:
        begins_at = settings.load(connection).nightly_at
        run = store.run_of(connection, ctx.today)
    if f"{from_us(ctx.now_us).astimezone():%H:%M}" < begins_at:
        return False
    is_free = run is None or (run.ended_us is None and run.lease_until_us <= ctx.now_us)
    return is_free and people.is_anyone_here()


def run(night: Night, *, again: bool = False, plan: Plan | None = None) -> RunRow | None:
    """Do today's work, or what another left of it; `again` even when it is done.

    None where another process is at it, or it is done, or this process must end. A step that
    fails is written down with its reason, and the others are done all the same.
    """
    ctx = night.context()
    holder = f"{platform.node()}:{os.getpid()}:{ctx.new_id()}"
    work = _Work(night, plan or Plan(), ctx.today, holder)
    return work.carry_out() if work.begin(again=again) else None


def runs(ctx: Context) -> list[RunRow]:
    """The work of the last days, newest first."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    with reading() as connection:
        return store.last_runs(connection, SHOWN)


@dataclass
class _Work:
    """The work of one day while this process holds it."""

    night: Night
    plan: Plan
    day: date
    holder: str
    report: dict[str, dict[str, Any]] = field(default_factory=dict)

    def begin(self, *, again: bool) -> bool:
        """Take the day's work; False where there is nothing to take."""
        now_us = self.night.context().now_us
        taken = self._write(lambda session: store.take(session, self._lease(), now_us, again=again))
        if taken is None:
            return False
        self.report = dict(taken.report)
        return True

    def carry_out(self) -> RunRow | None:
        """Do what is not done yet; None where another is to go on, or went on."""
        for step in self.plan.steps:
            if step.name in self.report:
                continue
            if self.night.stopping():
                self._write(lambda session: store.give_back(session, self._lease()))
                return None
            self.report[step.name] = self._do(step)
            if not self._write(lambda session: store.keep(session, self._lease(), self.report)):
                return None
        now_us = self.night.context().now_us
        if not self._write(lambda session: store.end(session, self._lease(), now_us)):
            return None
        with reading() as connection:
            return store.run_of(connection, self.day)

    def _do(self, step: Step) -> dict[str, Any]:
        begun_us = self.night.context().now_us
        try:
            did: dict[str, Any] = {"did": step.work(self.night)}
        except StockScanError as error:
            did = {"error": error.message}
        except Exception as error:  # noqa: BLE001 - one step's defect must not cost the others
            _log.exception("The nightly step %s failed", step.name)
            did = {"error": f"{type(error).__name__}: {error}"}
        return {**did, "ms": (self.night.context().now_us - begun_us) // 1000}

    def _lease(self) -> Lease:
        return Lease(self.day, self.holder, self.night.context().now_us + self.plan.lease_us)

    @staticmethod
    def _write(write: Callable[[Any], Any]) -> Any:
        def work() -> Any:
            with unit_of_work() as session:
                return write(session)

        return retrying(work)
