"""Many people at the same things at the same moment: one winner, nothing lost, nothing doubled."""

import multiprocessing
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from stockscan.domain.access import Actor
from stockscan.services import feed
from stockscan.services.work import reading
from stockscan.store.assets import AssetEvent
from stockscan.store.db import dispose
from stockscan.store.stock import Balance, Movement
from stockscan.web import create_app
from tests.cast import Cast
from tests.crowd import at_once, operation, say, say_all, shuffled
from tests.shop import Shop

CLIENTS = 8


def test_of_simultaneous_check_outs_one_wins(app: Flask, cast: Cast, shop: Shop) -> None:
    assets = [shop.asset() for _ in range(40)]

    def grab_all(person: str) -> list[Any]:
        return say_all(
            cast.technician.actor,
            [operation("check_out", asset=asset, to_person=person) for asset in assets],
        )

    people = [cast.technician.code, cast.storekeeper.code] * (CLIENTS // 2)
    outcomes = at_once(app, [partial(grab_all, person) for person in people])
    for tries in zip(*outcomes, strict=True):
        assert Counter(outcome.status for outcome in tries) == {
            "applied": 1, "rejected": CLIENTS - 1,
        }  # fmt: skip
        assert {o.error["code"] for o in tries if o.error} == {"already_out"}
    with reading() as connection:
        events = connection.scalar(select(func.count()).where(AssetEvent.kind == "check_out"))
    assert events == len(assets)


def test_of_simultaneous_receipts_of_one_serial_one_wins(
    app: Flask, cast: Cast, shop: Shop
) -> None:
    part, bins = shop.part(tracking="serial"), [shop.bin() for _ in range(CLIENTS)]

    def receive_all(bin_: str) -> list[Any]:
        return say_all(
            cast.storekeeper.actor,
            [
                operation("receive", part=part, location=bin_, serial=f"S{number}")
                for number in range(20)
            ],
        )

    outcomes = at_once(app, [partial(receive_all, bin_) for bin_ in bins])
    for tries in zip(*outcomes, strict=True):
        assert [outcome.status for outcome in tries].count("applied") == 1
        assert {o.error["code"] for o in tries if o.error} == {"serial_exists"}


def test_shuffled_repeated_deliveries_apply_once(app: Flask, cast: Cast, shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(cost="2"), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=1000)
    raws = [
        operation(kind, part=part, location=bin_, quantity=n + 1, **more)
        for n in range(25)
        for kind, more in (("receive", {}), ("install", {"asset": asset}))
    ]
    deliveries = shuffled(raws * 20, seed=7)
    parts = [deliveries[client::CLIENTS] for client in range(CLIENTS)]
    jobs = [partial(say_all, cast.storekeeper.actor, mine) for mine in parts]
    outcomes = [outcome for answers in at_once(app, jobs) for outcome in answers]
    statuses = Counter(outcome.status for outcome in outcomes)
    assert statuses == {"applied": len(raws), "duplicate": len(deliveries) - len(raws)}
    for raw in raws:
        answers = [outcome.result for outcome in outcomes if outcome.id == raw["id"]]
        assert answers == [answers[0]] * 20
    assert shop.on_hand(part, bin_) == 1000


def test_simultaneous_installs_lose_and_double_nothing(app: Flask, cast: Cast, shop: Shop) -> None:
    bin_, other, part = shop.bin(), shop.bin(), shop.part(cost="2")
    assets = [shop.asset() for _ in range(CLIENTS)]
    shop.ok("receive", part=part, location=bin_, quantity=1000, unit_cost="3.33")

    def work(asset: str) -> list[Any]:
        raws = []
        for _ in range(10):
            raws.append(operation("install", part=part, asset=asset, location=bin_, quantity=2))
            raws.append(
                operation("transfer", part=part, from_location=bin_, to_location=other, quantity=1)
            )
            raws.append(
                operation("transfer", part=part, from_location=other, to_location=bin_, quantity=1)
            )
        return say_all(cast.storekeeper.actor, raws)

    outcomes = at_once(app, [partial(work, asset) for asset in assets])
    assert {outcome.status for answers in outcomes for outcome in answers} == {"applied"}
    assert (shop.on_hand(part, bin_), shop.on_hand(part, other)) == (1000 - 160, 0)
    with reading() as connection:
        installed = connection.execute(
            select(Movement.asset_id, func.sum(Movement.quantity_milli))
            .where(Movement.kind == "install")
            .group_by(Movement.asset_id)
        ).all()
    assert [row[1] for row in installed] == [-20_000] * CLIENTS


def test_a_reader_never_sees_half_a_transfer(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, part = [shop.bin(), shop.bin()], shop.part()
    shop.ok("receive", part=part, location=bins[0], quantity=100)
    done = threading.Event()

    def carry(there: int) -> int:
        ways = [(bins[there], bins[1 - there]), (bins[1 - there], bins[there])] * 20
        for source, target in ways:
            raw = operation(
                "transfer", part=part, from_location=source, to_location=target, quantity=1
            )
            assert say(cast.storekeeper.actor, raw).status == "applied"
        return 0

    def work(there: int) -> int:
        try:
            return carry(there)
        finally:
            done.set()

    def look() -> int:
        totals = set()
        while not done.is_set():
            with reading() as connection:
                totals.add(connection.scalar(select(func.sum(Balance.quantity_milli))))
        assert totals == {100_000}
        return 0

    at_once(app, [partial(work, 0), partial(work, 1), look])


def test_a_feed_reader_misses_no_row(app: Flask, cast: Cast, shop: Shop) -> None:
    places = [(shop.part(), shop.bin()) for _ in range(CLIENTS)]
    writing = threading.Semaphore(0)

    def write(part: str, bin_: str) -> list[int]:
        for _ in range(30):
            raw = operation("receive", part=part, location=bin_, quantity=1)
            assert say(cast.storekeeper.actor, raw).status == "applied"
        writing.release()
        return []

    def follow() -> list[int]:
        seen: list[int] = []
        ended = 0
        while ended < CLIENTS:
            ended += writing.acquire(blocking=False)
            seen += _news(shop, seen[-1] if seen else 0)
            time.sleep(0.002)  # a reader without rest would leave the writers no processor
        return seen + _news(shop, seen[-1] if seen else 0)

    *_, seen = at_once(app, [partial(write, *place) for place in places] + [follow])
    with reading() as connection:
        assert seen == list(connection.scalars(select(Movement.seq).order_by(Movement.seq)))


def test_a_taken_back_install_is_taken_back_once(app: Flask, cast: Cast, shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=50)
    for _ in range(10):
        install = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
        undo = [operation("reverse", operation=install["operation"]) for _ in range(CLIENTS)]
        outcomes = at_once(app, [partial(say, cast.admin.actor, raw) for raw in undo])
        assert Counter(outcome.status for outcome in outcomes)["applied"] == 1
    assert shop.on_hand(part, bin_) == 50


def test_simultaneous_returns_give_back_no_more_than_was_installed(
    app: Flask, cast: Cast, shop: Shop
) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=50)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=3)
    back = [
        operation("return_part", part=part, asset=asset, location=bin_, quantity=1)
        for _ in range(CLIENTS)
    ]
    outcomes = at_once(app, [partial(say, cast.technician.actor, raw) for raw in back])
    assert Counter(outcome.status for outcome in outcomes) == {"applied": 3, "rejected": 5}
    assert shop.on_hand(part, bin_) == 50


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_several_processes_share_one_sqlite_file(
    app: Flask, cast: Cast, shop: Shop, database_url: str, tmp_path: Path
) -> None:
    bin_, part = shop.bin(), shop.part()
    assets = [shop.asset() for _ in range(20)]
    raws = [operation("receive", part=part, location=bin_, quantity=1) for _ in range(40)]
    grabs = [
        {"kind": "check_out", "asset": asset, "to_person": cast.technician.code} for asset in assets
    ]
    work = [
        (database_url, tmp_path, cast.storekeeper.actor, shuffled(raws, seed), grabs)
        for seed in range(3)
    ]
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        counted = sum(pool.starmap(_play, work), Counter())
    assert counted == {"receive applied": 40, "receive duplicate": 80,
                       "check_out applied": 20, "check_out rejected": 40}  # fmt: skip
    assert shop.on_hand(part, bin_) == 40


def _play(
    url: str, folder: Path, actor: Actor, raws: list[dict[str, Any]], grabs: list[dict[str, Any]]
) -> Counter[str]:
    """What one more server process does: all receipts, and a check-out of each asset."""
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder), "TESTING": True})
    mine = [*raws, *(operation(**grab) for grab in grabs)]
    with app.app_context():
        outcomes = say_all(actor, mine)
    dispose(app)
    pairs = zip(mine, outcomes, strict=True)
    return Counter(f"{raw['kind']} {outcome.status}" for raw, outcome in pairs)


def _news(shop: Shop, after: int) -> list[int]:
    rows = feed.movements(shop.context(), after=after, limit=7)
    return [row["seq"] for row in rows] + (_news(shop, rows[-1]["seq"]) if len(rows) == 7 else [])
