"""`stockscan serve`: gunicorn in the settings that we recommend, with doors for phones."""

import os
import socket
import sqlite3
import sys
from pathlib import Path

import click

from stockscan.cli.installation import installation
from stockscan.cli.looking_after import fill
from stockscan.services import setup
from stockscan.web import config
from stockscan.web.lan import Lan, in_address

EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# In these versions a crash at the wrong moment of a WAL reset can damage the database.
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))


@click.command()
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
    with installation(new=with_demo, blank=True) as app:
        settings = app.config["STOCKSCAN"]
        invitation = lan.invitation(settings.named_hosts) if lan else ""
        if with_demo:
            fill(settings)
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


def _warn_of_wal_bug() -> None:
    if WAL_RESET_BUG[0] <= sqlite3.sqlite_version_info <= WAL_RESET_BUG[1]:
        text = f"Warning: SQLite {sqlite3.sqlite_version} has the WAL-reset bug (3.7.0 to 3.51.2)"
        click.echo(f"{text}; a newer SQLite, or PostgreSQL, is safer.", err=True)
