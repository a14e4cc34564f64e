"""A house to measure in: a database, an administrator's token, some things, and its server."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_S = 30


@dataclass(frozen=True)
class House:
    """One database with its settings and the API token of its administrator."""

    kind: str
    settings: dict[str, str]
    token: str

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.settings["DATABASE_URL"]


class Client:
    """One connection, kept open, that speaks JSON with the server and counts server errors."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.server_errors = 0

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of the answer."""
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, path, sent, self._headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 500:
            self.server_errors += 1
            return {}
        if response.status >= 400:
            sys.exit(f"{method} {path} answers {response.status}: {text[:300]!r}")
        return json.loads(text)

    def apply(self, *raws: dict[str, Any]) -> list[dict[str, Any]]:
        """The results of some operations."""
        body = {"operations": list(raws)}
        results: list[dict[str, Any]] = self.ask("POST", "/api/v1/operations", body).get(
            "results", []
        )
        return results

    def make(self, what: str, **fields: str) -> str:
        """Make a thing; its code."""
        return str(self.ask("POST", f"/api/v1/{what}", {"id": new_id(), **fields})["code"])


def build(kind: str, database_url: str, folder: Path) -> House:
    """Create the database and its administrator with the command line."""
    data = folder / kind
    data.mkdir()
    settings = {"DATABASE_URL": database_url, "DATA_DIR": str(data)}
    _stockscan(settings, "init")
    add = ("user", "add", "Bench", "--role", "admin", "--password-stdin")
    _stockscan(settings, *add, typed=uuid.uuid4().hex)
    token = _stockscan(settings, "token", "add", "Bench").splitlines()[-1]
    return House(kind, settings, token)


@contextmanager
def served(house: House, *, workers: int = 2, threads: int = 4) -> Iterator[tuple[int, int]]:
    """The house behind gunicorn, as `stockscan serve` starts it: (port, process id)."""
    port = free_port()
    command = [sys.executable, "-m", "stockscan.cli", "serve", "--port", str(port),
               "--workers", str(workers), "--threads", str(threads)]  # fmt: skip
    process = subprocess.Popen(command, env=_environment(house.settings), stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def check(house: House) -> str:
    """What `stockscan check` says at the end."""
    return _stockscan(house.settings, "check").strip()


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + READY_S
    while time.monotonic() < give_up:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def _stockscan(settings: dict[str, str], *arguments: str, typed: str = "") -> str:
    command = [sys.executable, "-m", "stockscan.cli", *arguments]
    return subprocess.run(
        command, env=_environment(settings), input=typed, text=True, check=False,
        stdout=subprocess.PIPE,
    ).stdout  # fmt: skip


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **{f"STOCKSCAN_{name}": value for name, value in settings.items()}}
