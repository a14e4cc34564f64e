"""Pages of parts: the list, one, a new one."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_list_works(shop: Shop, storekeeper: FlaskClient) -> None:
    bin_ = shop.bin("B-12-3")
    shop.part(name="Pad", part_number="BP-1", reorder_point=3, location=bin_)
    shop.part(name="Oil", part_number="OIL-46")
    shop.ok("receive", part="BP-1", location=bin_, quantity=2, unit_cost="64")
    shop.ok("receive", part="OIL-46", location=bin_, quantity=2)
    assert "BP-1 Pad B-12-3 low: 2 pcs 3 €128.00" in text_of(storekeeper, "/parts")
    low = text_of(storekeeper, "/parts?show=low")
    assert "BP-1" in low
    assert "OIL-46" not in low
    assert "Oil" in text_of(storekeeper, "/parts?q=oil")


def test_list_as_a_fragment(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.part(part_number="BP-1")
    fragment = storekeeper.get("/parts", headers=FRAGMENT).get_data(as_text=True)
    assert "BP-1" in fragment
    assert "<html" not in fragment


def test_page_works(shop: Shop, storekeeper: FlaskClient) -> None:
    bin_, asset = shop.bin("B-12-3"), shop.asset(tag="FL-07")
    part = shop.part(supplier="Nordfilter", barcode="4006381333931")
    shop.ok("receive", part=part, location=bin_, quantity=8, unit_cost="18.40")
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    shown = text_of(storekeeper, f"/parts/{part}")
    assert "7 pcs on hand" in shown
    assert "Average cost €18.40" in shown
    assert "Nordfilter" in shown
    assert "4006381333931" in shown
    assert "Installed, FL-07 Forklift" in shown
    assert "−1 pcs −€18.40" in shown


def test_movements_of_every_kind_have_words(shop: Shop, storekeeper: FlaskClient) -> None:
    here, there = shop.bin("Here"), shop.bin("There")
    part, asset = shop.part(), shop.asset()
    shop.ok("receive", part=part, location=here, quantity=9, unit_cost="1")
    shop.ok("issue", part=part, location=here, quantity=1, reason="broken")
    shop.ok("transfer", part=part, from_location=here, to_location=there, quantity=2)
    shop.ok("install", part=part, asset=asset, location=here, quantity=2)
    shop.ok("return_part", part=part, asset=asset, location=here, quantity=1)
    shop.ok("count", part=part, location=here, quantity=6)
    wrong = shop.ok("receive", part=part, location=here, quantity=1)
    shop.ok("reverse", operation=wrong["operation"])
    shown = text_of(storekeeper, f"/parts/{part}")
    for word in ("Received", "Issued", "Moved away", "Moved here", "Installed", "Taken out again"):
        assert word in shown
    assert "Taken back: received" in shown
    assert "broken" in shown
    assert storekeeper.get(f"/locations/{here}").status_code == 200
    assert storekeeper.get(f"/assets/{asset}").status_code == 200


def test_new_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.bin("B-12-3")
    fields = hidden_fields(storekeeper, "/parts/new", "/parts")
    values = {"name": "Filter", "part_number": "HF-1", "unit": "pcs", "location": "B-12-3"}
    answer = storekeeper.post("/parts", data={**fields, **values, "cost": "18,40"})
    assert answer.status_code == 303
    assert "Average cost €18.40" in text_of(storekeeper, answer.location)


def test_new_says_what_is_wrong(shop: Shop, storekeeper: FlaskClient) -> None:
    fields = hidden_fields(storekeeper, "/parts/new", "/parts")
    values = {"name": "Filter", "part_number": "HF-1", "location": "Nowhere"}
    answer = storekeeper.post("/parts", data={**fields, **values})
    assert answer.status_code == 422
    assert "Nowhere" in answer.get_data(as_text=True)


def test_new_checks_permission(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.technician)
    assert client.get("/parts/new").status_code == 403
    values = {"id": "11111111-1111-4111-8111-111111111111", "name": "F", "part_number": "1"}
    assert client.post("/parts", data=values).status_code == 403


def test_unknown_code(storekeeper: FlaskClient) -> None:
    assert storekeeper.get("/parts/HF-99").status_code == 404


def test_find_goes_straight_to_an_exact_code(shop: Shop, storekeeper: FlaskClient) -> None:
    part = shop.part(name="Hydraulic filter", part_number="HF-1")
    assert storekeeper.get("/find?q=hf-1").location == f"/parts/{part}"
    assert "Hydraulic filter" in text_of(storekeeper, "/find?q=hydr")
    assert "Nothing is called" in text_of(storekeeper, "/find?q=zebra")
