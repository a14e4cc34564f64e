"""Fixtures of every test: a fresh, migrated database of each kind, and the app and client on it.

The application is imported where it is asked for, so that tests of the ground floor start at once.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from tests.labelling import judges
from tests.postgres import Server, running_server
from tests.reuse import Reused

if TYPE_CHECKING:
    from tests.apps import Kept
    from tests.cast import Cast
    from tests.shop import Shop

# A developer's own settings must not reach the tests, nor the tests the developer's own data.
for name in [name for name in os.environ if name.startswith("STOCKSCAN_")]:
    if name != "STOCKSCAN_CHROMIUM":
        del os.environ[name]

# Found values are judged, not how long a loaded machine takes for them.
settings.register_profile("stockscan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stockscan")

TEMPLATE = "template_migrated"
collect_ignore_glob = [] if judges.are_here() else ["*_judged.py"]
_numbers = count(1)


def pytest_collection_finish() -> None:
    """What is loaded by now stays loaded: garbage is looked for only in what tests make."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let go of everything before the end, where some libraries complain of what is left."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The PostgreSQL server of this run."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    from stockscan.store.db import migrate

    postgresql_server.create(TEMPLATE)
    migrate(postgresql_server.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def reused(postgresql_server: Server, postgresql_template: str) -> Iterator[Reused]:
    """The migrated PostgreSQL database of all tests of this process, one after another."""
    reused = Reused(postgresql_server, postgresql_template)
    yield reused
    reused.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    from stockscan.store.db import migrate

    path = tmp_path_factory.mktemp("template") / "stockscan.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def reused_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file of all tests of this process lies, one after another."""
    return tmp_path_factory.mktemp("reused") / "stockscan.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database without data; the test runs once on each kind."""
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("reused_path")
        for left in path.parent.iterdir():
            left.unlink()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    reused: Reused = request.getfixturevalue("reused")
    yield reused.url
    reused.renew()


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'unmigrated.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"unmigrated_{next(_numbers)}"
    server.create(name)
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> "Kept":
    """The applications of this process."""
    from tests.apps import Kept

    return Kept(tmp_path_factory.mktemp("data"))


@pytest.fixture
def app(database_url: str, kept: "Kept") -> Iterator[Flask]:
    """The application on an empty database; labels point to http://stock.test."""
    yield kept.lend(database_url)
    kept.take_back(database_url)


@pytest.fixture
def cast(app: Flask) -> "Cast":
    """One person of each role, hired."""
    from tests.cast import hire

    return hire(app)


@pytest.fixture
def shop(app: Flask, cast: "Cast") -> Iterator["Shop"]:
    """A workshop whose books are proved at the end of every test."""
    from stockscan.services import checking
    from tests.shop import Shop

    with app.app_context():
        shop = Shop(cast)
        yield shop
        assert checking.check(shop.context()) == []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody has signed in on."""
    return app.test_client()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of the browser that the tests drive where they need windows and permissions."""
    from tools.obtain_browser import find_browser

    browser = find_browser()
    assert browser is not None, "no browser: `make test` obtains one, or set STOCKSCAN_CHROMIUM"
    return browser


@pytest.fixture(scope="session")
def shell_path(request: pytest.FixtureRequest) -> str:
    """The path of the browser for all other pages: the headless shell where there is one."""
    from tools.obtain_browser import find_shell

    return find_shell() or str(request.getfixturevalue("chromium_path"))


def pytest_report_header() -> str | None:
    """What is left out, said once."""
    if judges.are_here():
        return None
    return "NOT RUN: *_judged.py, since ZBar and the renderer of ZPL need Node.js and `npm ci`"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with what takes long, so that at the end no worker is alone with it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many random histories the ledger's machine plays."""
    parser.addoption("--histories", default="4", help="random ledger histories to play")
