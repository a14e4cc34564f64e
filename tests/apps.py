"""The application as tests make it: the product's own, only quicker to start and to write."""

import shutil
from pathlib import Path
from typing import Any, Final

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from werkzeug.routing import Rule

from stockscan.store.db import db, dispose
from stockscan.web import create_app


class _Compiled(BytecodeCache):
    """What templates were compiled to, kept for the next application of this process.

    Jinja asks by the template's name and by a checksum of its source, so a changed one is compiled.
    """

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


class _KnownRule(Rule):
    """An address of the application, compiled once for all applications of this process."""

    _kept: Final[dict[tuple[str, str], Rule]] = {}

    def compile(self) -> None:
        known = self._kept.get((self.rule, self.endpoint))
        if known is None:
            super().compile()
            self._kept[self.rule, self.endpoint] = self
            return
        for name in ("_parts", "_trace", "_converters", "arguments"):
            setattr(self, name, getattr(known, name))
        for name in ("_build", "_build_unknown"):
            setattr(self, name, getattr(known, name).__func__.__get__(self))


Flask.url_rule_class = _KnownRule


def make_app(database_url: str, data_dir: Path, **settings: Any) -> Flask:
    """The application on this database; close it with `dispose`."""
    app = create_app({"DATABASE_URL": database_url, "DATA_DIR": str(data_dir), **settings})
    app.jinja_env.bytecode_cache = _COMPILED
    if database_url.startswith("sqlite"):
        with app.app_context():
            event.listen(db.engine, "connect", _wait_for_no_disk)
    return app


class Kept:
    """One application for all tests on a database of this process: what it compiled stays.

    A test that adds to the application itself makes one of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._apps: dict[str, Flask] = {}
        self._firsts: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def lend(self, database_url: str) -> Flask:
        """The application on this database, as new; labels point to http://stock.test."""
        if database_url not in self._apps:
            app = make_app(database_url, self._folder, PUBLIC_URL="http://stock.test", TESTING=True)
            self._apps[database_url] = app
            self._firsts[database_url] = dict(app.config), dict(app.view_functions)
        return self._apps[database_url]

    def take_back(self, database_url: str) -> None:
        """Close its connections and undo what the test changed about it."""
        app = self._apps[database_url]
        dispose(app)
        for left in self._folder.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left.name != "secret.key":
                left.unlink()
        for now, first in zip(
            (app.config, app.view_functions), self._firsts[database_url], strict=True
        ):
            now.clear()
            now.update(first)


def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    """No test cuts the power: what the operating system holds outlives every process."""
    connection.execute("PRAGMA synchronous = OFF")
