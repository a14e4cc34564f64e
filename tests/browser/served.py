"""The application as `stockscan serve` runs it, to be killed in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from stockscan.store.db import dispose
from tests.apps import make_app
from tests.browser.outbox import wait_until
from tests.lan import free_ports, is_ready


class Served:
    """gunicorn on a port of its own, and the same database for looking into it from here."""

    def __init__(self, database_url: str, data_dir: Path) -> None:
        self._port, _ = free_ports()
        self.url = f"http://127.0.0.1:{self._port}"
        self._settings = {
            "STOCKSCAN_DATABASE_URL": database_url,
            "STOCKSCAN_DATA_DIR": str(data_dir),
            "STOCKSCAN_PUBLIC_URL": self.url,
        }
        self.app = make_app(database_url, data_dir, PUBLIC_URL=self.url)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        dispose(self.app)

    def start(self) -> None:
        """Run it, on the same port each time."""
        command = [sys.executable, "-m", "stockscan.cli", "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **self._settings},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: is_ready(self._port), "the server answers")

    def kill(self) -> None:
        """End all of its processes as a power cut does (kill -9)."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
