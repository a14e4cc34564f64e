"""The `stockscan` command: sets up, runs and looks after an installation on its own machine."""

import os
import secrets
import socket
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import click
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from stockscan import __version__
from stockscan.domain.access import Actor, Role
from stockscan.domain.errors import StockScanError
from stockscan.labelling.printing import Format
from stockscan.labelling.spec import Field, Look
from stockscan.services import access, checking, exporting, people, setup
from stockscan.services.health import is_blank, readiness
from stockscan.services.labels import AUTO_LAYOUT, USUAL_STOCK, Paper, Wanted
from stockscan.services.labels.choosing import LISTS, Listed
from stockscan.services.labels.console import print_file
from stockscan.services.work import Context
from stockscan.store.db import dispose, migrate
from stockscan.web import config, create_app
from stockscan.web.config import Config
from stockscan.web.label_files import setup_of
from stockscan.web.lan import Lan, in_address

FIRST_ADMIN = "admin"
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# In these versions a crash at the wrong moment of a WAL reset can damage the database.
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))


@click.group(help="StockScan: assets and spare parts joined at the moment of the scan.")
@click.version_option(__version__)
def main() -> None:
    """The group that the commands below belong to."""


@main.command()
@click.option("--no-admin", is_flag=True, help="Do not create a first admin.")
def init(no_admin: bool) -> None:  # noqa: FBT001 - click passes a flag by name
    """Create the database or bring it up to date; make a first admin where nobody is."""
    with _installation(new=True) as app:
        if not no_admin and not people.is_anyone_here():
            password = secrets.token_urlsafe(12)
            people.add_user(_context(), username=FIRST_ADMIN, role=Role.ADMIN, password=password)
            click.echo(f"First admin: sign in as {FIRST_ADMIN} with the password {password}")
            click.echo("It is shown only this once. Change it after signing in.")
        click.echo(f"The database is ready: {_shown_url(app)}")
        if code := setup.setup_code():
            click.echo(f"Nobody is here yet. Serve it, open /setup, and give the code {code}")


@main.command()
def demo() -> None:
    """Fill the database with a sample warehouse; again is harmless."""
    with _installation(new=True) as app:
        _fill(app.config["STOCKSCAN"])


@main.group()
def user() -> None:
    """The people who can sign in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, role: str, password_stdin: bool) -> None:  # noqa: FBT001 - click's way
    """Add someone who signs in as NAME, or give them a new role and password."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _installation():
        added = people.add_user(
            _context(), username=name, name=name, role=Role(role), password=password
        )
    click.echo(f"{added.name} signs in as {added.username}, role {added.role}.")


@main.group()
def token() -> None:
    """The tokens that programs use the API with."""


@token.command("add")
@click.argument("name")
@click.option("--for", "purpose", default="API", help="What the token is for.")
def token_add(name: str, purpose: str) -> None:
    """Make an API token that acts as the person who signs in as NAME."""
    with _installation():
        made = access.issue_token(_context(), name, purpose)
    click.echo(f"A token that acts as {name}. It is shown only this once:")
    click.echo(made)


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1; with --lan all]")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1))
@click.option("--lan", "for_phones", is_flag=True, help="Serve this network's phones with HTTPS.")
@click.option("--https-port", type=click.IntRange(1, 65535), help="[default: PORT + 443]")
@click.option("--certificate", type=FILE, help="Your own certificate and its chain, for --lan.")
@click.option("--key", type=FILE, help="The key of your own certificate.")
@click.option("--demo", "with_demo", is_flag=True, help="Begin with `stockscan demo`.")
def serve(  # noqa: PLR0913 - one for each option
    *,
    host: str | None,
    port: int,
    workers: int,
    threads: int,
    for_phones: bool,
    https_port: int | None,
    certificate: Path | None,
    key: Path | None,
    with_demo: bool,
) -> None:
    """Serve StockScan with gunicorn, in the settings that we recommend."""
    lan = None
    if for_phones:
        lan = _open_doors(port, https_port or port + 443, certificate, key, must=not with_demo)
    host = host or ("0.0.0.0" if lan else "127.0.0.1")  # noqa: S104 - that is what --lan asks for
    shown_host = "127.0.0.1" if host in EVERY_ADDRESS else in_address(host)
    if host not in EVERY_ADDRESS:
        os.environ.setdefault("STOCKSCAN_BIND_HOST", host)
        os.environ.setdefault("STOCKSCAN_PUBLIC_URL", f"http://{shown_host}:{port}")
    with _installation(new=with_demo, blank=True) as app:
        settings = app.config["STOCKSCAN"]
        invitation = lan.invitation(settings.named_hosts) if lan else ""
        if with_demo:
            _fill(settings)
        code = setup.setup_code()
    if settings.database_url.startswith("sqlite"):
        _warn_of_wal_bug()
    _insist_on_free_port(host, port)
    if not settings.public_url:
        click.echo("Set STOCKSCAN_PUBLIC_URL: no labels and no phones without it.", err=True)
    click.echo(f"StockScan answers at http://{shown_host}:{port}")
    if code:
        click.echo(f"Nobody is here yet. Set it up: http://{shown_host}:{port}/setup?code={code}")
    if invitation:
        click.echo(invitation)
    sys.stdout.flush()
    ports = [port, lan.https_port] if lan else [port]
    _become_gunicorn([f"{in_address(host)}:{port}" for port in ports], workers, threads)


@main.command()
@click.argument("codes", nargs=-1)
@click.option("--place", default="", help="A place and all that is in it.")
@click.option("--all", "listed", type=click.Choice(LISTS), help="All of a list.")
@click.option("--stock", required=True, help="The sheet or roll, such as avery-l7160.")
@click.option("--layout", default="standard", show_default=True, help="Or auto, by kind of thing.")
@click.option("--start", default=1, show_default=True, help="The first free label of the sheet.")
@click.option("--copies", default=1, show_default=True, type=click.IntRange(1), help="Of each.")
@click.option("--length-mm", default=0.0, help="Of one label, on an endless roll.")
@click.option("--code128", is_flag=True, default=None, help="Bars for old scanners too.")
@click.option("--without", multiple=True, type=click.Choice(get_args(Field)), help="Leave it out.")
@click.option("--words", default="", help="Words on every label.")
@click.option("--no-logo", is_flag=True, help="Leave the logo out.")
@click.option("--format", "form", default="pdf", type=click.Choice(["pdf", "zpl", "svg", "png"]))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def labels(
    *,
    codes: tuple[str, ...],
    place: str,
    listed: str | None,
    form: Format,
    output: Path,
    **how: Any,
) -> None:
    """Print the labels of the things behind CODES into a file, any number of them."""
    look = Look(frozenset(how["without"]), how["code128"], not how["no_logo"], how["words"])
    paper = Paper(how["stock"], how["layout"], how["start"], how["copies"], how["length_mm"], look)
    wanted = Wanted(codes, place, listed=Listed(listed) if listed else None)
    with _installation() as app:
        setup = setup_of(app.config["STOCKSCAN"])
        printed = print_file(_context(), setup, wanted, paper, form, output)
    for warning in printed.warnings:
        click.echo(warning, err=True)
    click.echo(f"{printed.total} labels in {output}.")


@main.command("export")
@click.argument("what", type=click.Choice([exporting.EVERYTHING, *exporting.LISTS]))
@click.option("--format", "form", default="csv", type=click.Choice(["csv", "xlsx", "json"]))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_(what: str, form: str, out: Path) -> None:
    """Write a list, or everything (as CSV: a zip), into a file."""
    unfinished = out.with_name(f"{out.name}.part")
    with _installation(), unfinished.open("wb") as file:
        file.writelines(exporting.export(_context(), what, form).chunks)
    unfinished.replace(out)
    click.echo(f"{what}: {out}, {out.stat().st_size} bytes.")


@main.command()
def check() -> None:
    """Prove that the books are right: exit 0, or 1 and what is wrong."""
    with _installation():
        found = checking.check(_context())
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    click.echo("The books are right.")


@main.command("import")
@click.argument("file", type=FILE)
@click.option("--kind", help="What is in it, such as asset or stock.  [default: by its headers]")
@click.option("--dry-run", is_flag=True, help="Check every row and import none.")
@click.option("--map", "maps", multiple=True, help='"Header=field"; an empty field leaves it out.')
@click.option("--only-good", is_flag=True, help="Import the good rows, leave the wrong ones out.")
@click.option("--as", "username", help="Who imports, by sign-in name.  [default: the first admin]")
def import_(
    *,
    file: Path,
    kind: str | None,
    dry_run: bool,
    maps: tuple[str, ...],
    only_good: bool,
    username: str | None,
) -> None:
    """Import a CSV or XLSX FILE: exit 0, 1 while rows are wrong, 2 if it can't be read.

    The wrong rows go to FILE-errors.csv beside it.
    """
    from stockscan.services.importing.console import Asked, acting, import_file

    with _installation():
        ctx = _context(acting(username) if username else None)
        asked = Asked(kind or "", maps, dry_run, only_good)
        came = import_file(ctx, file, _now_us, asked)
    for line in came.lines:
        click.echo(line)
    sys.exit(came.exit_code)


def _fill(settings: Config) -> None:
    """The sample, and how to sign in to it."""
    from stockscan.services.demo import fill

    made = fill(_context())
    if made.left_out:
        click.echo("This database holds a company of its own; the sample was left out.")
        return
    sheet = _sample_labels(settings)
    click.echo("The sample warehouse is in place.")
    if made.password_file:
        click.echo(f"Sign in as {', '.join(map(made.titled, made.sign_ins))}.")
        click.echo(made.password_file.read_text(encoding="ascii").splitlines()[0])
    if sheet:
        click.echo(f"Labels to scan, from the screen or on paper: {sheet}")


def _sample_labels(settings: Config) -> Path | None:
    """A sheet with some of the sample's labels; None while nobody has said the public address."""
    from stockscan.services.demo import LABELS

    sheet = settings.data_dir / "demo-labels.pdf"
    if settings.public_url and not sheet.exists():
        setup, paper = setup_of(settings), Paper(USUAL_STOCK, AUTO_LAYOUT)
        print_file(_context(), setup, Wanted(LABELS), paper, "pdf", sheet)
    return sheet if sheet.exists() else None


@contextmanager
def _installation(*, new: bool = False, blank: bool = False) -> Iterator[Flask]:
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


def _open_doors(
    port: int, https_port: int, certificate: Path | None, key: Path | None, *, must: bool
) -> Lan | None:
    """Tell this and the next process, by the environment, of the doors for phones.

    None, with the reason shown, where the https port is taken and they need not open.
    """
    try:
        _insist_on_free_port("0.0.0.0", https_port)  # noqa: S104 - tried, not served
    except click.ClickException as error:
        if must:
            raise
        click.echo(f"No HTTPS for phones: {error.message}", err=True)
        return None
    os.environ |= {"STOCKSCAN_HTTP_PORT": str(port), "STOCKSCAN_HTTPS_PORT": str(https_port)}
    for name, file in (("CERTIFICATE", certificate), ("CERTIFICATE_KEY", key)):
        if file:
            os.environ[f"STOCKSCAN_{name}"] = str(file.absolute())
    lan = config.load().lan
    assert lan
    if url := lan.url():
        os.environ.setdefault("STOCKSCAN_PUBLIC_URL", url)
    return lan


def _become_gunicorn(binds: list[str], workers: int, threads: int) -> None:
    """Leave this process to the server, so that signals reach it directly; does not return."""
    arguments = [
        sys.executable, "-m", "gunicorn", "stockscan.web:create_app()",
        "--config", "python:stockscan.web.gunicorn_settings",
        *(part for bind in binds for part in ("--bind", bind)),
        "--workers", str(workers), "--threads", str(threads), "--keep-alive", "30", "--preload",
        "--reuse-port", "--limit-request-line", "8190", "--no-control-socket",
        "--log-level", "warning",
    ]  # fmt: skip
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter, no shell


def _insist_on_free_port(host: str, port: int) -> None:
    """Our workers share their port, so a second server would silently take half of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"Can't listen on {host} port {port}: {error.strerror}. Choose another --port."
            )
            raise click.ClickException(message) from error


def _is_blank(app: Flask) -> bool:
    with app.app_context():
        return is_blank()


def _migrate(app: Flask) -> None:
    try:
        migrate(app.config["STOCKSCAN"].database_url)
    except (DatabaseError, OSError) as error:
        raise click.ClickException(f"The database does not answer: {_shown_url(app)}") from error
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error


def _insist_on_readiness(app: Flask) -> None:
    state = readiness()
    if not state["database"]:
        raise click.ClickException(f"The database does not answer: {_shown_url(app)}")
    if not state["migrations"]:
        message = (
            "The database is not set up for this version. Run: stockscan init"
            " (it says so if the database was made by a newer StockScan)"
        )
        raise click.ClickException(message)


def _context(actor: Actor | None = None) -> Context:
    return Context(actor or people.console_actor(), _now_us(), lambda: str(uuid.uuid4()))


def _now_us() -> int:
    return time.time_ns() // 1000


def _shown_url(app: Flask) -> str:
    return make_url(app.config["STOCKSCAN"].database_url).render_as_string(hide_password=True)


def _warn_of_wal_bug() -> None:
    if WAL_RESET_BUG[0] <= sqlite3.sqlite_version_info <= WAL_RESET_BUG[1]:
        text = f"Warning: SQLite {sqlite3.sqlite_version} has the WAL-reset bug (3.7.0 to 3.51.2)"
        click.echo(f"{text}; a newer SQLite, or PostgreSQL, is safer.", err=True)


if __name__ == "__main__":
    main()
