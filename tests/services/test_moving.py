"""A part from one machine to another: what it cost goes along, and stock knows nothing of it."""

from decimal import Decimal

import pytest

from stockscan.domain.figures import MILLI
from stockscan.services import assets, checking, installs
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def cost(shop: Shop, asset: str) -> str:
    page = assets.asset_page(shop.context(), asset)
    return str(assets.asset_json(page)["costs"]["parts_total"])


def within(shop: Shop, asset: str) -> list[tuple[str, int]]:
    page = installs.asset_parts(shop.context(), asset)
    return [
        (one.part.serial or one.part.lot, one.part.quantity_milli // MILLI)
        for one in page.installed
    ]


def two_machines(shop: Shop) -> tuple[str, str]:
    return shop.asset(tag="FL-1"), shop.asset(tag="FL-2")


def test_the_cost_goes_along_and_comes_back(shop: Shop) -> None:
    bin_, (one, other) = shop.bin(), two_machines(shop)
    part = shop.part(location=bin_)
    for price in ("10", "20"):
        shop.ok("receive", part=part, location=bin_, quantity=1, unit_cost=price)
        shop.ok("install", asset=one, part=part, quantity=1)
    shop.ok("receive", part=part, location=bin_, quantity=4, unit_cost="99")
    job = shop.make("job", asset=other, title="Repair")
    told = shop.ok(
        "move_part", from_asset=one, to_asset=other, part=part, quantity=2, work=job,
        by=shop.cast.technician,
    )  # fmt: skip
    assert (told["cost"], told["work"], told["asset"]) == ("30.00", job, other)
    assert (cost(shop, one), cost(shop, other)) == ("0.00", "30.00")
    assert (within(shop, one), shop.on_hand(part, bin_)) == ([], 4)
    assert sum(many for _, many in within(shop, other)) == 2
    assert checking.check(shop.context()) == []
    shop.ok("reverse", operation=told["operation"], by=shop.cast.technician)
    assert (cost(shop, one), cost(shop, other)) == ("30.00", "0.00")
    shop.ok("move_part", from_asset=one, to_asset=other, part=part, quantity=1)
    # The newest is the one that is taken out.
    assert (cost(shop, one), cost(shop, other)) == ("10.00", "20.00")
    assert checking.check(shop.context()) == []


@on_sqlite
def test_a_serial_goes_where_it_is_said_to_go(shop: Shop) -> None:
    bin_, (one, other) = shop.bin(), two_machines(shop)
    part = shop.part(location=bin_, tracking="serial")
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2"], unit_cost="5")
    for serial in ("S1", "S2"):
        shop.ok("install", asset=one, part=part, quantity=1, serial=serial)
    over = {"from_asset": one, "to_asset": other, "part": part, "quantity": 1}
    unclear = shop.do("move_part", **over)
    assert (unclear.error or {})["code"] == "serial_missing"
    told = shop.ok("move_part", **over, serial="s2")
    assert (told["serial"], within(shop, one), within(shop, other)) == (
        "S2", [("S1", 1)], [("S2", 1)]
    )  # fmt: skip
    assert (shop.do("move_part", **over, serial="S2").error or {})["code"] == "serial_elsewhere"
    shop.ok("return_part", asset=other, part=part, quantity=1, serial="S2", location=bin_)
    gone = shop.do("reverse", operation=told["operation"])
    assert (gone.error or {})["code"] == "was_returned"
    assert checking.check(shop.context()) == []


@on_sqlite
def test_what_is_not_there_waits_and_what_is_gone_takes_nothing(shop: Shop) -> None:
    bin_, (one, other) = shop.bin(), two_machines(shop)
    part = shop.part(location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=1, unit_cost="7")
    over = {"from_asset": one, "to_asset": other, "part": part, "quantity": 1}
    refused = shop.do("move_part", **over)
    assert (refused.status, (refused.error or {})["code"]) == ("rejected", "not_installed")
    waits = shop.do("move_part", **over, queued=True)
    assert (waits.status, (waits.error or {})["code"]) == ("attention", "not_installed")
    shop.ok("install", asset=one, part=part, quantity=1)
    assert within(shop, other) == [("", 1)]
    assert (cost(shop, one), cost(shop, other)) == ("0.00", "7.00")
    assert (shop.do("move_part", **{**over, "to_asset": one}).error or {})["code"] == "invalid"
    shop.ok("set_status", asset=one, status="retired")
    back = shop.do("move_part", **{**over, "from_asset": other, "to_asset": one})
    assert (back.error or {})["code"] == "asset_retired"


@on_sqlite
def test_a_count_in_the_bin_between_is_not_disturbed(shop: Shop) -> None:
    bin_, (one, other) = shop.bin(), two_machines(shop)
    part = shop.part(location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=5, unit_cost="3")
    shop.ok("install", asset=one, part=part, quantity=2)
    shop.wait(3600)
    shop.counted(part=part, location=bin_, quantity=2)
    # Captured on a phone before the count, and sent after it.
    told = shop.ok(
        "move_part", from_asset=one, to_asset=other, part=part, quantity=2,
        age_ms=1_800_000, queued=True,
    )  # fmt: skip
    assert (shop.on_hand(part, bin_), "question" in told) == (2, False)
    assert Decimal(cost(shop, one)) + Decimal(cost(shop, other)) == 6
    assert checking.check(shop.context()) == []
