"""Changing places: the tree stays a tree, nothing is lost with a place, many are made at once."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockscan.services import locations, operations
from stockscan.services.locations import Branch
from stockscan.services.operations import Outcome
from stockscan.store.catalogue.locations import DEEPEST
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def edit(shop: Shop, place: str, **values: Any) -> Outcome:
    """Change a place a second later."""
    shop.wait()
    raw = {"id": new_id(), "location": place, **values}
    return operations.edit(shop.context(shop.cast.storekeeper), "edit_location", raw)


def refused(shop: Shop, place: str, **values: Any) -> tuple[str, str]:
    """The code and the field of a change that must be refused."""
    error = edit(shop, place, **values).error or {}
    return error["code"], error["field"]


def area(shop: Shop, name: str, parent: str = "") -> str:
    """A new area; its code."""
    return shop.make("location", name=name, kind_of_place="area", parent=parent)


def names(branches: list[Branch]) -> list[Any]:
    """A tree as names: each place with what is inside it."""
    return [(branch.node.name, names(branch.inside)) for branch in branches]


def test_a_place_moves_with_all_that_is_inside(shop: Shop) -> None:
    site, hall, row = area(shop, "Site"), area(shop, "Hall"), area(shop, "Row")
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=row)
    shop.ok("receive", part=shop.part(), location=bin_, quantity=2)
    shop.asset(location=row)
    assert edit(shop, hall, parent=site).done
    assert edit(shop, row, parent="Hall", notes="Heavy", count_interval_days=30).done
    moved = locations.location_json(locations.location_page(shop.context(), row))
    assert [place["name"] for place in moved["path"]] == ["Site", "Hall"]
    assert (moved["notes"], moved["count_interval_days"]) == ("Heavy", 30)
    tree = locations.tree(shop.context())
    assert names(tree.branches) == [("Site", [("Hall", [("Row", [("B-1", [])])])])]
    top = tree.branches[0].node
    assert (top.places, top.parts, top.assets) == (3, 1, 1)
    [trace] = locations.location_page(shop.context(), row).edits
    assert trace.changes["parent"] == ["", "Hall"]
    assert edit(shop, row, parent="").done
    assert len(locations.tree(shop.context()).branches) == 2


@on_sqlite
def test_moving_between_places_of_one_name_leaves_a_trace(shop: Shop) -> None:
    first, second = area(shop, "Row"), area(shop, "Row")
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=first)
    assert edit(shop, bin_, parent=second).done
    [trace] = locations.location_page(shop.context(), bin_).edits
    before, after = trace.changes["parent"]
    assert before != after


def test_where_a_place_can_not_go(shop: Shop) -> None:
    outer = area(shop, "Outer")
    inner = area(shop, "Inner", outer)
    bin_ = shop.bin("B-1")
    assert refused(shop, outer, parent=inner) == ("ring", "parent")
    assert refused(shop, outer, parent=outer) == ("ring", "parent")
    assert refused(shop, inner, parent=bin_) == ("inside_a_bin", "parent")
    assert refused(shop, outer, kind_of_place="bin") == ("not_empty", "kind_of_place")
    values = {"id": new_id(), "name": "B", "kind_of_place": "bin", "parent": bin_}
    made = operations.create(shop.context(), "create_location", values)
    assert (made.error or {})["code"] == "inside_a_bin"


@on_sqlite
def test_no_more_than_twenty_places_inside_one_another(shop: Shop) -> None:
    chain = [area(shop, "1")]
    for number in range(2, DEEPEST + 1):
        chain.append(area(shop, str(number), chain[-1]))
    values = {"id": new_id(), "name": "B", "kind_of_place": "bin", "parent": chain[-1]}
    made = operations.create(shop.context(), "create_location", values)
    assert (made.error or {})["code"] == "too_deep"
    pair = area(shop, "Inner", area(shop, "Pair"))
    assert refused(shop, "Pair", parent=chain[-2]) == ("too_deep", "parent")
    assert edit(shop, "Pair", parent=chain[-3]).done
    assert len(locations.location_page(shop.context(), pair).path) == DEEPEST - 1


@on_sqlite
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=12))
def test_no_moves_make_a_ring(shop: Shop, moves: list[tuple[int, int]]) -> None:
    places = [area(shop, new_id()) for _ in range(6)]
    parents: dict[int, int] = {}
    for place, parent in moves:
        above = parent
        while above in parents and above != place:
            above = parents[above]
        outcome = edit(shop, places[place], parent=places[parent] if parent >= 0 else "")
        assert outcome.done == (above != place)
        if outcome.done:
            parents.pop(place, None)
            parents.update({place: parent} if parent >= 0 else {})
    for number, place in enumerate(places):
        path = [step.code for step in locations.location_page(shop.context(), place).path]
        steps = [number]
        while steps[-1] in parents:
            steps.append(parents[steps[-1]])
        assert path == [places[step] for step in reversed(steps[1:])]


def test_a_place_is_put_out_of_use_only_when_it_is_empty(shop: Shop) -> None:
    hall, part = area(shop, "Hall"), shop.part()
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=hall)
    assert refused(shop, hall, active=False) == ("not_empty", "active")
    shop.ok("receive", part=part, location=bin_, quantity=2)
    assert refused(shop, bin_, active=False) == ("not_empty", "active")
    assert refused(shop, bin_, kind_of_place="area") == ("not_empty", "kind_of_place")
    shop.ok("issue", part=part, location=bin_, quantity=2, reason="sold")
    asset = shop.asset(location=bin_)
    assert refused(shop, bin_, active=False) == ("not_empty", "active")
    shop.ok("move_asset", asset=asset, location=hall)
    assert edit(shop, bin_, active=False).done
    assert refused(shop, hall, active=False) == ("not_empty", "active")
    shop.ok("move_asset", asset=asset, location=shop.bin())
    assert edit(shop, hall, active=False).done
    assert refused(shop, bin_, active=True) == ("unused_parent", "parent")
    assert refused(shop, shop.bin(), parent=hall) == ("unused_parent", "parent")
    assert edit(shop, bin_, active=True, parent="").done


@on_sqlite
def test_names_that_can_not_be_and_who_may_not(shop: Shop) -> None:
    bin_ = shop.bin("B-1")
    assert refused(shop, bin_, name="") == ("invalid", "name")
    assert refused(shop, bin_, name=bin_) == ("label_code", "name")
    raw = {"id": new_id(), "location": bin_, "name": "B-2"}
    outcome = operations.edit(shop.context(shop.cast.technician), "edit_location", raw)
    assert (outcome.error or {})["code"] == "not_allowed"
    version = locations.editable(shop.context(), bin_).version
    assert edit(shop, bin_, name="B-2", based_on=version).done
    assert refused(shop, bin_, name="B-3", based_on=version) == ("edited_since", "name")


def test_the_page_says_what_belongs_there_and_when_it_was_counted(shop: Shop) -> None:
    bin_, elsewhere = shop.bin("B-1"), shop.bin("B-2")
    part = shop.part(part_number="HF-1", location=bin_, reorder_point=5)
    shop.ok("receive", part=part, location=elsewhere, quantity=2)
    page = locations.location_page(shop.context(), bin_)
    assert [(row.code, row.on_hand_milli, row.is_low) for row in page.belongs] == [
        (part, 2000, True)
    ]
    assert page.counted_us is None
    shop.ok("receive", part=part, location=bin_, quantity=1)
    shop.counted(part=part, location=bin_, quantity=1)
    page = locations.location_page(shop.context(), bin_)
    assert page.belongs == []
    assert page.counted_us is not None
    assert locations.location_json(page)["last_counted"] is not None


def test_many_bins_are_made_at_once_or_none(shop: Shop) -> None:
    hall, ctx = area(shop, "Hall"), shop.context(shop.cast.storekeeper)
    plan = locations.plan_bins(ctx, "B-[A-B]-[1-3]", "Hall")
    assert (len(plan.names), plan.taken) == (6, [])
    raw = {"id": new_id(), "pattern": "B-[A-B]-[1-3]", "parent": hall}
    first = operations.create(ctx, "create_bins", raw)
    again = operations.create(ctx, "create_bins", raw)
    assert (first.status, again.status) == ("applied", "duplicate")
    made = locations.made_bins(ctx, raw["id"])
    assert made.names == plan.names
    inside = locations.location_page(ctx, hall).children
    assert [(row.name, row.code) for row in inside] == list(
        zip(made.names, made.codes, strict=True)
    )
    assert locations.plan_bins(ctx, "B-B-[3-4]", hall).taken == ["B-B-3"]
    clash = operations.create(
        ctx, "create_bins", {"id": new_id(), "pattern": "b-b-[3-4]", "parent": hall}
    )
    assert (clash.error or {})["code"] == "taken"
    assert len(locations.location_page(ctx, hall).children) == 6


@on_sqlite
def test_a_large_company_is_looked_through_level_by_level(shop: Shop) -> None:
    hall = area(shop, "Hall")
    for row in "AB":
        raw = {"id": new_id(), "pattern": f"{row}-[001-200]", "parent": hall}
        assert operations.create(shop.context(), "create_bins", raw).done
    tree = locations.tree(shop.context())
    assert (tree.whole, tree.total, names(tree.branches)) == (False, 401, [("Hall", [])])
    assert tree.branches[0].node.places == 400
    first = locations.location_page(shop.context(), hall)
    rest = locations.location_page(shop.context(), hall, after=first.next)
    shown = [node.name for node in first.children + rest.children]
    assert (shown[0], shown[-1], len(set(shown)), rest.next) == ("A-001", "B-200", 400, "")


def test_nothing_comes_into_a_place_out_of_use(shop: Shop) -> None:
    closed, other = shop.bin("B-1"), shop.bin("B-2")
    part = shop.part(location=closed)
    shop.ok("receive", part=part, location=other, quantity=2)
    assert edit(shop, closed, active=False).done
    received = shop.do("receive", part=part, location=closed, quantity=1)
    moved = shop.do("transfer", part=part, from_location=other, to_location=closed, quantity=1)
    for outcome, field in ((received, "location"), (moved, "to_location")):
        assert outcome.status == "rejected"
        error = outcome.error or {}
        assert (error["code"], error["field"]) == ("unused_place", field)
    assert edit(shop, closed, active=True).done
    shop.ok("receive", part=part, location=closed, quantity=1)
