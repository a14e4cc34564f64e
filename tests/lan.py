"""`stockscan serve --lan` as a program of its own, by a name that no browser takes for itself."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stockscan.services.certificates import Authority

NAME = "stockscan.lan"  # tests let it lead to 127.0.0.1, so they need no network


@dataclass(frozen=True, slots=True)
class Doors:
    """The running server: its two ports, its data folder and what it said on the console."""

    http_port: int
    https_port: int
    data_dir: Path
    said: str
    process: subprocess.Popen[str]

    @property
    def http(self) -> str:
        """The plain address."""
        return f"http://{NAME}:{self.http_port}"

    @property
    def https(self) -> str:
        """The secure address."""
        return f"https://{NAME}:{self.https_port}"

    @property
    def root(self) -> x509.Certificate:
        """The root that phones are to trust."""
        root = Authority(self.data_dir / "certificates").root()
        assert root
        return root

    @property
    def root_pem(self) -> str:
        """The root as TLS clients take it."""
        return self.root.public_bytes(Encoding.PEM).decode()


@contextmanager
def running_doors(migrated: Path, data_dir: Path, *more: str) -> Iterator[Doors]:
    """The server on a copy of a migrated database, ready to answer; ended by SIGTERM."""
    data_dir.mkdir()
    shutil.copyfile(migrated, data_dir / "stockscan.db")
    ports = free_ports()
    command = [sys.executable, "-m", "stockscan.cli", "serve", "--lan", "--workers", "1"]
    command += ["--threads", "2", "--port", str(ports[0]), "--https-port", str(ports[1]), *more]
    names = f"localhost,127.0.0.1,{NAME}"
    settings = {"STOCKSCAN_DATA_DIR": str(data_dir), "STOCKSCAN_TRUSTED_HOSTS": names}
    log = data_dir / "console.txt"
    with log.open("w") as console:
        process = subprocess.Popen(
            command, env={**os.environ, **settings}, stdout=console, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
    try:
        wait_until_ready(ports[0], process, log)
        yield Doors(*ports, data_dir, log.read_text(encoding="utf-8"), process)
    finally:
        process.terminate()
        process.wait(30)


def free_ports() -> tuple[int, int]:
    """Two ports that nobody uses."""
    with socket.create_server(("", 0)) as first, socket.create_server(("", 0)) as second:
        return first.getsockname()[1], second.getsockname()[1]


def wait_until_ready(port: int, process: subprocess.Popen[str], log: Path) -> None:
    """Wait for an answer; a server that ended fails the test with what it said."""
    deadline = time.monotonic() + 60
    while not is_ready(port):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.1)


def is_ready(port: int) -> bool:
    """Whether a plain server there says that it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:  # nobody is there yet, or takes too long
        return False
    finally:
        connection.close()
