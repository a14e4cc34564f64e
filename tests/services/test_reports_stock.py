"""Reports of stock over a few months of one workshop: each number, and the rows behind it."""

from dataclasses import dataclass
from typing import Final

import pytest
from flask import Flask

from stockscan.domain.errors import Invalid, NotAllowed, NotFound
from stockscan.domain.figures import E4
from stockscan.domain.reports.months import month_of
from stockscan.services import purchasing, reports, settings
from stockscan.services.reports.abc import curve
from stockscan.services.reports.carrying import carrying
from stockscan.services.reports.consumption import Asked, consumption
from stockscan.services.reports.expiry import expiry
from stockscan.services.reports.ledger import Asked as Rows
from stockscan.services.reports.ledger import audit, behind
from stockscan.services.reports.slow import slow_movers
from stockscan.services.reports.stockouts import stockouts
from stockscan.services.reports.turnover import Asked as Pace
from stockscan.services.reports.turnover import turnovers
from tests.cast import new_id
from tests.shop import OPENING, Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY: Final = 86_400
NOVEMBER: Final = month_of(OPENING)


@dataclass
class Workshop:
    """November to January: belts at 10.00 for a saw, oil at 2.00 for anyone, a motor for nobody."""

    shop: Shop
    bin: str
    saw: str
    belt: str
    oil: str
    motor: str

    @classmethod
    def open(cls, shop: Shop) -> "Workshop":
        shelf = shop.bin("A-1")
        shop.make("model", name="Saw 3000")
        saw = shop.asset(name="Saw", model="Saw 3000", tag="SAW-1")
        parts = {"belt": "10", "oil": "2", "motor": "300"}
        codes = {
            name: shop.part(name=name.title(), part_number=name, cost=cost)
            for name, cost in parts.items()
        }
        for name, many in {"belt": 4, "oil": 100, "motor": 1}.items():
            shop.ok("receive", part=codes[name], location=shelf, quantity=many)
        self = cls(shop, shelf, saw, **codes)
        self.live()
        return self

    def live(self) -> None:
        """In December 3 belts and 20 oil, one belt back; in January the last two belts."""
        shop, fit = self.shop, {"location": self.bin, "asset": self.saw}
        shop.wait(30 * DAY)
        shop.ok("install", part=self.belt, quantity=3, **fit)
        shop.ok("return_part", part=self.belt, quantity=1, **fit)
        shop.ok("issue", part=self.oil, location=self.bin, quantity=20, reason="round")
        wrong = shop.ok("issue", part=self.oil, location=self.bin, quantity=50, reason="typo")
        shop.wait(30 * DAY)
        shop.ok("reverse", operation=wrong["operation"])
        shop.ok("install", part=self.belt, quantity=2, **fit)
        shop.wait(5 * DAY)


@pytest.fixture
def workshop(app: Flask, shop: Shop) -> Workshop:
    return Workshop.open(shop)


@pytest.mark.parametrize("rolled_up", [False, True])
def test_consumption_and_the_rows_behind_it(workshop: Workshop, rolled_up: bool) -> None:
    ctx = workshop.shop.context()
    if rolled_up:
        reports.roll_up(ctx)
    page = consumption(ctx, Asked())
    assert [(row.name, row.quantity_milli, row.used_e4) for row in page.rows] == [
        ("Belt", 4_000, 40 * E4),
        ("Oil", 20_000, 40 * E4),
    ]
    assert page.on_machines == {NOVEMBER + 1: 20 * E4, NOVEMBER + 2: 20 * E4}
    assert page.otherwise == {NOVEMBER + 1: 40 * E4}
    by_model = consumption(ctx, Asked("model")).rows
    assert {(row.name, row.used_e4) for row in by_model} == {
        ("Saw 3000", 40 * E4),
        ("No machine", 40 * E4),
    }
    by_month = {row.key: row.used_e4 for row in consumption(ctx, Asked("month")).rows}
    assert (by_month["2023-12"], by_month["2024-01"]) == (60 * E4, 20 * E4)
    rows = behind(ctx, Rows(kind="use", part="belt"))
    assert (rows.total, -rows.quantity_milli, -rows.value_e4) == (3, 4_000, 40 * E4)
    of_oil = behind(ctx, Rows("2023-12", "2023-12", "use", part="oil"))
    assert (of_oil.total, -of_oil.value_e4) == (3, 40 * E4)
    assert consumption(ctx, Asked(model="Saw 3000")).used_e4 == 40 * E4
    assert consumption(ctx, Asked(part="oil", to_month="2023-11")).used_e4 == 0


def test_turnover_and_carrying_cost(workshop: Workshop) -> None:
    """540, 540, 480, 460 at the ends: what counts is each month's end, and the start before it."""
    ctx = workshop.shop.context()
    page = turnovers(ctx)
    assert page.worth_e4 == [0, 540 * E4, 480 * E4, 460 * E4]
    assert page.pace.used_e4 == 80 * E4
    assert page.pace.average_e4 == 370 * E4
    assert page.pace.turns == 22
    assert sum(each.pace.average_e4 for each in page.parts) == page.pace.average_e4
    belt = next(each for each in page.parts if each.part.name == "Belt")
    assert (belt.pace.average_e4, belt.pace.turns) == (15 * E4, 267)
    settings.change(ctx, storage_year_minor=365_00, insurance_year_minor=0, capital_bp=1_000)
    workshop.shop.ok("scrap", part=workshop.oil, location=workshop.bin, quantity=5, reason="old")
    cost = carrying(workshop.shop.context())
    days = page.pace.days
    assert cost.cost.storage_e4 == days * E4
    assert cost.cost.shrink_e4 == 10 * E4
    assert cost.cost.capital_e4 == pytest.approx(cost.cost.average_e4 * days / 3650, abs=1)
    lost = {one.part.name: one.cost.shrink_e4 for one in cost.parts}
    assert lost == {"Belt": 0, "Oil": 10 * E4, "Motor": 0}


@on_sqlite
def test_abc_slow_movers_and_stockouts(workshop: Workshop) -> None:
    shop = workshop.shop
    page = curve(shop.context())
    assert [(place.part.name, place.rank.abc_class) for place in page.places] == [
        ("Belt", "A"),
        ("Oil", "A"),
    ]
    assert page.unused == 1
    slow = slow_movers(shop.context(), days=30)
    assert [(each.part.name, each.used_month) for each in slow.parts] == [
        ("Motor", None),
        ("Oil", NOVEMBER + 1),
    ]
    assert (slow.value_e4, slow.stock_e4) == (460 * E4, 460 * E4)
    assert [each.part.name for each in slow_movers(shop.context(), days=60).parts] == ["Motor"]
    out = stockouts(shop.context())
    belt = next(each for each in out.parts if each.part.name == "Belt")
    assert (out.suffered, len(belt.run.outs)) == ({NOVEMBER + 2: 1}, 1)
    assert belt.run.out_us // (DAY * 1_000_000) == 5
    alone = stockouts(shop.context(), part="belt")
    assert ([each.run for each in alone.parts], alone.narrowed) == ([belt.run], {"part": "Belt"})
    assert out.level_bp is None  # what came first came to nothing that anybody kept
    shop.ok("receive", part=workshop.belt, location=workshop.bin, quantity=1)
    again = stockouts(shop.context(), "2024-01")
    assert (again.level_bp, again.parts[0].run.deliveries) == (0, 1)


@on_sqlite
def test_an_order_that_came_in_time_avoided_a_stock_out(app: Flask, shop: Shop) -> None:
    shelf, hose = shop.bin(), shop.part(name="Hose", cost="3")
    shop.ok("receive", part=hose, location=shelf, quantity=4)
    [number] = purchasing.ask_for(shop.context(), new_id(), hose, 8_000, None)
    purchasing.set_supplier(shop.context(), number, "Hydraulics Ltd")
    purchasing.order(shop.context(), number, purchasing.Placed())
    shop.wait(9 * DAY)
    shop.ok("receive", part=hose, location=shelf, quantity=8, requisition=f"R-{number}")
    came_us = shop.now_us
    assert stockouts(shop.context()).avoided == {}
    shop.ok("issue", part=hose, location=shelf, quantity=6, reason="round")
    page = stockouts(shop.context())
    assert (page.avoided, page.suffered) == ({month_of(came_us): 1}, {})
    assert page.level_bp == 10_000


@on_sqlite
def test_who_wrote_what(workshop: Workshop) -> None:
    shop = workshop.shop
    page = audit(shop.context(), Rows())
    assert page.reversed == 1
    assert {kind: rows for kind, rows, *_ in page.kinds}["issue"] == 2
    assert page.writers is not None
    assert sum(one.rows for one in page.writers) == page.rows
    assert audit(shop.context(shop.cast.viewer), Rows()).writers is None
    assert audit(shop.context(), Rows(kind="issue")).reversed == 1
    assert behind(shop.context(), Rows(kind="issue", show="undone")).total == 1
    undone = behind(shop.context(), Rows(show="reversed"))
    assert [(row.kind, row.undoes) for row in undone.rows] == [("reversal", "issue")]
    with pytest.raises(NotAllowed):
        behind(shop.context(shop.cast.viewer), Rows(person=shop.cast.admin.code))


@on_sqlite
def test_lots_that_expire(app: Flask, shop: Shop) -> None:
    shelf, glue = shop.bin(), shop.part(name="Glue", tracking="lot", cost="4")
    for lot, until in (("L1", "2023-11-01"), ("L2", "2024-01-01"), ("L3", "2025-01-01")):
        more = {"lot": lot, "expires_on": until}
        shop.ok("receive", part=glue, location=shelf, quantity=2, **more)
    page = expiry(shop.context(), days=60)
    assert [(lot.lot, lot.quantity_milli, lot.value_e4) for lot in page.lots] == [
        ("L1", 2_000, 8 * E4),
        ("L2", 2_000, 8 * E4),
    ]
    assert [lot.lot for lot in page.expired] == ["L1"]


@on_sqlite
def test_a_place_has_its_own_figures(workshop: Workshop) -> None:
    """A shelf in a hall on a site: what is moved there has come, what is used elsewhere is slow."""
    shop, belt = workshop.shop, workshop.belt
    site = shop.make("location", name="North", kind_of_place="site")
    hall = shop.make("location", name="Hall", kind_of_place="area", parent=site)
    shelf = shop.make("location", name="H-1", kind_of_place="bin", parent=hall)
    glue = shop.part(name="Glue", part_number="glue", tracking="lot", cost="4")
    for where, lot in ((shelf, "L1"), (workshop.bin, "L2")):
        shop.ok("receive", part=glue, location=where, quantity=2, lot=lot, expires_on="2024-02-01")
    shop.ok("receive", part=belt, location=shelf, quantity=2, unit_cost="20")
    shop.ok("receive", part=belt, location=workshop.bin, quantity=2, unit_cost="10")
    move = {"from_location": workshop.bin, "to_location": shelf}
    shop.wait(30 * DAY)
    shop.ok("issue", part=belt, location=shelf, quantity=2, reason="round")
    shop.wait(10 * DAY)
    shop.ok("transfer", part=belt, quantity=1, **move)
    shop.ok("transfer", part=workshop.oil, quantity=10, **move)
    shop.wait(31 * DAY)
    shop.ok("issue", part=workshop.oil, location=workshop.bin, quantity=1, reason="round")
    ctx = shop.context()
    there = turnovers(ctx, Pace("2024-01", place="North"))
    # Two belts of 15 each and glue, as no motor and no oil lay there; in the end a belt and oil.
    assert there.worth_e4 == [each * E4 for each in (0, 38, 43, 43)]
    assert (there.used_e4, there.pace.used_e4) == ({NOVEMBER + 3: 30 * E4}, 30 * E4)
    alone = turnovers(ctx, Pace("2024-01", part="belt", place=shelf))
    assert (alone.held_milli, alone.worth_e4[-1]) == ([0, 2_000, 1_000, 1_000], 15 * E4)
    assert consumption(ctx, Asked(place=hall)).used_e4 == 30 * E4
    assert [each.part.name for each in slow_movers(ctx, 30, place=hall).parts] == [
        "Oil",
        "Belt",
        "Glue",
    ]
    assert [each.part.name for each in slow_movers(ctx, 60, place=hall).parts] == ["Glue"]
    [belts] = stockouts(ctx, "2024-01", place=site).parts
    assert ([out.until_us is None for out in belts.run.outs], belts.run.in_time) == ([False], 0)
    assert (belts.run.deliveries, belts.run.out_us // (DAY * 1_000_000)) == (1, 10)
    assert [lot.lot for lot in expiry(ctx, place=site).lots] == ["L1"]
    rows = behind(ctx, Rows(part="belt", place=site))
    assert (rows.total, rows.quantity_milli) == (3, 1_000)
    assert {kind for kind, *_ in audit(ctx, Rows(place=site)).kinds} == {
        "issue",
        "receive",
        "transfer_in",
    }
    with pytest.raises(NotFound):
        turnovers(ctx, Pace(place="no such place"))


@on_sqlite
def test_what_is_not_there_is_said(workshop: Workshop) -> None:
    ctx = workshop.shop.context()
    for wrong in (
        Asked("colour"),
        Asked(from_month="November"),
        Asked(from_month="2024-02", to_month="2024-01"),
    ):
        with pytest.raises(Invalid):
            consumption(ctx, wrong)
    for missing in (Asked(part="no such part"), Asked(model="no such model")):
        with pytest.raises(NotFound):
            consumption(ctx, missing)
    for odd in (Rows(kind="theft"), Rows(show="odd"), Rows(on="wheels")):
        with pytest.raises(Invalid):
            behind(ctx, odd)
