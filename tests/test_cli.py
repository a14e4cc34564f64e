"""The command line: a new installation, its people, its tokens, and the server."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stockscan.cli import main
from stockscan.services import nightly
from stockscan.services.settings import change
from stockscan.store.db import dispose
from tests.apps import make_app
from tests.browser.outbox import wait_until
from tests.cast import context


@pytest.fixture
def never_started(tmp_path: Path, unmigrated_url: str) -> dict[str, str]:
    """The settings of an installation that was never started."""
    return settings(tmp_path, unmigrated_url)


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The settings of an installation whose database has its tables, which take long to make."""
    return settings(tmp_path, database_url)


def settings(folder: Path, database_url: str) -> dict[str, str]:
    return {"STOCKSCAN_DATA_DIR": str(folder / "data"), "STOCKSCAN_DATABASE_URL": database_url}


def run(environment: dict[str, str], *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, env=environment, input=typed)


def test_init_makes_one_admin_with_a_password_of_their_own(never_started: dict[str, str]) -> None:
    first, again = run(never_started, "init"), run(never_started, "init")
    assert first.exit_code == again.exit_code == 0
    assert re.search(r"sign in as admin with the password \S{12,}", first.output)
    assert "password" not in again.output


def test_init_without_an_admin(never_started: dict[str, str]) -> None:
    answer = run(never_started, "init", "--no-admin")
    assert "password" not in answer.output
    assert re.search(
        r"open /setup, and give the code \w{4}-\w{4}-\w{4}$", answer.output, re.MULTILINE
    )


def test_a_database_that_is_not_set_up_is_told(never_started: dict[str, str]) -> None:
    answer = run(never_started, "check")
    assert answer.exit_code == 1
    assert "stockscan init" in answer.output


def test_user_and_token(environment: dict[str, str]) -> None:
    run(environment, "init", "--no-admin")
    add = ("user", "add", "Dana", "--role", "technician", "--password-stdin")
    added = run(environment, *add, typed="a long password\n")
    assert added.output.strip() == "Dana signs in as dana, role technician."
    made = run(environment, "token", "add", "dana")
    assert made.exit_code == 0
    assert re.fullmatch(r"[\w-]{43}", made.output.splitlines()[-1])


def test_user_add_again_changes_role_and_password(environment: dict[str, str]) -> None:
    run(environment, "init")
    again = ("user", "add", "dana", "--role", "viewer", "--password-stdin")
    run(environment, "user", "add", "Dana", "--role", "technician", "--password-stdin",
        typed="a long password\n")  # fmt: skip
    changed = run(environment, *again, typed="another password\n")
    assert changed.output.strip() == "Dana signs in as dana, role viewer."


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["user", "add", "x", "--role", "viewer", "--password-stdin"], "short", "8 to 200"),
        (["user", "add", "admin", "--role", "viewer", "--password-stdin"], "x" * 9, "last admin"),
        (["token", "add", "nobody"], "", "Nobody signs in as"),
    ],
)
def test_what_can_not_be_is_one_sentence(
    environment: dict[str, str], arguments: list[str], typed: str, says: str
) -> None:
    run(environment, "init")
    answer = run(environment, *arguments, typed=typed)
    assert answer.exit_code == 1
    assert says in answer.output


def test_check_says_that_the_books_are_right(environment: dict[str, str]) -> None:
    run(environment, "init")
    answer = run(environment, "check")
    assert answer.exit_code == 0
    assert "right" in answer.output


def test_labels_are_written_to_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    address = {**environment, "STOCKSCAN_PUBLIC_URL": "http://stock.test"}
    run(address, "init")
    output = tmp_path / "labels.pdf"
    answer = run(address, "labels", "admin", "--stock", "avery-l7160", "-o", str(output))
    assert answer.exit_code == 0, answer.output
    assert output.read_bytes().startswith(b"%PDF")
    output = tmp_path / "labels.zpl"
    chosen = ["--all", "people", "--copies", "3", "--code128", "--without", "kind"]
    paper = ["--words", "Hall 1", "--stock", "zebra-2x1", "--format", "zpl", "-o", str(output)]
    answer = run(address, "labels", *chosen, *paper)
    assert answer.exit_code == 0, answer.output
    assert "3 labels in" in answer.output
    assert b"^PQ3" in output.read_bytes()
    answer = run(address, "labels", "--stock", "avery-l7160", "-o", str(output))
    assert answer.exit_code == 1
    assert "Choose at least one label" in answer.output


def test_export_writes_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "init")
    output = tmp_path / "all.zip"
    answer = run(environment, "export", "everything", "--out", str(output))
    assert answer.exit_code == 0, answer.output
    assert output.read_bytes().startswith(b"PK")
    assert [path.name for path in tmp_path.glob("all.zip*")] == ["all.zip"]


def test_a_wrong_setting_stops_the_start(tmp_path: Path) -> None:
    environment = {**os.environ, "STOCKSCAN_DATA_DIR": str(tmp_path)}
    environment["STOCKSCAN_PUBLIC_URL"] = "stock.test"
    done = subprocess.run(
        [sys.executable, "-m", "stockscan.cli", "init"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("STOCKSCAN_PUBLIC_URL must be like https://")
    assert "Traceback" not in done.stderr


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[str]:
    """The address of `stockscan serve`, running, on a day whose nightly work is still to do."""
    run(environment, "init")
    with beside(environment):
        change(context(), nightly_at="00:00")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "stockscan.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert f"http://127.0.0.1:{port}" in server.stdout.readline().decode()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(30)
    server.stdout.close()


def test_serve_answers_and_does_the_nights_work(served: str, environment: dict[str, str]) -> None:
    wait_until(lambda: answers(served), "the server answers")
    with beside(environment):
        wait_until(lambda: any(each.ended_us for each in nightly.runs(context())), "its night")
    assert "Today's work is done already" in run(environment, "nightly").output


@contextmanager
def beside(environment: dict[str, str]) -> Iterator[None]:
    """Within the same installation, for looking into it from here."""
    url, folder = environment["STOCKSCAN_DATABASE_URL"], Path(environment["STOCKSCAN_DATA_DIR"])
    app = make_app(url, folder)
    with app.app_context():
        yield
    dispose(app)


def answers(address: str) -> bool:
    """Whether a server there says that it is ready."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:  # nobody is there yet, or takes too long
        return False
    finally:
        connection.close()
