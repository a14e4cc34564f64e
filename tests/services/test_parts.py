"""New parts, and the page of a part: numbers, barcodes, balances, worth, movements."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from stockscan.domain.errors import NotFound
from stockscan.services import operations, parts
from stockscan.services.work import reading
from stockscan.store.parts import Supplier
from tests.cast import hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def test_a_part_number_belongs_to_one_part(shop: Shop) -> None:
    shop.part(part_number="HF-6177")
    values = {"id": new_id(), "name": "Filter", "part_number": "hf-6177"}
    error = operations.create(shop.context(), "create_part", values).error or {}
    assert (error["code"], error["field"]) == ("taken", "part_number")


def test_a_supplier_is_added_once(shop: Shop) -> None:
    shop.part(supplier="Nordfilter")
    page = parts.part_page(shop.context(), shop.part(supplier="NORDFILTER"))
    assert page.part.supplier == "Nordfilter"
    with reading() as connection:
        assert connection.scalar(select(func.count(Supplier.id))) == 1


def test_a_barcode_stands_for_the_part(shop: Shop) -> None:
    part = shop.part(barcode="4006381333931")
    assert parts.part_page(shop.context(), "4006381333931").part.code == part
    values = {"id": new_id(), "name": "F", "part_number": "2", "barcode": "4006381333931"}
    error = operations.create(shop.context(), "create_part", values).error or {}
    assert (error["code"], error["field"]) == ("taken", "barcode")
    with pytest.raises(NotFound):
        parts.part_page(shop.context(), "2")


def test_create_says_how_the_part_is_called(shop: Shop) -> None:
    values = {
        "id": new_id(), "name": "Oil", "part_number": "OIL-46", "unit": "l", "cost": "4.125",
        "location": shop.bin("B-13-2"), "pack": 20, "reorder_point": "2.5", "abc_class": "A",
    }  # fmt: skip
    made = operations.create(shop.context(), "create_part", values).result
    assert made is not None
    names = {"part_number": "OIL-46", "name": "Oil", "url": f"/parts/{made['code']}"}
    assert made == {"code": made["code"], **names}
    made = parts.part_json(parts.part_page(shop.context(), "OIL-46"))
    assert (made["unit"], made["cost"], made["pack"]) == ("l", "4.125", "20")
    assert (made["location_name"], made["reorder_point"]) == ("B-13-2", "2.5")
    assert (made["on_hand"], made["balances"]) == ("0", [])


def test_create_checks_permission(shop: Shop) -> None:
    values = {"id": new_id(), "name": "Filter", "part_number": "1"}
    outcome = operations.create(shop.context(shop.cast.technician), "create_part", values)
    assert (outcome.error or {})["code"] == "not_allowed"


def test_the_page_shows_balances_worth_and_movements(shop: Shop) -> None:
    here, there = shop.bin("Here"), shop.bin("There")
    part, asset = shop.part(unit="m"), shop.asset()
    shop.ok("receive", part=part, location=here, quantity=8, unit_cost="2")
    shop.ok("transfer", part=part, from_location=here, to_location=there, quantity="2.5")
    shop.ok("install", part=part, asset=asset, location=there, quantity="2.5")
    page = parts.part_page(shop.context(), part)
    shown = parts.part_json(page)
    assert [(at["location"], at["quantity"]) for at in shown["balances"]] == [(here, "5.5")]
    assert (shown["on_hand"], shown["average_cost"], shown["value"]) == ("5.5", "2.00", "11.00")
    kinds = [line.row.kind for line in page.moves]
    assert kinds == ["install", "transfer_in", "transfer_out", "receive"]


def test_movements_are_paged(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    for _ in range(parts.MOVES + 1):
        shop.ok("receive", part=part, location=bin_, quantity=1)
    first = parts.part_page(shop.context(), part)
    assert len(first.moves) == parts.MOVES
    rest = parts.part_page(shop.context(), part, before=first.older)
    assert (len(rest.moves), rest.older) == (1, None)


def test_the_list_knows_what_runs_low(shop: Shop) -> None:
    bin_ = shop.bin()
    low, plenty = shop.part(part_number="1", reorder_point=2), shop.part(part_number="2")
    shop.ok("receive", part=low, location=bin_, quantity=2)
    shop.ok("receive", part=plenty, location=bin_, quantity=2)
    page = parts.part_list(shop.context(), show="low")
    assert [row.code for row in page.rows] == [low]
    assert (page.counts["all"], page.counts["low"]) == (2, 1)
