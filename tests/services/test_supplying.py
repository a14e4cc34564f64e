"""Who supplies a part, what stands in for it, and which numbers find it."""

from typing import Any

import pytest

from stockscan.services import operations, parts
from stockscan.services.operations import Outcome
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def edit(shop: Shop, kind: str, **values: Any) -> Outcome:
    """Apply an edit a second later."""
    shop.wait()
    return operations.edit(shop.context(shop.cast.storekeeper), kind, {"id": new_id(), **values})


def done(shop: Shop, kind: str, **values: Any) -> dict[str, Any]:
    """Apply an edit that must succeed; the part as the API shows it."""
    outcome = edit(shop, kind, **values)
    assert outcome.done, outcome
    assert outcome.result is not None
    return parts.part_json(parts.part_page(shop.context(), outcome.result["code"]))


def error_of(outcome: Outcome) -> tuple[str, str | None]:
    """The code and the field of a refusal."""
    error = outcome.error or {}
    return error["code"], error["field"]


def test_the_usual_supplier_swaps_with_a_further_one(shop: Shop) -> None:
    part = shop.part(
        supplier="Nord", supplier_part_number="N-1", cost="2", pack="10", lead_time_days=3
    )
    done(shop, "set_supplier_part", part=part, supplier="Süd", number="S-9", price="1.80")
    swapped = done(shop, "set_supplier_part", part=part, supplier="Süd", usual=True)
    offers = swapped["suppliers"]
    assert [(one["supplier"], one["price"], one["usual"]) for one in offers] == [
        ("Süd", "1.80", True), ("Nord", "2.00", False),
    ]  # fmt: skip
    assert (offers[1]["number"], offers[1]["pack"], offers[1]["lead_time_days"]) == ("N-1", "10", 3)
    again = done(shop, "set_supplier_part", part=part, supplier="nord", usual=True)
    assert again["suppliers"][0] == {**offers[1], "usual": True}
    assert again["suppliers"][1] == {**offers[0], "usual": False}
    assert (again["supplier"], again["cost"], again["pack"]) == ("Nord", "2.00", "10")


@on_sqlite
def test_the_first_supplier_is_the_usual_one(shop: Shop) -> None:
    part = shop.part(cost="5")
    made = done(shop, "set_supplier_part", part=part, supplier="Nord", lead_time_days=2)
    assert (made["supplier"], made["lead_time_days"], made["cost"]) == ("Nord", 2, "5.00")
    changed = done(shop, "set_supplier_part", part=part, supplier="Nord", price="6", pack="")
    assert (changed["cost"], changed["pack"], changed["lead_time_days"]) == ("6.00", "1", 2)


@on_sqlite
def test_a_supplier_is_removed(shop: Shop) -> None:
    part = shop.part(supplier="Nord", supplier_part_number="N-1", cost="2")
    done(shop, "set_supplier_part", part=part, supplier="West", number="W-1")
    assert len(done(shop, "remove_supplier_part", part=part, supplier="West")["suppliers"]) == 1
    alone = done(shop, "remove_supplier_part", part=part, supplier="nord")
    assert (alone["suppliers"], alone["supplier_part_number"], alone["cost"]) == ([], "", "2.00")
    refused = edit(shop, "remove_supplier_part", part=part, supplier="Nord")
    assert error_of(refused) == ("unknown_reference", "supplier")


@on_sqlite
def test_naming_a_further_supplier_as_the_usual_one_lists_it_once(shop: Shop) -> None:
    part = shop.part(supplier="Nord")
    done(shop, "set_supplier_part", part=part, supplier="West", number="W-1")
    shown = done(shop, "edit_part", part=part, supplier="west")
    assert [one["supplier"] for one in shown["suppliers"]] == ["West"]


def test_the_number_of_any_supplier_finds_the_part(shop: Shop) -> None:
    part = shop.part(supplier="Nord", supplier_part_number="N-1")
    done(shop, "set_supplier_part", part=part, supplier="West", number="W 77/2")
    for number in ("n-1", "w 77/2"):
        assert parts.part_page(shop.context(), number).part.code == part
    shop.part(part_number="W 77/2x")
    other = shop.part(manufacturer_part_number="W 77/2")
    ambiguous = shop.do("issue", part="w 77/2", location="nowhere", quantity=1, reason="x")
    assert error_of(ambiguous)[0] == "ambiguous"
    done(shop, "edit_part", part=other, active=False)
    assert parts.part_page(shop.context(), "W 77/2").part.code == part


def test_substitutes_hold_in_both_directions(shop: Shop) -> None:
    one, other = shop.part(part_number="1"), shop.part(part_number="2")
    shop.ok("receive", part=other, location=shop.bin(), quantity=7)
    done(shop, "set_substitute", part=other, substitute=one, note="longer")
    shown = done(shop, "set_substitute", part=one, substitute=other, note="shorter")
    assert shown["substitutes"] == [
        {"part": other, "part_number": "2", "name": "Filter", "on_hand": "7", "note": "shorter"}
    ]
    back = parts.part_json(parts.part_page(shop.context(), other))["substitutes"]
    assert [row["part"] for row in back] == [one]
    done(shop, "remove_substitute", part=other, substitute=one)
    assert parts.part_page(shop.context(), one).substitutes == []
    assert error_of(edit(shop, "remove_substitute", part=one, substitute=other))[1] == "substitute"
    assert error_of(edit(shop, "set_substitute", part=one, substitute="1"))[1] == "substitute"


@on_sqlite
def test_barcodes_are_unlinked(shop: Shop) -> None:
    part = shop.part(barcode="4006381333931")
    shop.ok("link", text="OLD-77", thing=part)
    assert shop.ok("unlink", text="old-77")["thing"] == part
    assert shop.ok("unlink", text="04006381333931")["thing"] == part
    assert parts.part_page(shop.context(), part).barcodes == []
    assert error_of(shop.do("unlink", text="OLD-77"))[1] == "text"
    assert error_of(shop.do("unlink", text=part))[1] == "text"


@on_sqlite
def test_changes_around_a_part_are_kept(shop: Shop) -> None:
    part = shop.part(supplier="Nord", cost="2")
    other = shop.part(part_number="2")
    done(shop, "set_supplier_part", part=part, supplier="West", price="1.5", usual=True)
    done(shop, "set_substitute", part=part, substitute=other)
    swapped, paired = reversed(parts.part_page(shop.context(), part).edits)
    assert swapped.changes["supplier"] == ["Nord", "West"]
    assert swapped.changes["suppliers"] == ["Nord at 2.00", "West at 1.50; Nord at 2.00"]
    assert paired.changes == {"substitutes": ["", "2"]}
    [theirs] = parts.part_page(shop.context(), other).edits
    assert list(theirs.changes) == ["substitutes"]


@on_sqlite
def test_linking_leaves_a_trace(shop: Shop) -> None:
    part = shop.part()
    shop.ok("link", text="OLD-77", thing=part)
    shop.ok("unlink", text="old-77")
    unlinked, linked = parts.part_page(shop.context(), part).edits
    assert linked.changes == {"barcode": ["", "OLD-77"]}
    assert unlinked.changes == {"barcode": ["OLD-77", ""]}
    again = shop.ok("link", text="OLD-78", thing=part)
    shop.ok("reverse", operation=again["operation"])
    undone = parts.part_page(shop.context(), part).edits[0]
    assert undone.changes == {"barcode": ["OLD-78", ""]}


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("edit_part", {"name": "X"}),
        ("set_supplier_part", {"supplier": "X"}),
        ("remove_supplier_part", {"supplier": "X"}),
        ("set_substitute", {"substitute": "1"}),
        ("remove_substitute", {"substitute": "1"}),
    ],
)
def test_technicians_only_read(shop: Shop, kind: str, values: dict[str, str]) -> None:
    raw = {"id": new_id(), "part": shop.part(), **values}
    outcome = operations.edit(shop.context(shop.cast.technician), kind, raw)
    assert error_of(outcome)[0] == "not_allowed"
