"""Settings of gunicorn: TLS at the https port for phones, and a clock for the nightly work."""

import ssl
from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from gunicorn.workers.gthread import _DEFER, DEFAULT_WORKER_DATA_TIMEOUT, ThreadWorker

from stockscan.web import scheduler
from stockscan.web.config import load
from stockscan.web.tls import Certificate


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker with threads that knows at which of its doors a connection came in."""

    @cached_property
    def _plain(self) -> Any:
        plain = copy(self.cfg)
        plain.settings = {**self.cfg.settings}
        for name in ("certfile", "keyfile"):
            plain.settings[name] = copy(self.cfg.settings[name])
            plain.settings[name].set(None)
        return plain

    def enqueue_req(self, conn: Any) -> None:
        """Take a connection on; what came in at a plain door is told that there is no TLS."""
        if _lan and conn.server[1] != _lan.https_port:
            conn.cfg = self._plain
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Answer a request, or greet a new connection at the https door.

        Browsers open some connections in reserve: greeted, these wait without holding a thread.
        """
        if conn.initialized or not conn.cfg.is_ssl:
            return super().handle(conn)
        if not conn.wait_for_data(DEFAULT_WORKER_DATA_TIMEOUT):
            return _DEFER
        try:
            conn.init()
        except OSError:  # no TLS, no trust in our certificate, or gone
            return False
        return super().handle(conn) if conn.sock.pending() else _DEFER


def ssl_context(_config: Any, _default: Any) -> ssl.SSLContext:
    """Gunicorn asks this for each new connection."""
    return _certificate.context()


def post_worker_init(worker: Any) -> None:
    """Gunicorn calls this in each worker, after the fork."""
    worker.clock = scheduler.start(worker.wsgi)


def worker_exit(_server: Any, worker: Any) -> None:
    """Gunicorn calls this in each worker that ends."""
    if getattr(worker, "clock", None):
        worker.clock.stop()


_settings = load()
_lan = _settings.lan

# An address of a list carries up to 500 ticked codes.
limit_request_line = 8190
worker_class = "stockscan.web.gunicorn_settings.Worker" if _lan else "gthread"
if _lan:
    _certificate = Certificate(_lan, _settings.named_hosts)
    # Gunicorn takes these two for the sign that there is TLS; ssl_context says what is in it.
    certfile, keyfile = map(str, _lan.server_files(datetime.now(UTC), _settings.named_hosts))
