"""New places, and the page of a place: the tree, what lies and stands in it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from stockscan.domain.errors import NotFound
from stockscan.services import locations, operations, search
from tests.cast import hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def test_places_stand_in_a_tree(shop: Shop) -> None:
    site = shop.make("location", name="Hall 2", kind_of_place="site")
    area = shop.make("location", name="Spares", kind_of_place="area", parent=site)
    bin_ = shop.make("location", name="B-12-3", kind_of_place="bin", parent="Spares")
    shown = locations.location_json(locations.location_page(shop.context(), bin_))
    assert (shown["kind"], shown["parent"], shown["parent_name"]) == ("bin", area, "Spares")
    assert [place["name"] for place in shown["path"]] == ["Hall 2", "Spares"]
    inside = locations.location_page(shop.context(), site).children
    assert [row.name for row in inside] == ["Spares"]


def test_an_unknown_parent_names_its_field(shop: Shop) -> None:
    values = {"id": new_id(), "name": "B", "kind_of_place": "bin", "parent": "Nowhere"}
    error = operations.create(shop.context(), "create_location", values).error or {}
    assert (error["code"], error["field"]) == ("unknown_reference", "parent")


def test_create_checks_permission(shop: Shop) -> None:
    values = {"id": new_id(), "name": "B", "kind_of_place": "bin"}
    outcome = operations.create(shop.context(shop.cast.technician), "create_location", values)
    assert (outcome.error or {})["code"] == "not_allowed"


def test_the_page_shows_what_lies_and_stands_there(shop: Shop) -> None:
    bin_, part = shop.bin("B-12-3"), shop.part(part_number="HF-1")
    asset = shop.asset(tag="FL-07", location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=8)
    gone = shop.part(part_number="HF-2")
    shop.ok("receive", part=gone, location=bin_, quantity=1)
    shop.ok("issue", part=gone, location=bin_, quantity=1, reason="used")
    shown = locations.location_json(locations.location_page(shop.context(), "b-12-3"))
    assert [(held["part"], held["quantity"]) for held in shown["balances"]] == [(part, "8")]
    assert [row["code"] for row in shown["assets"]] == [asset]
    row = locations.location_list(shop.context()).rows[0]
    assert (row.parts, row.assets) == (1, 1)


def test_the_list_is_paged_and_filtered(shop: Shop) -> None:
    bins = [shop.bin(f"B-{number}") for number in range(3)]
    shop.make("location", name="A site", kind_of_place="site")
    first = locations.location_list(shop.context(), kind="bin", limit=2)
    rest = locations.location_list(shop.context(), kind="bin", limit=2, after=first.next)
    assert [row.code for row in first.rows + rest.rows] == bins
    assert rest.next == ""


def test_unknown_code(shop: Shop) -> None:
    with pytest.raises(NotFound):
        locations.location_page(shop.context(), "Nowhere")


def test_search_finds_things_of_every_kind(shop: Shop) -> None:
    shop.bin("Filter shelf")
    shop.part(name="Hydraulic filter")
    shop.asset(name="Filter press")
    hits = search.search(shop.context(), "FILTER")
    assert {hit.kind for hit in hits} == {"location", "part", "asset"}
    assert {hit.kind for hit in search.search(shop.context(), "dana")} == {"person"}
    assert search.search(shop.context(), " ") == []
    found = search.exactly(shop.context(), "filter shelf")
    assert found is not None
    assert found.kind == "location"
