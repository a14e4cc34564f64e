"""The floors that everything is measured against: bare Flask routes and bare driver loops."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from flask import Flask, session

from bench.house import new_id

BATCHES, CALLS = 9, 60
RAW_S = 2.0

_RAW_TABLES = (
    "CREATE TABLE raw_operation (id TEXT PRIMARY KEY, result TEXT)",
    "CREATE TABLE raw_balance (part BIGINT PRIMARY KEY, quantity BIGINT)",
    "CREATE TABLE raw_movement (seq {serial}, part BIGINT, quantity BIGINT, value BIGINT, at INT)",
    "CREATE TABLE raw_history (seq {serial}, asset BIGINT, movement BIGINT, at BIGINT)",
    "CREATE TABLE raw_row (seq {serial}, at BIGINT)",
    "INSERT INTO raw_balance VALUES (1, 1000000000)",
)
# What an install cannot do without: the id, the stock, the ledger, the machine's history.
_INSTALL = (
    "INSERT INTO raw_operation VALUES ({p}, '{{}}')",
    "UPDATE raw_balance SET quantity = quantity - 1000 WHERE part = 1 RETURNING quantity",
    "INSERT INTO raw_movement (part, quantity, value, at) VALUES (1, -1000, 1, 1)",
    "INSERT INTO raw_history (asset, movement, at) VALUES (1, 1, 1)",
)
_ONE_ROW = "INSERT INTO raw_row (at) VALUES (1)"


def cpu_s(action: Callable[[], object]) -> float:
    """The median processor time of one call, in seconds, once everything is warm."""
    batches = []
    for _ in range(BATCHES + 1):
        start = time.process_time()
        for _ in range(CALLS):
            action()
        batches.append((time.process_time() - start) / CALLS)
    return median(batches[1:])


def p0_s() -> float:
    """A plain Flask route."""
    app = Flask("p0")
    app.add_url_rule("/", "hello", lambda: "hello")
    return cpu_s(caller(app, environ("/")))


def p1_s() -> float:
    """A Flask route that does nothing but verify a signed session cookie."""
    app = Flask("p1")
    app.secret_key = "bench"  # noqa: S105 - signs nothing but this measurement
    app.add_url_rule("/", "who", lambda: str(session["person"]))
    client = app.test_client()
    with client.session_transaction() as signed_in:
        signed_in["person"] = 1
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cpu_s(caller(app, environ("/", HTTP_COOKIE=f"session={cookie.value}")))


def environ(path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    """A WSGI request as a server hands it over."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False, **more,
    }  # fmt: skip


def caller(app: Any, request: dict[str, Any]) -> Callable[[], bytes]:
    """A call of the application with a copy of the request; ends the bench unless it is a 2xx."""

    def start(status: str, _headers: object, _info: object = None) -> None:
        assert status.startswith("2"), status

    def call() -> bytes:
        body = app(dict(request), start)
        text = b"".join(body)
        body.close()
        return text

    return call


def raw_rates(database_url: str, folder: Path) -> tuple[float, float]:
    """(installs, one-row commits) a second of one writer in a bare driver loop."""
    if database_url.startswith("sqlite"):
        connection: Any = sqlite3.connect(folder / "raw.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        serial, mark, begin = "INTEGER PRIMARY KEY", "?", "BEGIN IMMEDIATE"
    else:
        connection = psycopg.connect(database_url, autocommit=True)
        serial, mark, begin = "BIGSERIAL PRIMARY KEY", "%s", "BEGIN"
    for statement in _RAW_TABLES:
        connection.execute(statement.format(serial=serial))
    steps = [step.format(p=mark) for step in _INSTALL]

    def install() -> None:
        values = (new_id(),)
        connection.execute(begin)
        for step in steps:
            connection.execute(step, values if mark in step else ())
        connection.execute("COMMIT")

    rates = _rate(install), _rate(lambda: connection.execute(_ONE_ROW))
    connection.close()
    return rates


def _rate(action: Callable[[], object]) -> float:
    done, end = 0, time.monotonic() + RAW_S
    while time.monotonic() < end:
        action()
        done += 1
    return done / RAW_S
