"""Work that nobody waits for: a thread of the web worker, within the application's context."""

import time
from collections.abc import Callable
from threading import Thread

from flask import current_app


def begin(work: Callable[[], None]) -> None:
    """Let this run while the request is answered; what it came to, it keeps where pages look."""
    # The application itself, because the name behind the request ends with it.
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def in_its_own_context() -> None:
        with app.app_context():
            work()

    Thread(target=in_its_own_context, daemon=True).start()


def now_us() -> int:
    """The time by the server's clock, for work that outlives its request."""
    return time.time_ns() // 1000
