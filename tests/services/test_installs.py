"""Parts lists of machines, what is in them by the ledger, and where a part is used."""

from typing import Any

import pytest

from stockscan.domain.figures import MILLI
from stockscan.services import assets, installs, models, operations
from stockscan.services.installs.parts_page import Belongs
from stockscan.services.operations import Outcome
from tests.cast import Player, new_id
from tests.shop import Shop

YEAR_S = 365 * 24 * 3600


def edit(shop: Shop, kind: str, by: Player | None = None, **values: Any) -> Outcome:
    shop.wait()
    return operations.edit(shop.context(by), kind, {"id": new_id(), **values})


def laptop_parts(shop: Shop) -> tuple[str, str]:
    """A battery (36 months, critical) and an SSD on the list of the Latitude, five of each in A."""
    shop.make("model", name="Latitude")
    bin_ = shop.bin("A")
    parts = []
    for name, life, critical in (("Battery", 36, True), ("SSD", 30, False)):
        part = shop.part(name=name, part_number=name.upper(), location=bin_)
        shop.ok("receive", part=part, location=bin_, quantity=5, unit_cost="80")
        values = {"model": "Latitude", "part": part, "quantity": 1, "life_months": life}
        assert edit(shop, "set_model_part", critical=critical, **values).done
        parts.append(part)
    return parts[0], parts[1]


def model_with(shop: Shop, part: str) -> str:
    """A model in which one of a part belongs."""
    made = {"id": new_id(), "name": "Machine"}
    assert operations.create(shop.context(), "create_model", made).done
    assert edit(shop, "set_model_part", model="Machine", part=part, quantity=1).done
    return "Machine"


def lines(shop: Shop, asset: str) -> dict[str, Belongs]:
    page = installs.asset_parts(shop.context(), asset)
    return {line.part.part_number + line.part.place: line for line in page.listed}


def within(shop: Shop, asset: str) -> list[tuple[str, int, str]]:
    page = installs.asset_parts(shop.context(), asset)
    return [
        (one.part.name, one.part.quantity_milli // MILLI, one.part.serial) for one in page.installed
    ]


def test_own_lines_stand_for_those_of_the_model(shop: Shop) -> None:
    battery, ssd = laptop_parts(shop)
    asset = shop.asset(name="Laptop", tag="L-1", model="Latitude")
    assert list(lines(shop, asset)) == ["BATTERY", "SSD"]
    assert edit(shop, "set_asset_part", asset=asset, part=ssd, quantity=2).done
    assert edit(shop, "set_asset_part", asset=asset, part=ssd, quantity=1, place="bay").done
    assert edit(shop, "set_asset_part", asset=asset, part=battery, quantity=0).done
    found = lines(shop, asset)
    assert {name: line.part.quantity_milli for name, line in found.items()} == {
        "SSD": 2000,
        "SSDbay": 1000,
    }
    other = shop.asset(model="Latitude")
    assert list(lines(shop, other)) == ["BATTERY", "SSD"]
    assert edit(shop, "remove_asset_part", asset=asset, part=battery).done
    again = edit(shop, "remove_asset_part", asset=asset, part=battery)
    assert (again.error or {})["message"] == "That line is not on its own list any more."
    assert list(lines(shop, asset)) == ["BATTERY", "SSD", "SSDbay"]
    told = [line.row for line in assets.asset_page(shop.context(), asset).timeline]
    changes = [row.changes for row in told if hasattr(row, "changes")]
    assert changes[0] == {"Parts list: BATTERY": ["0 pcs", ""]}
    assert changes[-1] == {"Parts list: SSD": ["", "2 pcs"]}


def test_a_serial_that_was_replaced_is_asked_for_until_it_is_back(shop: Shop) -> None:
    """By the books it is on the machine, so nothing else may take it there silently."""
    bin_ = shop.bin("A")
    part = shop.part(name="Controller", tracking="serial", location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=2, serials=["S1", "S2"])
    asset = shop.asset(model=model_with(shop, part))
    for serial in ("S1", "S2"):
        shop.ok("install", asset=asset, part=part, location=bin_, serial=serial, quantity=1)
    assert within(shop, asset) == [("Controller", 1, "S2")]
    [out] = installs.asset_parts(shop.context(), asset).out
    assert (out.serial, out.bin_code) == ("S1", bin_)
    shop.ok("return_part", asset=asset, part=part, location=bin_, serial="S1", quantity=1)
    assert installs.asset_parts(shop.context(), asset).out == []


def test_only_who_edits_the_catalogue_changes_a_list(shop: Shop) -> None:
    _battery, ssd = laptop_parts(shop)
    asset = shop.asset(model="Latitude")
    tried = edit(shop, "set_asset_part", shop.cast.technician, asset=asset, part=ssd, quantity=2)
    assert (tried.error or {})["code"] == "not_allowed"


def test_a_line_says_where_to_fetch_the_part(shop: Shop) -> None:
    battery, _ssd = laptop_parts(shop)
    asset, elsewhere = shop.asset(model="Latitude"), shop.bin("B")
    shop.ok("transfer", part=battery, from_location="A", to_location=elsewhere, quantity=2)
    part = lines(shop, asset)["BATTERY"].part
    assert (part.location, part.in_bin_milli, part.on_hand_milli) == ("A", 3000, 5000)
    shop.ok("transfer", part=battery, from_location="A", to_location=elsewhere, quantity=3)
    part = lines(shop, asset)["BATTERY"].part
    assert (part.location, part.in_bin_milli, part.on_hand_milli) == ("B", 5000, 5000)
    shop.ok("issue", part=battery, location=elsewhere, quantity=5, reason="lost")
    part = lines(shop, asset)["BATTERY"].part
    assert (part.location, part.in_bin_milli, part.on_hand_milli) == ("A", 0, 0)


def test_a_part_comes_due_by_its_age(shop: Shop) -> None:
    """The battery counts from the purchase, then from each new one; 36 months later it is due."""
    battery, _ssd = laptop_parts(shop)
    bought = shop.context().today.replace(day=1)
    asset = shop.asset(model="Latitude", purchase_date=bought.isoformat())
    first = lines(shop, asset)["BATTERY"].due
    assert first.on == bought.replace(year=bought.year + 3)
    assert not first.is_soon
    shop.wait(3 * YEAR_S - 20 * 24 * 3600)
    assert lines(shop, asset)["BATTERY"].due.is_soon
    shop.ok("install", asset=asset, part=battery, quantity=1)
    put_in = shop.context().today
    due = lines(shop, asset)["BATTERY"].due
    assert (due.on, due.is_soon) == (put_in.replace(year=put_in.year + 3), False)
    assert within(shop, asset) == [("Battery", 1, "")]
    taken_back = shop.ok("install", asset=asset, part=battery, quantity=1)
    assert within(shop, asset) == [("Battery", 1, "")]
    shop.ok("reverse", operation=taken_back["operation"])
    shop.ok("return_part", asset=asset, part=battery, quantity=1, location="A")
    assert within(shop, asset) == []
    assert lines(shop, asset)["BATTERY"].due.on == first.on


def test_a_part_comes_due_by_the_meter(shop: Shop) -> None:
    part = shop.part(name="Oil filter", part_number="OIL", location=shop.bin("A"))
    asset = shop.asset()
    life = {"meter": "Hours", "meter_life": 500, "quantity": 1}
    assert edit(shop, "set_asset_part", asset=asset, part=part, **life).done
    shop.ok("read_meter", asset=asset, meter="hours", value=1000, unit="h")
    shop.ok("install", asset=asset, part=part, quantity=1)
    due = lines(shop, asset)["OIL"].due
    assert (due.at_milli, due.now_milli, due.is_soon) == (1_500_000, 1_000_000, False)
    shop.ok("read_meter", asset=asset, meter="Hours", value=1450)
    due = lines(shop, asset)["OIL"].due
    assert (due.at_milli, due.is_soon, due.is_over) == (1_500_000, True, False)
    shop.ok("read_meter", asset=asset, meter="Hours", value=1500)
    assert lines(shop, asset)["OIL"].due.is_over


def test_a_serial_stays_until_it_is_taken_out(shop: Shop) -> None:
    bin_ = shop.bin("A")
    part = shop.part(name="Pump", tracking="serial", location=bin_)
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2"], unit_cost="100")
    asset = shop.asset()
    shop.ok("install", asset=asset, part=part, quantity=1, serial="S1")
    assert within(shop, asset) == [("Pump", 1, "S1")]
    swap = {"serial": "S2", "removed_serial": "s1"}
    shop.ok("install", asset=asset, part=part, quantity=1, **swap)
    assert within(shop, asset) == [("Pump", 1, "S2")]
    shop.ok("return_part", asset=asset, part=part, quantity=1, serial="S1", location=bin_)
    assert within(shop, asset) == [("Pump", 1, "S2")]


@pytest.mark.parametrize("listed", ["nothing", "other", "own", "substitute"])
def test_a_part_that_is_not_on_the_list_is_told(shop: Shop, listed: str) -> None:
    battery, _ssd = laptop_parts(shop)
    part = shop.part(name="Fan", location="A")
    asset = shop.asset(model="" if listed == "nothing" else "Latitude")
    if listed == "own":
        assert edit(shop, "set_asset_part", asset=asset, part=part, quantity=1).done
    if listed == "substitute":
        assert edit(shop, "set_substitute", part=battery, substitute=part).done
    told = shop.ok("install", asset=asset, part=part, quantity=1)["warnings"]
    unlisted = [warning for warning in told if warning["code"] == "not_on_parts_list"]
    assert [warning["model"] for warning in unlisted] == (["Latitude"] if listed == "other" else [])


def test_returns_are_counted_for_an_install_that_was_moved_in_time(shop: Shop) -> None:
    """Answering "before or after the count?" writes the install anew; its return still holds."""
    bin_ = shop.bin("A")
    part = shop.part(location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=5)
    asset = shop.asset()
    counted = shop.counted(part=part, location=bin_, quantity=5)
    shop.wait(60)
    done = shop.ok("install", asset=asset, part=part, quantity=2, carry_min=60)
    assert done["question"]["line"] == counted["line"]
    shop.ok("return_part", asset=asset, part=part, quantity=1, location=bin_)
    shop.ok("retime", operation=done["operation"], before_count=counted["line"])
    assert within(shop, asset) == [("Filter", 1, "")]
    refused = shop.do("return_part", asset=asset, part=part, quantity=2, location=bin_)
    assert refused.status == "rejected"


def test_where_a_part_is_used(shop: Shop) -> None:
    battery, _ssd = laptop_parts(shop)
    asset = shop.asset(name="Laptop", tag="L-1", model="Latitude")
    other = shop.asset(tag="X-1")
    edit(shop, "set_asset_part", asset=other, part=battery, quantity=2, place="rack")
    wrong = shop.ok("install", asset=other, part=battery, quantity=1)
    shop.ok("reverse", operation=wrong["operation"])
    shop.ok("install", asset=asset, part=battery, quantity=1, by=shop.cast.technician)
    page = installs.part_use(shop.context(), "battery")
    assert [(model.name, model.assets, model.life_months) for model in page.models] == [
        ("Latitude", 1, 36)
    ]
    assert [(one.tag, one.quantity_milli, one.place) for one in page.assets] == [
        ("X-1", 2000, "rack")
    ]
    assert page.installs is not None
    told = [(one.tag, one.quantity_milli, one.value_e4, one.person) for one in page.installs]
    assert told == [("L-1", 1000, 800_000, shop.cast.technician.name)]


def test_a_models_list_tells_a_life_by_meter(shop: Shop) -> None:
    _battery, ssd = laptop_parts(shop)
    life = {"meter": "Cycles", "meter_life": "1500", "quantity": 1}
    done = edit(shop, "set_model_part", model="Latitude", part=ssd, **life)
    assert done.result is not None
    line = next(line for line in done.result["parts"] if line["part"] == ssd)
    assert (line["meter"], line["meter_life"], line["life_months"]) == ("Cycles", "1500", None)
    page = models.model_page(shop.context(), "Latitude")
    assert [part.part_number for part in page.usual] == ["BATTERY", "SSD"]
