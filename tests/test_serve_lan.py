"""`stockscan serve --lan`: gunicorn with two doors, seen by clients that verify what they get."""

import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from cryptography.hazmat.primitives.serialization import Encoding

from stockscan.services.certificates import Authority
from stockscan.services.certificates.issuing import fingerprint
from stockscan.web.lan import terminal_qr
from tests.lan import NAME, Doors, running_doors


@pytest.fixture(scope="module")
def doors(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """One server for all tests of this file: one worker with two threads."""
    with running_doors(sqlite_template, tmp_path_factory.mktemp("lan") / "data") as doors:
        yield doors


def trusting(doors: Doors) -> ssl.SSLContext:
    """A client that trusts the server's root and nothing else."""
    return ssl.create_default_context(cadata=doors.root_pem)


def secure(doors: Doors, host: str = "127.0.0.1") -> HTTPSConnection:
    return HTTPSConnection(host, doors.https_port, timeout=20, context=trusting(doors))


def test_both_doors_answer(doors: Doors) -> None:
    for connection in (HTTPConnection("127.0.0.1", doors.http_port), secure(doors)):
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()


def test_the_application_knows_which_door_it_was(doors: Doors) -> None:
    cookies = {}
    for connection in (HTTPConnection("127.0.0.1", doors.http_port), secure(doors)):
        connection.request("GET", "/setup")
        cookies[type(connection)] = str(connection.getresponse().headers["Set-Cookie"])
        connection.close()
    assert "__Host-stockscan" in cookies[HTTPSConnection]
    assert "Secure" in cookies[HTTPSConnection]
    assert "__Host-" not in cookies[HTTPConnection]


def test_a_client_that_does_not_trust_the_root_is_left_alone(doors: Doors) -> None:
    stranger = HTTPSConnection("127.0.0.1", doors.https_port, timeout=20)
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/healthz")
    test_both_doors_answer(doors)


def test_connections_in_reserve_hold_no_thread(doors: Doors) -> None:
    idle = [socket.create_connection(("127.0.0.1", doors.https_port), 20) for _ in range(6)]
    greeted = [trusting(doors).wrap_socket(one, server_hostname="127.0.0.1") for one in idle]
    test_both_doors_answer(doors)
    greeted[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert greeted[0].recv(12) == b"HTTP/1.1 200"
    for one in greeted:
        one.close()


def test_the_wrong_language_at_a_door_harms_nobody(doors: Doors) -> None:
    with socket.create_connection(("127.0.0.1", doors.https_port), 20) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.recv(100)
    test_both_doors_answer(doors)


def test_the_console_leads_a_phone_to_the_trust_page(doors: Doors) -> None:
    first = doors.said.index(f"http://127.0.0.1:{doors.http_port}")
    digits = fingerprint(doors.root)
    for line in (digits[:47], digits[48:]):
        assert doors.said.index(line) > first
    shown = re.search(r"open (http://\S+/trust)", doors.said)
    if shown:  # without a network there is nowhere to lead to, and that is what it says
        assert terminal_qr(shown[1]) in doors.said
    else:
        assert "No network" in doors.said


def test_the_code_on_the_console_can_be_scanned() -> None:
    text = terminal_qr("http://192.168.1.20:8000/trust")
    halves = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    lines = [[halves[sign] for sign in line.replace("\xa0", " ")] for line in text.splitlines()]
    width = max(map(len, lines))
    rows = [
        [cell[half] for cell in line] + [0] * (width - len(line))
        for line in lines
        for half in (0, 1)
    ]
    picture = np.kron(np.array(rows, dtype=np.uint8) * 255, np.ones((6, 6), dtype=np.uint8))
    (code,) = zxingcpp.read_barcodes(np.pad(picture, 24, constant_values=255))
    assert code.text == "http://192.168.1.20:8000/trust"


def test_a_taken_port_stops_the_start_with_a_sentence(doors: Doors, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "stockscan.cli", "serve", "--lan", "--port", "1999"]
    command += ["--https-port", str(doors.https_port)]
    done = subprocess.run(
        command, env={"STOCKSCAN_DATA_DIR": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"port {doors.https_port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_own_certificate_and_an_end_by_signal(sqlite_template: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "own")
    own = authority.fresh_leaf(datetime.now(UTC), {NAME, "127.0.0.1"})
    more = ("--certificate", str(own), "--key", str(own))
    with running_doors(sqlite_template, tmp_path / "data", *more) as doors:
        assert not (doors.data_dir / "certificates").exists()
        assert f"https://{NAME}" in doors.said or "https://127.0.0.1" in doors.said
        root = authority.root()
        assert root
        trusting = ssl.create_default_context(cadata=root.public_bytes(Encoding.PEM).decode())
        connection = HTTPSConnection("127.0.0.1", doors.https_port, timeout=20, context=trusting)
        connection.request("GET", "/trust")
        assert b"Nothing to install" in connection.getresponse().read()
        connection.close()
    assert doors.process.returncode == 0
    for port in (doors.http_port, doors.https_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 20)
