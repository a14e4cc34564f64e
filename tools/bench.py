"""Measures the processor time of a scan and of an install, told as ratios.

Seconds differ from machine to machine, ratios hardly: one P1 is what a Flask route takes that does
nothing but verify a signed session cookie, measured in the same run. Databases start empty, so the
figures are those of a small house; the client's own time, inside the process, is part of each.
"""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient

from stockscan.store.db import dispose
from stockscan.web import create_app
from tests.postgres import running_server

BATCHES, CALLS = 9, 40


def main() -> None:
    """Print one line per database and action."""
    p1_s = cpu_s(bare_signed_in_request())
    print(f"P1, a bare signed-in request: {p1_s * 1e6:.0f} us of processor time")
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        server.create("bench")
        bench("sqlite", f"sqlite:///{folder}/bench.db", Path(folder), p1_s)
        bench("postgresql", server.url("bench"), Path(folder), p1_s)


def bench(kind: str, database_url: str, data_dir: Path, p1_s: float) -> None:
    """Measure on one database, with a token of its own."""
    settings = {"DATABASE_URL": database_url, "DATA_DIR": str(data_dir)}
    token = made_token(settings)
    app = create_app(settings)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    asset, part = made_things(client)

    def resolve() -> None:
        succeed(client.get(f"/api/v1/resolve?code={part}"))

    def install() -> None:
        operation = {"kind": "install", "asset": asset, "part": part, "quantity": "1"}
        applied(client, operation)

    for what, action in (("resolve a code", resolve), ("install a part", install)):
        print(f"{kind:<10}  {what}: {cpu_s(action) / p1_s:5.1f} x P1")
    dispose(app)


def cpu_s(action: Callable[[], object]) -> float:
    """The median processor time of one call, in seconds, once everything is warm."""
    batches = []
    for _ in range(BATCHES + 1):
        start = time.process_time()
        for _ in range(CALLS):
            action()
        batches.append((time.process_time() - start) / CALLS)
    return median(batches[1:])


def bare_signed_in_request() -> Callable[[], object]:
    """The unit of all ratios."""
    app = Flask("bare")
    app.secret_key = "bench"  # noqa: S105 - signs nothing but this measurement
    app.add_url_rule("/", "who", lambda: str(session["person"]))
    client = app.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    return lambda: client.get("/")


def made_token(settings: dict[str, str]) -> str:
    """Create the database and an administrator with the command line; return their API token."""
    environment = {**os.environ, **{f"STOCKSCAN_{key}": value for key, value in settings.items()}}

    def stockscan(*arguments: str, typed: str = "") -> str:
        command = [sys.executable, "-m", "stockscan.cli", *arguments]
        return subprocess.check_output(command, env=environment, input=typed, text=True)

    stockscan("init")
    stockscan("user", "add", "Bench", "--role", "admin", "--password-stdin", typed=uuid.uuid4().hex)
    return stockscan("token", "add", "Bench").splitlines()[-1]


def made_things(client: FlaskClient) -> tuple[str, str]:
    """The codes of an asset and of a part that is in stock."""

    def create(what: str, **fields: str) -> str:
        body = {"id": str(uuid.uuid4()), **fields}
        return str(succeed(client.post(f"/api/v1/{what}", json=body))["code"])

    site = create("locations", name="Site", kind="site")
    shelf = create("locations", name="Bin", kind="bin", parent=site)
    part = create("parts", name="Filter", part_number="F-1", location=shelf)
    asset = create("assets", name="Pump")
    applied(client, {"kind": "receive", "part": part, "location": shelf, "quantity": "1000000"})
    return asset, part


def applied(client: FlaskClient, operation: dict[str, str]) -> None:
    """Apply one operation or end the bench."""
    operations = [{"id": str(uuid.uuid4()), **operation}]
    answer = succeed(client.post("/api/v1/operations", json={"operations": operations}))
    if answer["results"][0]["status"] != "applied":
        sys.exit(f"not applied: {answer}")


def succeed(response: Any) -> Any:
    """The JSON of an answer that went well; anything else ends the bench."""
    if response.status_code >= 400:
        sys.exit(f"{response.request.path} answers {response.status}: {response.text}")
    return response.get_json()


if __name__ == "__main__":
    main()
