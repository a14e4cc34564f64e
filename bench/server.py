"""The product behind gunicorn on the loopback: rate, waiting times and the server's own time."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench.house import Client, House, new_id, served

RUN_S = 4.0
TICKS_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What some clients got from the server."""

    per_s: float
    p50_ms: float
    p99_ms: float
    server_cpu_us: float
    errors: int


def measure(house: House) -> dict[str, Load]:
    """Ping, resolve and install, by one client and by eight."""
    with served(house) as (port, pid):
        maker = Client(port, house.token)
        shelf = maker.make("locations", name="Served bin", kind="bin")
        part = maker.make("parts", name="Served part", part_number="S-1", location=shelf)
        assets = [maker.make("assets", name=f"Served asset {n}") for n in range(8)]
        maker.apply({"id": new_id(), "kind": "receive", "part": part, "location": shelf,
                     "quantity": 1_000_000})  # fmt: skip

        def ping(client: Client, _: int) -> None:
            client.ask("GET", "/healthz")

        def resolve(client: Client, _: int) -> None:
            client.ask("GET", f"/api/v1/resolve?code={part}")

        def install(client: Client, number: int) -> None:
            results = client.apply({"id": new_id(), "kind": "install", "asset": assets[number],
                                    "part": part, "quantity": 1})  # fmt: skip
            assert all(result["status"] == "applied" for result in results), results

        work = {"ping": ping, "resolve": resolve, "install": install}
        return {
            f"{name} x {clients}": _load(port, pid, house, action, clients)
            for name, action in work.items() for clients in (1, 8)
        }  # fmt: skip


def _load(
    port: int, pid: int, house: House, action: Callable[[Client, int], None], clients: int
) -> Load:
    crowd = [Client(port, house.token) for _ in range(clients)]
    for number, client in enumerate(crowd):
        for _ in range(5):
            action(client, number)
    start = threading.Barrier(clients)

    def work(number: int) -> list[float]:
        waits, client = [], crowd[number]
        start.wait()
        end = time.monotonic() + RUN_S
        while (began := time.monotonic()) < end:
            action(client, number)
            waits.append(time.monotonic() - began)
        return waits

    before = cpu_s(pid)
    with ThreadPoolExecutor(clients) as pool:
        waits = [wait for found in pool.map(work, range(clients)) for wait in found]
    used = cpu_s(pid) - before
    cuts = quantiles(waits, n=100)
    errors = sum(client.server_errors for client in crowd)
    return Load(len(waits) / RUN_S, cuts[49] * 1e3, cuts[98] * 1e3, used / len(waits) * 1e6, errors)


def cpu_s(pid: int) -> float:
    """Processor time of the server's processes so far (Linux)."""
    family = [pid, *children(pid)]
    total = 0
    for member in family:
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS_S


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]
