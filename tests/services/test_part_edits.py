"""Changing what the books say about a part: the rules, the trace, and two people at once."""

from typing import Any

import pytest

from stockscan.services import operations, parts
from stockscan.services.operations import Outcome
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def edit(shop: Shop, part: str, **values: Any) -> Outcome:
    """Change a part a second later."""
    shop.wait()
    raw = {"id": new_id(), "part": part, **values}
    return operations.edit(shop.context(shop.cast.storekeeper), "edit_part", raw)


def refused(shop: Shop, part: str, **values: Any) -> tuple[str, str]:
    """The code and the field of a change that must be refused."""
    error = edit(shop, part, **values).error or {}
    return error["code"], error["field"]


def test_only_what_is_sent_changes_and_an_empty_text_empties(shop: Shop) -> None:
    bin_ = shop.bin("B-1")
    part = shop.part(
        part_number="HF-1", cost="2", location=bin_, reorder_point=4, notes="Seal", category="Oil"
    )
    assert edit(shop, part, reorder_point="", notes="", location="", lead_time_days=5).done
    made = parts.part_json(parts.part_page(shop.context(), part))
    assert (made["reorder_point"], made["notes"], made["location"]) == (None, "", None)
    assert (made["lead_time_days"], made["cost"], made["category"]) == (5, "2.00", "Oil")
    [trace] = parts.part_page(shop.context(), part).edits
    assert trace.changes["location"] == ["B-1", ""]
    assert set(trace.changes) == {"reorder_point", "notes", "location", "lead_time_days"}


def test_what_a_form_shows_can_be_sent_back_whole(shop: Shop) -> None:
    part = shop.part(cost="2.5", location=shop.bin("B-1"), supplier="Nord", pack=10, tracking="lot")
    before = parts.editable(shop.context(), part)
    ticks = {name: before.texts[name] == "yes" for name in ("stocked", "active")}
    assert edit(shop, part, **{**before.texts, **ticks}).done
    after = parts.editable(shop.context(), part)
    assert (after.texts, after.version) == (before.texts, before.version)


@pytest.mark.parametrize(("tracking", "mark"), [("lot", "L-1"), ("serial", "S-1")])
@on_sqlite
def test_tracking_changes_only_before_marks_and_without_stock(
    shop: Shop, tracking: str, mark: str
) -> None:
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=1)
    assert refused(shop, part, tracking=tracking) == ("has_stock", "tracking")
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="sold")
    assert edit(shop, part, tracking=tracking).done
    shop.ok("receive", part=part, location=bin_, quantity=1, **{tracking: mark})
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="sold")
    assert refused(shop, part, tracking="none") == ("has_marks", "tracking")
    assert edit(shop, part, tracking=tracking).done


@on_sqlite
def test_the_unit_changes_only_before_it_moved(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(unit="pcs")
    assert edit(shop, part, unit="box").done
    shop.ok("receive", part=part, location=bin_, quantity=1)
    assert refused(shop, part, unit="pcs") == ("has_moved", "unit")
    assert edit(shop, part, unit="Box").done


def test_a_part_is_put_out_of_use_without_stock_alone(shop: Shop) -> None:
    bin_, part = shop.bin("B-1"), shop.part(part_number="HF-1")
    shop.ok("receive", part=part, location=bin_, quantity=3)
    error = edit(shop, part, active=False).error or {}
    assert (error["code"], error["field"]) == ("has_stock", "active")
    assert "3 pcs in B-1" in error["message"]
    shop.ok("scrap", part=part, location=bin_, quantity=3, reason="broken")
    assert edit(shop, part, active=False).done
    assert parts.part_list(shop.context()).rows == []
    assert edit(shop, part, active=True).done


@on_sqlite
def test_a_number_or_name_that_can_not_be_is_refused(shop: Shop) -> None:
    other, part = shop.part(part_number="HF-1"), shop.part(part_number="HF-2")
    assert refused(shop, part, part_number="hf-1") == ("taken", "part_number")
    assert refused(shop, part, part_number=other) == ("label_code", "part_number")
    assert refused(shop, part, name="") == ("invalid", "name")
    assert refused(shop, part, location="Nowhere") == ("unknown_reference", "location")


def test_two_people_change_different_fields_but_not_the_same(shop: Shop) -> None:
    part = shop.part(name="Filter", cost="2")
    version = parts.editable(shop.context(), part).version
    assert edit(shop, part, name="Oil filter", based_on=version).done
    assert edit(shop, part, cost="3", based_on=version).done
    assert refused(shop, part, name="Air filter", based_on=version) == ("edited_since", "name")
    assert parts.part_page(shop.context(), part).part.name == "Oil filter"


@on_sqlite
def test_an_edit_is_idempotent(shop: Shop) -> None:
    part, raw_id = shop.part(), new_id()
    raw = {"id": raw_id, "part": part, "name": "Oil filter"}
    first = operations.edit(shop.context(), "edit_part", raw)
    again = operations.edit(shop.context(), "edit_part", raw)
    assert (first.status, again.status) == ("applied", "duplicate")
    assert first.result == again.result
    assert len(parts.part_page(shop.context(), part).edits) == 1
