"""Several people at once: threads that start together, each with an application context."""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask

from stockscan.domain.access import Actor
from stockscan.services import operations
from stockscan.services.operations import Outcome
from stockscan.services.work import Context

T = TypeVar("T")


def at_once(app: Flask, jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run the jobs in a thread each, started together; their results, or the first error."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T:
        with app.app_context():
            start.wait(timeout=30)
            return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def say(actor: Actor, raw: dict[str, Any]) -> Outcome:
    """Apply an operation now, by the real clock."""
    return operations.apply(Context(actor, time.time_ns() // 1000, new_id), raw)


def say_all(actor: Actor, raws: Iterable[dict[str, Any]]) -> list[Outcome]:
    """Apply operations one after the other."""
    return [say(actor, raw) for raw in raws]


def operation(kind: str, **values: Any) -> dict[str, Any]:
    """An operation with an id of its own."""
    return {"id": new_id(), "kind": kind, **values}


def shuffled(items: Iterable[T], seed: int) -> list[T]:
    """The items in another order, the same one for the same seed."""
    mixed = list(items)
    random.Random(seed).shuffle(mixed)
    return mixed


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())
