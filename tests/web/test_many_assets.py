"""Pages about many assets: a model with its parts list, what stands idle, changing many."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import assets
from tests.cast import browser, hire, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_idle_and_busy_work(shop: Shop, storekeeper: FlaskClient) -> None:
    assert "No assets yet." in text_of(storekeeper, "/assets/utilisation")
    asset = shop.asset(tag="FL-07")
    assert "FL-07" in text_of(storekeeper, "/assets/utilisation")
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code)
    shown = text_of(storekeeper, "/assets/utilisation?sort=busy&days=365")
    assert "FL-07 Forklift with Vera Lind" in shown
    assert storekeeper.get("/assets/utilisation?days=2").status_code == 422


def test_many_are_changed_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.bin("Hall 2")
    codes = [shop.asset() for _ in range(3)]
    shop.ok("check_out", asset=codes[0], to_person=shop.cast.viewer.code)
    path = f"/assets/bulk?code={codes[0]}&code={codes[1]}&codes={codes[1]}+{codes[2]}"
    shown = text_of(storekeeper, path)
    assert "Change 3 assets" in shown
    assert "1 of them is out now." in shown
    typed = {"category": "Trucks", "location": "Hall 2", "condition": "4", "back": "y"}
    data = {**hidden_fields(storekeeper, path, "/assets/bulk"), **typed}
    for _ in range(2):
        answer = storekeeper.post("/assets/bulk", data=data)
        assert answer.status_code == 303, answer.text
    rows = [assets.asset_row(shop.context(), code) for code in codes]
    assert {(row.category, row.location, row.condition, row.is_out) for row in rows} == {
        ("Trucks", "Hall 2", 4, False)
    }
    assert "Nothing is chosen." in text_of(storekeeper, "/assets/bulk")


def test_many_say_what_stands_in_the_way(app: Flask, shop: Shop) -> None:
    supervisor, asset = browser(app, shop.cast.supervisor), shop.asset(tag="FL-07")
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code)
    path = f"/assets/bulk?code={asset}"
    for typed, words in (
        ({}, "Say what to change first."),
        ({"status": "retired"}, "Forklift FL-07 is out with Vera Lind."),
        ({"location": "Hall 9"}, "is not a bin or place we know"),
    ):
        fields = hidden_fields(supervisor, path, "/assets/bulk")
        answer = supervisor.post("/assets/bulk", data={**fields, **typed})
        assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert browser(app, shop.cast.technician).get(path).status_code == 403
    retire = {**hidden_fields(supervisor, path, "/assets/bulk"), "status": "retired", "back": "y"}
    keeper = browser(app, shop.cast.storekeeper)
    assert keeper.post("/assets/bulk", data=retire).status_code == 403
    assert supervisor.post("/assets/bulk", data=retire).status_code == 303


def test_parts_list_is_changed_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.make("model", name="Linde H25D")
    part = shop.part(name="Oil filter", part_number="OF-1")
    path = "/models/Linde%20H25D/parts"
    fields = hidden_fields(storekeeper, path, path)
    typed = {"part": "OF-1", "quantity": "2", "place": "pump", "critical": "y"}
    for _ in range(2):
        answer = storekeeper.post(path, data={**fields, **typed})
        assert answer.status_code == 303, answer.text
    assert "Oil filter pump · 2 pcs, critical" in text_of(storekeeper, path)
    again = storekeeper.post(path, data={**typed, "id": new_id(), "quantity": "many"})
    assert (again.status_code, "must be a number" in again.text) == (422, True)
    storekeeper.post(f"{path}/removal", data={"id": new_id(), "part": part, "place": "pump"})
    assert "Oil filter" not in text_of(storekeeper, path)


def test_model_page_sums_up(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.make("model", name="Linde H25D", life_months=12)
    shop.asset(model="Linde H25D", purchase_date="2010-01-01", purchase_cost="900", salvage="100")
    shop.asset(model="Linde H25D")
    shown = text_of(storekeeper, "/models/Linde%20H25D")
    assert "Book value today €100.00 of 1 of 2" in shown
    assert "Bought for €900.00" in shown
