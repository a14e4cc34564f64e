"""What the catalogue costs a phone: all of it once, then a few changes; as round trips."""

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from sqlalchemy import insert

from bench.house import Client, House, new_id, served
from stockscan.domain.codes import check_character
from stockscan.services.work import unit_of_work
from stockscan.store.assets import Asset
from stockscan.store.codes import Code
from stockscan.store.db import dispose
from stockscan.store.parts import Part
from stockscan.web import create_app

THINGS = 10_000
CHANGED = 10
PINGS = 50


@dataclass(frozen=True)
class Followed:
    """What a phone waited for and received; `pings` is the wait in empty round trips."""

    things: int
    seconds: float
    pings: float
    size: int
    sent: int


def measure(house: House) -> dict[str, Followed]:
    """The first sync of a house of `THINGS` codes, then of some changes, then of none."""
    codes = _fill(house)
    with served(house) as (port, _):
        client = Client(port, house.token)
        ping_s = median(_ping_s(client) for _ in range(PINGS))
        shelf = client.make("locations", name="Sync", kind="bin")
        _follow(port, house.token, "", ping_s)
        cursor, first = _follow(port, house.token, "", ping_s)
        client.apply(*(
            {"id": new_id(), "kind": "receive", "part": code, "location": shelf, "quantity": 1}
            for code in codes[:CHANGED]
        ))  # fmt: skip
        cursor, changed = _follow(port, house.token, cursor, ping_s)
        _, unchanged = _follow(port, house.token, cursor, ping_s)
    return {"everything": first, f"{CHANGED} changes": changed, "no change": unchanged}


def _fill(house: House) -> list[str]:
    """Put parts and assets straight into the tables; the codes of the parts."""
    bodies = (f"B{number:05}" for number in range(THINGS))
    codes = [body + check_character(body) for body in bodies]
    parts, assets = codes[: THINGS // 2], codes[THINGS // 2 :]
    app = create_app(dict(house.settings))
    with app.app_context(), unit_of_work() as session:
        for kind, table, chosen, column in (
            ("part", Part, parts, "part_number"), ("asset", Asset, assets, "tag")
        ):  # fmt: skip
            session.execute(
                insert(Code), [{"code": code, "kind": kind, "created_us": 1} for code in chosen]
            )
            rows = [
                {"code": code, column: f"SYNC-{code}", "name": f"A {kind}", "created_us": 1}
                for code in chosen
            ]
            session.execute(insert(table), rows)
    dispose(app)
    return parts


def _ping_s(client: Client) -> float:
    began = time.monotonic()
    client.ask("GET", "/healthz")
    return time.monotonic() - began


def _follow(port: int, token: str, cursor: str, ping_s: float) -> tuple[str, Followed]:
    began = time.monotonic()
    bodies = list(_pages(port, token, cursor))
    used_s = time.monotonic() - began
    pages = [_unzipped(body) for body in bodies]
    answers = [json.loads(page) for page in pages]
    return answers[-1]["cursor"], Followed(
        things=sum(len(answer["things"]) for answer in answers),
        seconds=used_s,
        pings=used_s / ping_s,
        size=sum(map(len, pages)),
        sent=sum(map(len, bodies)),
    )


def _pages(port: int, token: str, cursor: str) -> Iterator[bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    more = True
    while more:
        path = f"/api/v1/catalogue?since={cursor}"
        connection.request("GET", path, headers=headers)
        body = connection.getresponse().read()
        yield body
        answer = json.loads(_unzipped(body))
        cursor, more = answer["cursor"], answer["more"]


def _unzipped(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
