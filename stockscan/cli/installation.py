"""The installation that a command works on: its application, its database, who acts and when."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from stockscan.domain.access import Actor
from stockscan.domain.errors import StockScanError
from stockscan.services import people
from stockscan.services.health import is_blank, readiness
from stockscan.services.work import Context
from stockscan.store.db import dispose, migrate
from stockscan.web import create_app


@contextmanager
def installation(*, new: bool = False, blank: bool = False) -> Iterator[Flask]:
    """The application in its context, on a database that is up to date.

    Brings the database up to date first when it may be `new`, and one without a single table when
    it may be `blank`; else says what to do and exits. What goes wrong inside is shown as one
    sentence.
    """
    app = create_app()
    try:
        if new or (blank and _is_blank(app)):
            _migrate(app)
        with app.app_context():
            _insist_on_readiness(app)
            yield app
    except StockScanError as error:
        raise click.ClickException(error.message) from error
    finally:
        dispose(app)


def context(actor: Actor | None = None) -> Context:
    """A context in which `actor` acts; the first admin when nobody is named."""
    return Context(actor or people.console_actor(), now_us(), lambda: str(uuid.uuid4()))


def now_us() -> int:
    """The time by this machine's clock."""
    return time.time_ns() // 1000


def shown_url(app: Flask) -> str:
    """The database's address without its password."""
    return make_url(app.config["STOCKSCAN"].database_url).render_as_string(hide_password=True)


def _is_blank(app: Flask) -> bool:
    with app.app_context():
        return is_blank()


def _migrate(app: Flask) -> None:
    try:
        migrate(app.config["STOCKSCAN"].database_url)
    except (DatabaseError, OSError) as error:
        raise click.ClickException(f"The database does not answer: {shown_url(app)}") from error
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error


def _insist_on_readiness(app: Flask) -> None:
    state = readiness()
    if not state["database"]:
        raise click.ClickException(f"The database does not answer: {shown_url(app)}")
    if not state["migrations"]:
        message = (
            "The database is not set up for this version. Run: stockscan init"
            " (it says so if the database was made by a newer StockScan)"
        )
        raise click.ClickException(message)
