"""In every worker a clock that asks each minute whether the nightly work is due; the lease in the
database lets one of them do it.

It is started after the fork: threads do not survive one.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from stockscan.services import nightly, people
from stockscan.services.nightly import Night
from stockscan.services.work import Context
from stockscan.web.background import now_us

EVERY_S: Final = 60
# So that the workers, which start together, do not all ask at once.
SPREAD_S: Final = 20


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock; `stop` it before its process ends."""

    scheduler: BackgroundScheduler
    stopping: Event

    def stop(self) -> None:
        """Ask no more; work that is under way ends after its step, and another process goes on."""
        self.stopping.set()
        self.scheduler.shutdown(wait=False)


def start(app: Flask) -> Clock | None:
    """Start this process's clock, which asks at once; None where the settings say so."""
    if not app.config["STOCKSCAN"].nightly:
        return None
    # A night that takes longer than a minute is no reason for a warning a minute.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    clock = Clock(BackgroundScheduler(timezone=UTC), Event())
    clock.scheduler.add_job(
        work_if_due, "interval", [app, clock.stopping], seconds=EVERY_S, jitter=SPREAD_S,
        next_run_time=datetime.now(UTC), max_instances=1, coalesce=True, misfire_grace_time=None,
    )  # fmt: skip
    clock.scheduler.start()
    return clock


def work_if_due(app: Flask, stopping: Event) -> None:
    """Do today's work if it is time and nobody else does."""
    with app.app_context():
        if nightly.is_due(_context()):
            nightly.run(night_of(app, stopping))


def night_of(app: Flask, stopping: Event | None = None) -> Night:
    """A night by this machine's clock, in the name of the first admin."""
    settings = app.config["STOCKSCAN"]
    is_stopping = (stopping or Event()).is_set
    return Night(_context, settings.mailbox, settings.public_url, is_stopping)


def _context() -> Context:
    return Context(people.console_actor(), now_us(), lambda: str(uuid.uuid4()))
