"""Races at full size over HTTP: double check-outs, repeated deliveries, installs from all sides.

Run by itself with `python -m bench.races`; the short forms are tests.
"""

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.house import Client, House, build, check, new_id, served
from tests.postgres import running_server

CLIENTS = 8
DOUBLE_CHECK_OUTS = 1000
OPERATIONS, DELIVERIES = 500, 20
AT_ONCE = 10


def main() -> None:
    """Race on both databases (or those named) and say what came out."""
    only = sys.argv[1:] or ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        server.create("races")
        for kind, url in (
            ("sqlite", f"sqlite:///{folder}/races.db"),
            ("postgresql", server.url("races")),
        ):
            if kind not in only:
                continue
            house = build(kind, url, Path(folder))
            with served(house) as (port, _):
                for race in (double_check_outs, repeated_deliveries, installs_from_all_sides):
                    start = time.monotonic()
                    said = race(port, house)
                    print(f"{kind:<10}  {said} ({time.monotonic() - start:.0f} s)", flush=True)
            print(f"{kind:<10}  stockscan check: {check(house)}", flush=True)


def double_check_outs(port: int, house: House) -> str:
    """Each asset is checked out by all clients at the same moment."""
    maker = Client(port, house.token)
    person = maker.make("people", name="Racer", role="technician")
    assets = [maker.make("assets", name=f"Racer {n}") for n in range(DOUBLE_CHECK_OUTS)]
    start = threading.Barrier(CLIENTS)

    def grab(client: Client, _: int) -> list[str]:
        found = []
        for asset in assets:
            start.wait()
            raw = {"id": new_id(), "kind": "check_out", "asset": asset, "to_person": person}
            found += [result["status"] for result in client.apply(raw)] or ["lost"]
        return found

    answers, errors = crowd(port, house, grab)
    tries = [Counter(one) for one in zip(*answers, strict=True)]
    winners = sum(one == {"applied": 1, "rejected": CLIENTS - 1} for one in tries)
    return f"{winners} of {len(assets)} double check-outs with one winner, {errors} server errors"


def repeated_deliveries(port: int, house: House) -> str:
    """Each operation is delivered many times, in any order, by anyone."""
    maker = Client(port, house.token)
    shelf = maker.make("locations", name="Racing bin", kind="bin")
    part = maker.make("parts", name="Racing part", part_number="R-1", location=shelf)
    raws = [
        {"id": new_id(), "kind": "receive", "part": part, "location": shelf, "quantity": n % 7 + 1}
        for n in range(OPERATIONS)
    ]
    deliveries = raws * DELIVERIES
    random.Random(1).shuffle(deliveries)  # noqa: S311 - an order, not a secret

    def deliver(client: Client, number: int) -> list[str]:
        mine, found = deliveries[number::CLIENTS], []
        for index in range(0, len(mine), AT_ONCE):
            found += [result["status"] for result in client.apply(*mine[index : index + AT_ONCE])]
        return found

    answers, errors = crowd(port, house, deliver)
    counted = Counter(status for found in answers for status in found)
    held = Client(port, house.token).ask("GET", f"/api/v1/parts/{part}")["balances"][0]["quantity"]
    wanted = sum(int(str(raw["quantity"])) for raw in raws)
    return (
        f"{len(deliveries)} deliveries of {len(raws)} operations: {dict(counted)},"
        f" on hand {held} of {wanted}, {errors} server errors"
    )


def installs_from_all_sides(port: int, house: House) -> str:
    """All clients take single parts from one bin."""
    maker = Client(port, house.token)
    shelf = maker.make("locations", name="Common bin", kind="bin")
    part = maker.make("parts", name="Common part", part_number="C-1", location=shelf)
    asset = maker.make("assets", name="Common asset")
    maker.apply({"id": new_id(), "kind": "receive", "part": part, "location": shelf,
                 "quantity": 1000, "unit_cost": "1.37"})  # fmt: skip

    def fit(client: Client, _: int) -> list[str]:
        raw = {"kind": "install", "asset": asset, "part": part, "quantity": 1}
        return [client.apply({"id": new_id(), **raw})[0]["status"] for _ in range(100)]

    answers, errors = crowd(port, house, fit)
    applied = sum(found.count("applied") for found in answers)
    held = Client(port, house.token).ask("GET", f"/api/v1/parts/{part}")["balances"][0]["quantity"]
    return f"{applied} simultaneous installs of 1000 in stock leave {held}, {errors} server errors"


def crowd(
    port: int, house: House, work: Callable[[Client, int], list[str]]
) -> tuple[list[list[str]], int]:
    """What all clients got, and how many server errors they saw."""
    clients = [Client(port, house.token) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(work, clients, range(CLIENTS)))
    return answers, sum(client.server_errors for client in clients)


if __name__ == "__main__":
    main()
