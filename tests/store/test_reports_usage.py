"""The ledger's sums by month: exact at every moment, however much of them is kept."""

import threading
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select, text

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import from_us, to_us
from stockscan.domain.reports.months import begins_us, month_at, month_of, month_text, read_month
from stockscan.services import reports
from stockscan.services.work import reading, unit_of_work
from stockscan.store.db import db
from stockscan.store.reports import AssetMonth, PartMonth, usage
from stockscan.store.stock import Movement
from tests.cast import Cast, hire
from tests.shop import Shop
from tests.world import World

DAY: Final = 86_400
EVER: Final = (1970 * 12, 2099 * 12)
SUMS: Final = ("quantity_milli", "value_e4", "used_milli", "used_e4", "issued_e4", "lost_e4")
BY: Final = ((), ("part_id",), ("asset_id",), ("part_id", "asset_id"))
Sums = dict[tuple[int, ...], tuple[int, ...]]


class Months(World):
    """A workshop over months, whose sums are rolled up and dropped at any time."""

    habits = World.habits | {"days": 6, "roll_up": 4, "drop": 1, "use_and_undo": 3, "look": 4}

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.oil = self.shop.part(cost="1.25")
        self.shop.ok("receive", part=self.oil, location=self.bins[0], quantity=500)

    def days(self, random: Random) -> None:
        """Some days go by; nobody carries a part or an unsent scan about for so long."""
        while self.carried:
            self.scan_taken(random)
        while self.pocket:
            self.deliver(random)
        self.shop.wait(random.randint(1, 20) * DAY)

    def roll_up(self, random: Random) -> None:
        with unit_of_work() as session:
            usage.roll_up(session, at_most=random.choice((1, 7, 1_000)))

    def drop(self, _random: Random) -> None:
        with unit_of_work() as session:
            usage.forget(session)

    def use_and_undo(self, random: Random) -> None:
        """Every way out of the stock, some of them taken back a month later."""
        kind = random.choice(("issue", "install", "scrap"))
        more = {"asset": self.machine} if kind == "install" else {"reason": "for the yard"}
        done = self.shop.ok(kind, part=self.oil, location=self.bins[0], quantity=2, **more)
        if random.random() < 0.5:
            self.days(random)
            self.shop.ok("reverse", operation=done["operation"])

    def look(self, _random: Random) -> None:
        assert proved()


def read(*keys: str) -> Sums:
    """What the store says by month and part, by month and asset, or by all three."""
    with reading() as connection:
        rows = usage.usage(connection, *EVER, ("month", *keys))
    return {tuple(row[: len(keys) + 1]): tuple(row[len(keys) + 1 :]) for row in rows}


def folded(*keys: str) -> Sums:
    """The same, one row of the ledger after another, with nothing but the rule in words."""
    with reading() as connection:
        rows = {row.seq: row for row in connection.execute(select(Movement.__table__))}
    return fold(rows, *keys)


def fold(rows: dict[int, Any], *keys: str) -> Sums:
    """Of these rows of the ledger; what one takes back is among them."""
    found: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0] * 6)
    for row in rows.values():
        answers = rows[row.reverses_seq] if row.kind == "reversal" else row
        used = answers.kind in {"issue", "install", "return_from_asset"}
        lost = answers.kind in {"scrap", "count_adjust", "late_correction"}
        named = {"part_id": row.part_id, "asset_id": row.asset_id or 0}
        key = (month_at(from_us(row.effective_us).date()), *(named[key] for key in keys))
        each = (
            row.quantity_milli,
            row.value_e4,
            -row.quantity_milli * used,
            -row.value_e4 * used,
            -row.value_e4 * (answers.kind == "issue"),
            -row.value_e4 * lost,
        )
        found[key] = [before + more for before, more in zip(found[key], each, strict=True)]
    return {key: tuple(sums) for key, sums in found.items()}


def proved() -> bool:
    """Whether all that can be read is the ledger's."""
    return all(read(*keys) == folded(*keys) for keys in BY)


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_the_ledgers_at_every_moment(app: Flask, seed: int) -> None:
    with app.app_context():
        _history(app, seed)


def _history(app: Flask, seed: int) -> None:
    world = Months(hire(app))
    world.play(Random(seed), 60)
    assert proved()
    reports.roll_up(world.shop.context())
    with reading() as connection:
        for kept, key in ((PartMonth, "part_id"), (AssetMonth, "asset_id")):
            columns = (kept.month, getattr(kept, key), *(getattr(kept, name) for name in SUMS))
            rows = connection.execute(select(*columns))
            assert {tuple(row[:2]): tuple(row[2:]) for row in rows} == folded(key)
    assert proved()
    assert reports.roll_up(world.shop.context()) == 0


def test_they_are_grouped_and_narrowed(app: Flask, shop: Shop) -> None:
    shelf, saw, drill = shop.bin(), shop.asset(), shop.asset()
    part, other = shop.part(cost="3"), shop.part(cost="7")
    for each in (part, other):
        shop.ok("receive", part=each, location=shelf, quantity=10)
    month = month_of(shop.now_us)
    for machine, quantity in ((saw, 1), (drill, 2), (drill, 3)):
        shop.ok("install", part=part, location=shelf, quantity=quantity, asset=machine)
    shop.ok("return_part", part=part, location=shelf, quantity=1, asset=drill)
    shop.ok("issue", part=other, location=shelf, quantity=4, reason="for the yard")
    part_id, used_up = shop.key(part, shelf).part_id, usage.USED
    with reading() as connection:
        used = usage.usage(connection, month, month, ("part_id",), used_up)
        assert sorted(row.used_milli for row in used) == [4_000, 5_000]
        assert sorted(row.used_e4 for row in used) == [150_000, 280_000]
        assert sorted(row.issued_e4 for row in used) == [0, 280_000]
        of_it = usage.Only(part_ids=[part_id], used=True)
        machines = usage.usage(connection, month, month, ("asset_id",), of_it)
        assert sorted(row.used_milli for row in machines) == [1_000, 4_000]
        assert not usage.usage(connection, month + 1, month + 9, ("part_id",))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_mark_waits_for_a_slow_writer(app: Flask) -> None:
    """A row with a lower number that commits later than higher ones is not passed over."""
    with app.app_context():
        shop = Shop(hire(app))  # not the fixture, whose books are proved: this row is in no balance
        shelf, part = shop.bin(), shop.part()
        shop.ok("receive", part=part, location=shelf, quantity=1)
        row = _last_row()
        with db.engine.connect() as slow, slow.begin():
            drawn = slow.execute(text("SELECT seq, fence FROM stockscan_next_movement()")).one()
            shop.ok("receive", part=part, location=shelf, quantity=5)
            assert _last_row()["seq"] > drawn.seq
            reports.roll_up(shop.context())
            late = {"seq": drawn.seq, "fence": drawn.fence, "leg": 99, "quantity_milli": 7_000}
            slow.execute(Movement.__table__.insert(), row | late)
        assert proved()
        reports.roll_up(shop.context())
        assert proved()
        assert sum(quantity for quantity, *_ in read().values()) == 13_000


def _last_row() -> dict[str, Any]:
    with reading() as connection:
        last = select(Movement.__table__).order_by(Movement.seq.desc()).limit(1)
        return dict(connection.execute(last).mappings().one())


def test_two_at_once_keep_every_row_once(app: Flask, shop: Shop) -> None:
    shelf, part = shop.bin(), shop.part()
    for _ in range(12):
        shop.ok("receive", part=part, location=shelf, quantity=1)

    def run() -> None:
        with app.app_context():
            for _ in range(15):
                with unit_of_work() as session:
                    usage.roll_up(session, at_most=1)

    both = [threading.Thread(target=run) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with reading() as connection:
        assert connection.execute(select(PartMonth.quantity_milli)).scalars().all() == [12_000]


def test_months_are_those_of_the_calendar() -> None:
    day = datetime(1970, 1, 1, tzinfo=UTC)
    while day.year < 2100:
        assert month_of(to_us(day)) == month_at(day.date())
        day += timedelta(days=1)
    for month in (1970 * 12, 2024 * 12 + 1, 2099 * 12 + 11):
        assert month_of(begins_us(month)) == month
        assert month_of(begins_us(month) - 1 if month > 1970 * 12 else 0) <= month
        assert read_month(month_text(month), field="from") == month
    for wrong in ("", "2026", "2026-13", "2026-1", str(uuid.uuid4())):
        with pytest.raises(Invalid):
            read_month(wrong, field="from")
