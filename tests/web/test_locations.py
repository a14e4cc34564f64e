"""Pages of places: the list, one, a new one."""

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
    shop.bin("B-12-3")
    shop.make("location", name="Hall 2", kind_of_place="site")
    shown = text_of(storekeeper, "/locations?kind=bin")
    assert "B-12-3" in shown
    assert "Hall 2" not in shown
    assert "Hall 2" in text_of(storekeeper, "/locations?q=hall")


def test_list_as_a_fragment(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.bin("B-12-3")
    fragment = storekeeper.get("/locations", headers=FRAGMENT).get_data(as_text=True)
    assert "B-12-3" in fragment
    assert "<html" not in fragment


def test_page_works(shop: Shop, storekeeper: FlaskClient) -> None:
    site = shop.make("location", name="Hall 2", kind_of_place="site")
    bin_ = shop.make("location", name="B-12-3", kind_of_place="bin", parent=site)
    shop.part(name="Oil", part_number="HF-1", unit="L")
    shop.asset(tag="FL-07", location=bin_)
    shop.ok("receive", part="HF-1", location=bin_, quantity="2.5")
    shown = text_of(storekeeper, f"/locations/{bin_}")
    assert "B-12-3 Hall 2" in shown
    assert "Oil HF-1 2.5 L" in shown
    assert "FL-07 Forklift" in shown
    page = storekeeper.get(f"/locations/{bin_}").get_data(as_text=True)
    assert f"/scan?mode=count&amp;on={bin_}" in page
    assert "B-12-3" in text_of(storekeeper, f"/locations/{site}")


def test_new_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    fields = hidden_fields(storekeeper, "/locations/new", "/locations")
    values = {"name": "B-12-3", "kind_of_place": "bin"}
    answer = storekeeper.post("/locations", data={**fields, **values})
    assert answer.status_code == 303
    assert "Nothing lies here." in text_of(storekeeper, answer.location)


def test_new_checks_permission(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.technician)
    assert client.get("/locations/new").status_code == 403
    values = {"id": "11111111-1111-4111-8111-111111111111", "name": "B", "kind_of_place": "bin"}
    assert client.post("/locations", data=values).status_code == 403


def test_unknown_code(storekeeper: FlaskClient) -> None:
    assert storekeeper.get("/locations/Nowhere").status_code == 404
