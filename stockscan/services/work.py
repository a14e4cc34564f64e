"""The one place that commits: a context for each call and a unit of work around each write."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor
from stockscan.domain.errors import Conflict
from stockscan.domain.figures import day_of
from stockscan.store.counts import blindness
from stockscan.store.db import db, gate, reading

__all__ = ["Context", "reading", "retrying", "unit_of_work"]

T = TypeVar("T")

# Serialization failure and deadlock: PostgreSQL asks for the transaction to be run again.
_RETRY_STATES = frozenset({"40001", "40P01"})
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Context:
    """What a verb may not invent: who acts, what time it is (microseconds, UTC), a fresh id."""

    actor: Actor | None
    now_us: int
    new_id: Callable[[], str]

    @property
    def today(self) -> date:
        """The day it is where the server stands."""
        return day_of(self.now_us)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One write transaction: committed on a clean exit, rolled back on any exception.

    Raises `RuntimeError` when nested, because an inner commit would publish half of the outer.
    """
    session = db.session()
    if session.info.get("working"):
        raise RuntimeError("a unit of work is already open")
    session.rollback()
    with gate().passing():
        session.info["working"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["working"] = False
            blindness.forget()


def retrying(work: Callable[[], T]) -> T:
    """Run a whole unit of work again, a few times, when the database asks for it.

    Raises `Conflict` when it still collides after the last try.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            if not _wants_retry(error):
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise Conflict("Many people write at once just now. Send it again.")


def _wants_retry(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRY_STATES
