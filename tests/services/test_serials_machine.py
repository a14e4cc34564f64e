"""Random histories of a few serials, told early, late and wrong: none is ever in two places."""

from random import Random
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select

from stockscan.services import checking
from stockscan.services.work import reading
from stockscan.store.counts import CountQuestion
from stockscan.store.lots import places_of
from stockscan.store.stock import Balance
from tests.cast import hire
from tests.shop import Shop

STEPS: Final = 50
SERIALS: Final = ("S1", "S2", "S3")
KINDS: Final = ("receive", "receive", "issue", "scrap", "install", "install", "return_part",
                "transfer", "count", "count", "counts", "reverse", "approve", "retime",
                "retime")  # fmt: skip


class Bench:
    """Three serials, two bins, two assets, and somebody who says whatever comes to mind."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.part = shop.part(name="Battery", tracking="serial")
        self.bins = [shop.bin(), shop.bin()]
        self.assets = [shop.asset(), shop.asset()]
        self.said: list[str] = []

    def say(self, random: Random) -> None:
        """One thing at random; it may be refused, but never believed twice."""
        kind = random.choice(KINDS)
        if kind == "reverse":
            self._take_back(random)
        elif kind == "approve":
            self._approve(random)
        elif kind == "retime":
            self._answer(random)
        else:
            self._record(kind, random)

    def prove(self) -> None:
        """Each serial is in one place at most, and once at most."""
        part_id = self.shop.key(self.part, self.bins[0]).part_id
        with reading() as connection:
            for serial in SERIALS:
                places = places_of(connection, part_id, serial)
                assert len(places) <= 1, places
            balances = connection.execute(
                select(Balance.quantity_milli).where(Balance.part_id == part_id)
            ).scalars()
            assert max(balances, default=0) <= 1000

    def _record(self, kind: str, random: Random) -> None:
        age_ms = random.choice((0, 0, 0, 5_000, 60_000))
        here, there = random.sample(self.bins, 2)
        values: dict[str, Any] = {"serial": random.choice(SERIALS), "quantity": 1}
        if kind == "counts":
            seen = [serial for serial in SERIALS if random.random() < 0.5]
            kind, values = "count", {"serials": seen, "complete": random.random() < 0.3}
        if kind == "count" and "serial" in values:
            values["quantity"] = random.choice((0, 1))
        if kind in {"issue", "scrap"}:
            values["reason"] = "so it is"
        if kind in {"install", "return_part"}:
            values["asset"] = random.choice(self.assets)
        if kind == "install":
            values["carry_min"] = random.choice((0, 60))
        if kind == "count":
            values["window_ms"] = random.choice((0, 20_000))
        places = {"location": here}
        if kind == "transfer":
            places = {"from_location": here, "to_location": there}
        outcome = self.shop.do(kind, part=self.part, age_ms=age_ms, **places, **values)
        if outcome.done:
            self.said.append(outcome.id)

    def _take_back(self, random: Random) -> None:
        if self.said:
            chosen = self.said.pop(random.randrange(len(self.said)))
            self.shop.do("reverse", operation=chosen)

    def _approve(self, random: Random) -> None:
        counted = [
            outcome.result["count"]
            for outcome in self.shop.outcomes
            if outcome.result and "count" in outcome.result
        ]
        if counted:
            self.shop.approve(random.choice(counted))

    def _answer(self, random: Random) -> None:
        """ "Before or after the count?", as the dice fall."""
        with reading() as connection:
            asked = connection.execute(
                select(CountQuestion.origin_id, CountQuestion.line_id).order_by(CountQuestion.id)
            ).all()
        if asked:
            origin_id, line_id = random.choice(asked)
            side = random.choice(("before_count", "after_count"))
            self.shop.do("retime", operation=origin_id, **{side: line_id})


@pytest.mark.parametrize("seed", range(4))
def test_a_serial_is_in_one_place_at_most(app: Flask, seed: int) -> None:
    random = Random(seed)
    with app.app_context():
        bench = Bench(Shop(hire(app)))
        for _ in range(STEPS):
            bench.say(random)
            bench.prove()
        assert checking.check(bench.shop.context()) == []
