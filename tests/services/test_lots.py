"""Lots and serials in every stock operation: named, the only one there, or asked for."""

from typing import Any

import pytest

from stockscan.services import parts
from stockscan.services.lots import handling, whereabouts
from stockscan.services.operations import Outcome, try_again
from stockscan.store.db import reading
from stockscan.store.lots import part_of_serial
from tests.shop import Shop

EARLY, LATE = "2030-01-31", "2031-06-30"


def lot_part(shop: Shop, **values: Any) -> str:
    return shop.part(name="Grease", tracking="lot", **values)


def serial_part(shop: Shop, **values: Any) -> str:
    return shop.part(name="Battery", tracking="serial", **values)


def two_lots(shop: Shop, part: str, bin_: str) -> None:
    """Lot B expires first, lot A later."""
    shop.ok("receive", part=part, location=bin_, quantity=5, lot="A", expires_on=LATE)
    shop.ok("receive", part=part, location=bin_, quantity=3, lot="B", expires_on=EARLY)


def held(shop: Shop, part: str) -> dict[tuple[str, str], str]:
    """What lies where, by bin name and lot or serial."""
    page = parts.part_page(shop.context(), part)
    return {
        (at["location_name"], at["lot"] + at["serial"]): at["quantity"]
        for at in parts.part_json(page)["balances"]
    }


def why(outcome: Outcome) -> dict[str, Any]:
    assert outcome.error is not None, outcome
    return outcome.error


def sentence(shop: Shop, serial: str) -> str | None:
    found = whereabouts(shop.context(), serial)
    return found.sentence if found else None


# --- lots -----------------------------------------------------------------------------------------


def test_a_receipt_needs_a_lot_and_keeps_its_expiry(shop: Shop) -> None:
    bin_, part = shop.bin(), lot_part(shop)
    refused = shop.do("receive", part=part, location=bin_, quantity=5)
    assert (refused.status, why(refused)["code"]) == ("rejected", "lot_missing")
    first = shop.ok("receive", part=part, location=bin_, quantity=5, lot="A", expires_on=EARLY)
    assert (first["lot"], first["expires_on"], first["after"]) == ("A", EARLY, "5")
    again = shop.ok("receive", part=part, location=bin_, quantity=1, lot="a", expires_on=LATE)
    assert (again["lot"], again["expires_on"], again["after"]) == ("A", EARLY, "6")
    assert [warning["code"] for warning in again["warnings"]] == ["expiry_differs"]


def test_an_expiry_said_later_is_kept_too(shop: Shop) -> None:
    bin_, part = shop.bin(), lot_part(shop)
    shop.ok("receive", part=part, location=bin_, quantity=5, lot="A")
    again = shop.ok("receive", part=part, location=bin_, quantity=1, lot="A", expires_on=LATE)
    assert (again["expires_on"], again["warnings"]) == (LATE, [])


def test_the_only_lot_is_used_by_itself(shop: Shop) -> None:
    here, there, part, asset = shop.bin(), shop.bin(), lot_part(shop), shop.asset()
    shop.ok("receive", part=part, location=here, quantity=9, lot="A", expires_on=LATE)
    for done in (
        shop.ok("issue", part=part, location=here, quantity=1, reason="used"),
        shop.ok("scrap", part=part, location=here, quantity=1, reason="leaks"),
        shop.ok("install", part=part, asset=asset, location=here, quantity=2),
        shop.ok("return_part", part=part, asset=asset, location=here, quantity=1),
        shop.ok("transfer", part=part, from_location=here, to_location=there, quantity=1),
        shop.ok("count", part=part, location=here, quantity=5),
    ):
        assert done["lot"] == "A"
    assert set(held(shop, part).values()) == {"5", "1"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("issue", {"reason": "used"}),
        ("scrap", {"reason": "leaks"}),
        ("install", {}),
        ("transfer", {}),
        ("count", {}),
    ],
)
def test_several_lots_are_asked_for_first_expired_first(
    shop: Shop, kind: str, values: dict[str, Any]
) -> None:
    bin_, part = shop.bin("Shelf A-03"), lot_part(shop)
    two_lots(shop, part, bin_)
    values = {**values, "asset": shop.asset()} if kind == "install" else values
    places = {"location": bin_}
    if kind == "transfer":
        places = {"from_location": bin_, "to_location": shop.bin()}
    asked = shop.do(kind, part=part, quantity=1, **places, **values)
    assert (asked.status, why(asked)["code"]) == ("rejected", "lot_missing")
    assert why(asked)["message"] == "Which lot? Shelf A-03 holds 2 lots of Grease."
    assert (why(asked)["part"], why(asked)["location"]) == (part, bin_)
    assert why(asked)["choices"] == [
        {"lot": "B", "serial": "", "expires_on": EARLY, "quantity": "3"},
        {"lot": "A", "serial": "", "expires_on": LATE, "quantity": "5"},
    ]
    queued = shop.do(kind, part=part, quantity=1, queued=True, **places, **values)
    assert (queued.status, why(queued)["code"]) == ("attention", "lot_missing")
    assert shop.ok(kind, part=part, quantity=1, lot="b", **places, **values)["lot"] == "B"


def test_a_bin_without_a_lot_asks_for_the_one_on_the_goods(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), lot_part(shop)
    asked = shop.do("issue", part=part, location=bin_, quantity=1, reason="used")
    assert why(asked)["choices"] == []
    assert why(asked)["message"] == "Shelf holds no Grease by the books. Give the lot on it."
    taken = shop.ok("issue", part=part, location=bin_, quantity=1, reason="used", lot="X")
    assert (taken["warnings"][0]["code"], taken["after"]) == ("negative_stock", "-1")
    shop.ok("receive", part=part, location=bin_, quantity=1, lot="X")


def test_a_late_taking_is_of_the_lot_that_was_there_then(shop: Shop) -> None:
    bin_, other, part = shop.bin("Shelf"), shop.bin("Other"), lot_part(shop)
    shop.ok("receive", part=part, location=bin_, quantity=5, lot="A")
    shop.wait(100)
    shop.ok("transfer", part=part, from_location=bin_, to_location=other, quantity=5)
    shop.ok("receive", part=part, location=bin_, quantity=5, lot="B")
    late = shop.ok(
        "issue", part=part, location=bin_, quantity=1, reason="used", age_ms=50_000, queued=True
    )
    assert late["lot"] == "A"


def test_an_expired_lot_warns_when_it_is_used(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), lot_part(shop), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=5, lot="A", expires_on="2020-01-01")
    for done in (
        shop.ok("install", part=part, asset=asset, location=bin_, quantity=1),
        shop.ok("issue", part=part, location=bin_, quantity=1, reason="used"),
    ):
        assert [warning["code"] for warning in done["warnings"]] == ["lot_expired"]
    assert shop.ok("scrap", part=part, location=bin_, quantity=1, reason="old")["warnings"] == []


def test_a_return_is_of_a_lot_that_is_installed(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), lot_part(shop), shop.asset()
    two_lots(shop, part, bin_)
    for lot in "AB":
        shop.ok("install", part=part, asset=asset, location=bin_, quantity=2, lot=lot)
    asked = shop.do("return_part", part=part, asset=asset, location=bin_, quantity=1)
    assert [choice["lot"] for choice in why(asked)["choices"]] == ["B", "A"]
    shop.ok("return_part", part=part, asset=asset, location=bin_, quantity=2, lot="B")
    only = shop.ok("return_part", part=part, asset=asset, location=bin_, quantity=1)
    assert (only["lot"], only["after"]) == ("A", "4")
    more = shop.do("return_part", part=part, asset=asset, location=bin_, quantity=1, lot="B")
    assert (more.status, why(more)["code"]) == ("rejected", "not_installed")


def test_a_lot_is_found_in_another_bin_when_none_was_scanned(shop: Shop) -> None:
    home, other, asset = shop.bin("Home"), shop.bin("Other"), shop.asset()
    part = lot_part(shop, location=home)
    shop.ok("receive", part=part, location=other, quantity=5, lot="A")
    done = shop.ok("install", part=part, asset=asset, quantity=1, lot="A")
    assert (done["location"], done["after"]) == (other, "4")


def test_a_correction_is_of_the_same_lot(shop: Shop) -> None:
    bin_, part = shop.bin(), lot_part(shop)
    two_lots(shop, part, bin_)
    wrong = shop.ok("issue", part=part, location=bin_, quantity=1, reason="used", lot="A")
    shop.ok("reverse", operation=wrong["operation"])
    right = shop.ok("issue", part=part, location=bin_, quantity=2, reason="used",
                    corrects=wrong["operation"])  # fmt: skip
    assert (right["lot"], right["after"]) == ("A", "3")


def test_none_left_counts_every_lot_as_nothing(shop: Shop) -> None:
    bin_, part = shop.bin(), lot_part(shop)
    two_lots(shop, part, bin_)
    done = shop.counted(part=part, location=bin_, quantity=0)
    assert (done["book"], done["variance"], len(done["lines"])) == ("8", "-8", 2)
    assert held(shop, part) == {}


def test_a_part_without_lots_takes_none(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    refused = shop.do("receive", part=part, location=bin_, quantity=1, lot="A")
    assert why(refused)["field"] == "lot"
    kept = shop.ok("receive", part=part, location=bin_, quantity=1, expires_on=EARLY)
    assert [warning["code"] for warning in kept["warnings"]] == ["expiry_not_kept"]
    grease = lot_part(shop)
    refused = shop.do("receive", part=grease, location=bin_, quantity=1, serial="S")
    assert why(refused)["field"] == "serial"


# --- serials --------------------------------------------------------------------------------------


def test_serials_come_in_as_a_list_or_as_one_text(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), serial_part(shop)
    done = shop.ok("receive", part=part, location=bin_, serials=["S1", "S2", "S1"], unit_cost="7")
    assert (done["quantity"], done["serials"], done["value"]) == ("2", ["S1", "S2"], "14.00")
    assert (done["before"], done["after"]) == ("0", "2")
    shop.ok("receive", part=part, location=bin_, serials="S3, S4\nS5", quantity=3)
    shop.ok("receive", part=part, location=bin_, serial="S6", quantity=1)
    assert sorted(mark for _, mark in held(shop, part)) == ["S1", "S2", "S3", "S4", "S5", "S6"]
    for values, code in (
        ({"serials": ["S7", "S8"], "quantity": 3}, "serials_differ"),
        ({"quantity": 1}, "serial_missing"),
        ({"serial": "S7", "quantity": 2}, "serials_differ"),
    ):
        assert why(shop.do("receive", part=part, location=bin_, **values))["code"] == code


def test_a_serial_is_in_one_place_only(shop: Shop) -> None:
    here, there, asset = shop.bin("Here"), shop.bin("There"), shop.asset(name="Truck")
    part = serial_part(shop)
    shop.ok("receive", part=part, location=here, serial="S1", quantity=1)
    again = shop.do("receive", part=part, location=there, serial="s1", quantity=1)
    assert why(again)["code"] == "serial_exists"
    assert why(again)["where"] == {"kind": "location", "code": here, "name": "Here"}
    elsewhere = shop.do("issue", part=part, location=there, serial="S1", quantity=1, reason="used")
    assert why(elsewhere)["code"] == "serial_elsewhere"
    shop.ok("install", part=part, asset=asset, quantity=1, serial="S1")
    again = shop.do("receive", part=part, location=here, serial="S1", quantity=1)
    assert why(again)["where"]["name"] == "Truck"
    other = shop.do(
        "install", part=part, asset=shop.asset(), location=here, quantity=1, serial="S1"
    )
    assert why(other)["code"] == "serial_elsewhere"
    shop.ok("return_part", part=part, asset=asset, location=there, quantity=1)
    assert held(shop, part) == {("There", "S1"): "1"}


def test_a_serial_that_was_taken_before_its_receipt_arrived(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), serial_part(shop), shop.asset()
    shop.wait(100)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, serial="S1")
    shop.ok("receive", part=part, location=bin_, serial="S1", quantity=1, age_ms=50_000)
    assert held(shop, part) == {}
    assert sentence(shop, "s1") == "on Forklift"


def test_which_serial_is_asked_for(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), serial_part(shop)
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2"])
    asked = shop.do("issue", part=part, location=bin_, quantity=1, reason="used")
    assert why(asked)["code"] == "serial_missing"
    assert [choice["serial"] for choice in why(asked)["choices"]] == ["S1", "S2"]
    many = shop.do("issue", part=part, location=bin_, quantity=2, reason="used", serial="S1")
    assert why(many)["code"] == "one_per_serial"
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used", serial="S1")
    assert shop.ok("scrap", part=part, location=bin_, quantity=1, reason="dead")["serial"] == "S2"


def test_taking_back_never_makes_two_of_one_serial(shop: Shop) -> None:
    here, there, part = shop.bin("Here"), shop.bin("There"), serial_part(shop)
    shop.ok("receive", part=part, location=here, serial="S1", quantity=1)
    gone = shop.ok("issue", part=part, location=here, quantity=1, reason="repair", serial="S1")
    shop.ok("receive", part=part, location=there, serial="S1", quantity=1)
    twice = shop.do("reverse", operation=gone["operation"])
    assert why(twice)["code"] == "serial_elsewhere"
    assert held(shop, part) == {("There", "S1"): "1"}


def test_a_list_of_serials_counts_the_bin(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), serial_part(shop)
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2"])
    done = shop.counted(part=part, location=bin_, serials=["S2", "S3"])
    assert (done["counted"], done["book"], done["state"]) == ("2", "2", "NEEDS_REVIEW")
    assert {line["serial"]: line["variance"] for line in done["lines"]} == {
        "S1": "-1", "S2": "0", "S3": "1",
    }  # fmt: skip
    assert held(shop, part) == {("Shelf", "S2"): "1", ("Shelf", "S3"): "1"}
    shop.ok("reverse", operation=done["operation"])
    assert held(shop, part) == {("Shelf", "S1"): "1", ("Shelf", "S2"): "1"}
    empty = shop.counted(part=part, location=bin_, serials=[])
    assert (empty["counted"], held(shop, part)) == ("0", {})


def test_a_serial_counted_in_another_bin_has_moved(shop: Shop) -> None:
    here, there, part = shop.bin("Here"), shop.bin("There"), serial_part(shop)
    shop.ok("receive", part=part, location=here, serials=["S1", "S2"])
    done = shop.ok("count", part=part, location=there, serials=["S1"])
    assert (done["state"], done["variance"]) == ("POSTED", "0")
    assert done["warnings"][0]["code"] == "serial_moved"
    assert held(shop, part) == {("Here", "S2"): "1", ("There", "S1"): "1"}
    shop.ok("reverse", operation=done["operation"])
    assert held(shop, part) == {("Here", "S1"): "1", ("Here", "S2"): "1"}


def test_a_counted_serial_that_is_installed_waits_for_someone(shop: Shop) -> None:
    bin_, part, asset = shop.bin("Shelf"), serial_part(shop), shop.asset(name="Truck")
    shop.ok("receive", part=part, location=bin_, serials=["S1"])
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    done = shop.ok("count", part=part, location=bin_, serial="S1", quantity=1)
    assert done["state"] == "NEEDS_REVIEW"
    assert "on Truck" in done["reason"]
    assert shop.approve(done["count"])["lines"][0]["state"] == "NEEDS_REVIEW"
    shop.ok("return_part", part=part, asset=asset, location=bin_, quantity=1, serial="S1")
    assert held(shop, part) == {("Shelf", "S1"): "1"}


def test_counting_the_whole_bin_reaches_all_serials(shop: Shop) -> None:
    bin_, part, other = shop.bin("Shelf"), serial_part(shop), shop.part()
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2"])
    shop.ok("receive", part=other, location=bin_, quantity=4)
    done = shop.ok("count", part=part, location=bin_, serials=["S1", "S2"], complete=True)
    assert done["zeroed"] == 1
    shop.approve(done["count"])
    assert shop.on_hand(other, bin_) == 0
    assert len(held(shop, part)) == 2


def test_where_a_serial_is(shop: Shop) -> None:
    bin_, part, asset = shop.bin("Shelf"), serial_part(shop), shop.asset(name="Truck")
    assert sentence(shop, "S1") is None
    shop.ok("receive", part=part, location=bin_, serial="S1", quantity=1)
    assert sentence(shop, "s1") == "in Shelf"
    shop.ok("install", part=part, asset=asset, quantity=1, serial="S1")
    assert sentence(shop, "S1") == "on Truck"
    shop.ok("return_part", part=part, asset=asset, location=bin_, quantity=1)
    shop.ok("scrap", part=part, location=bin_, quantity=1, reason="dead")
    assert sentence(shop, "S1") == "scrapped"
    with reading() as connection:
        assert part_of_serial(connection, "s1") == (shop.key(part, bin_).part_id, "S1")
        assert part_of_serial(connection, "S2") is None


def test_how_an_amount_is_entered(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), lot_part(shop)
    two_lots(shop, part, bin_)
    seen = handling(shop.context(), part, bin_)
    assert [batch.lot for batch in seen.batches] == ["B", "A"]
    assert (seen.tracking, seen.whole) == ("lot", True)
    oil = handling(shop.context(), shop.part(unit="L"), bin_)
    assert (oil.tracking, oil.whole, oil.batches) == ("none", False, ())


# --- whole units ----------------------------------------------------------------------------------


def test_pieces_are_counted_whole(shop: Shop) -> None:
    bin_, part, oil = shop.bin(), shop.part(), shop.part(unit="L")
    shop.ok("receive", part=oil, location=bin_, quantity="2.5")
    refused = shop.do("receive", part=part, location=bin_, quantity="2.5")
    assert why(refused)["code"] == "whole_unit"
    assert why(refused)["message"] == ("Filter is counted in whole pcs. Enter it without decimals.")


def test_what_waited_for_its_lot_is_taken_when_someone_says_which(shop: Shop) -> None:
    bin_, part = shop.bin("Shelf"), lot_part(shop)
    two_lots(shop, part, bin_)
    waits = shop.do("issue", part=part, location=bin_, quantity=1, reason="used", queued=True)
    assert try_again(shop.context(), str(waits.id)).status == "attention"
    done = try_again(shop.context(), str(waits.id), {"lot": "B"})
    assert (done.status, (done.result or {})["lot"]) == ("applied", "B")
    assert held(shop, part) == {("Shelf", "A"): "5", ("Shelf", "B"): "2"}
