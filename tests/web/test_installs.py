"""A machine's parts page: one-tap installs and returns, lots asked for, its own list."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.codes import read
from stockscan.domain.counts.scope import Scope
from stockscan.services import counts, operations
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading
from stockscan.store.scanning import resolve
from tests.cast import browser, hire, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of, words


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def listed(shop: Shop, tracking: str = "none") -> tuple[str, str]:
    """FL-07, whose model needs two brake pads, with ten of them in B-1."""
    shop.make("model", name="Linde H25D")
    part = shop.part(name="Brake pad", location=shop.bin("B-1"), tracking=tracking)
    for lot, quantity in {"none": [("", 10)], "lot": [("A", 6), ("B", 4)]}[tracking]:
        more = {"lot": lot} if lot else {}
        shop.ok("receive", part=part, location="B-1", quantity=quantity, unit_cost="64", **more)
    line = {"model": "Linde H25D", "part": part, "quantity": 2, "life_months": 12}
    made = operations.edit(shop.context(), "set_model_part", {**line, "id": new_id()})
    assert made.done, made
    return shop.asset(model="Linde H25D", tag="FL-07"), part


def part_id(code: str) -> int:
    with reading() as connection:
        found = resolve(connection, read(code))
    assert found is not None
    assert found.id is not None
    return found.id


def test_one_tap_installs_and_one_takes_it_back(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop)
    page, action = f"/assets/{asset}/parts", f"/assets/{asset}/installs"
    assert "Brake pad × 2 10 in B-1" in text_of(storekeeper, page)
    fields = hidden_fields(storekeeper, page, action)
    for _ in range(2):
        done = storekeeper.post(action, data=fields)
        assert (done.status_code, done.location) == (303, f"{page}?done={fields['id']}")
    assert shop.on_hand(part, "B-1") == 8
    shown = text_of(storekeeper, done.location)
    assert "Brake pad installed" in shown
    assert "10 to 8 in B-1" in shown
    assert "In it now 1 Brake pad × 2 since Today" in shown
    undo = f"/operations/{fields['id']}/reversal"
    answer = storekeeper.post(undo, data=hidden_fields(storekeeper, done.location, undo))
    assert (answer.status_code, answer.location) == (303, page)
    assert shop.on_hand(part, "B-1") == 10
    assert "Brake pad installed" not in text_of(storekeeper, done.location)


def test_one_tap_brings_a_part_back(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop)
    shop.ok("install", asset=asset, part=part, quantity=2)
    page, action = f"/assets/{asset}/parts", f"/assets/{asset}/returns"
    done = storekeeper.post(action, data=hidden_fields(storekeeper, page, action))
    assert "Brake pad returned" in text_of(storekeeper, done.location)
    assert "Nothing was recorded yet." in text_of(storekeeper, page)
    assert shop.on_hand(part, "B-1") == 10


def test_a_lot_is_asked_for(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop, tracking="lot")
    page, action = f"/assets/{asset}/parts", f"/assets/{asset}/installs"
    fields = hidden_fields(storekeeper, page, action)
    asked = storekeeper.post(action, data=fields)
    assert asked.status_code == 422
    assert "Which lot? B-1 holds 2 lots of Brake pad." in words(asked.get_data(as_text=True))
    done = storekeeper.post(action, data={**fields, "lot": "B"})
    assert done.status_code == 303
    assert shop.on_hand(part, "B-1", "B") == 2
    assert "lot B" in text_of(storekeeper, page)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_lot_is_typed_where_what_lies_there_is_hidden(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    asset, part = listed(shop, tracking="lot")
    blind = Plan(scope=Scope(parts=(part_id(part),)), counters=(shop.cast.storekeeper.id,))
    counts.open_count(shop.context(), new_id(), blind)
    scan = {"raw": part, "mode": "install", "on": asset}
    fields = {**hidden_fields(storekeeper, f"/scan?on={asset}&mode=install", "/scans"), **scan}
    asked = storekeeper.post("/scans", data={**fields, "id": new_id()})
    assert asked.status_code == 422
    assert "Lot on it" in words(asked.get_data(as_text=True))
    action = f"/assets/{asset}/installs"
    tapped = hidden_fields(storekeeper, f"/assets/{asset}/parts", action)
    asked = storekeeper.post(action, data=tapped)
    assert "Lot on it" in words(asked.get_data(as_text=True))
    storekeeper.post("/scans", data={**fields, "id": new_id(), "lot": "B"})
    storekeeper.post(action, data={**tapped, "id": new_id(), "lot": "A"})
    assert [shop.on_hand(part, "B-1", lot) for lot in "AB"] == [4, 3]


def test_what_is_put_in_unlisted_is_put_on_a_list(shop: Shop, storekeeper: FlaskClient) -> None:
    """The scan screen warns, and offers both lists to who may change them."""
    asset, _part = listed(shop)
    fan = shop.part(name="Fan", location="B-1")
    shop.ok("receive", part=fan, location="B-1", quantity=9)
    action = f"/assets/{asset}/parts/compatible"
    offers = []
    for _ in range(2):
        scan = {"id": new_id(), "mode": "install", "on": asset, "raw": fan}
        stage = storekeeper.post("/scans", data=scan).location
        page = storekeeper.get(stage).get_data(as_text=True)
        assert "Fan is not on the parts list of Forklift." in words(page)
        offers.append(re.findall(r'name="model" value="([^"]*)"', page))
        fields = hidden_fields(storekeeper, stage, action)
        answer = storekeeper.post(action, data={**fields, "model": ""})
        assert answer.location == fields["back"]
        assert "It is on the list of this machine." in text_of(storekeeper, answer.location)
        shown = text_of(storekeeper, f"/assets/{asset}/parts")
        assert "Fan" in shown.partition("In it now")[0]
        removal = f"/assets/{asset}/parts/removal"
        own = f"/assets/{asset}/parts/list"
        assert "This machine alone 1 Fan 1 pcs" in text_of(storekeeper, own)
        storekeeper.post(removal, data=hidden_fields(storekeeper, own, removal))
    assert offers == [["", "Linde H25D"]] * 2
    fields = {**fields, "id": new_id(), "model": "Linde H25D"}
    storekeeper.post(action, data=fields)
    assert "Fan" in text_of(storekeeper, "/models/Linde%20H25D/parts")


def test_a_technician_is_warned_alone(app: Flask, shop: Shop) -> None:
    asset, _part = listed(shop)
    fan = shop.part(name="Fan", location="B-1")
    technician = browser(app, shop.cast.technician)
    scan = {"id": new_id(), "mode": "install", "on": asset, "raw": fan}
    page = technician.get(technician.post("/scans", data=scan).location).get_data(as_text=True)
    assert "Fan is not on the parts list of Forklift." in words(page)
    assert "compatible" not in page
    assert technician.get(f"/assets/{asset}/parts/list").status_code == 403


def test_the_own_list_says_what_is_wrong(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop)
    action = f"/assets/{asset}/parts/list"
    fields = hidden_fields(storekeeper, action, action)
    line = {"part": part, "quantity": "x", "meter": "Hours", "meter_life": ""}
    wrong = storekeeper.post(action, data={**fields, **line})
    assert wrong.status_code == 422
    assert "How many must be a number." in words(wrong.get_data(as_text=True))
    wrong = storekeeper.post(action, data={**fields, **line, "quantity": "4"})
    assert "Say how much of Hours it lasts" in words(wrong.get_data(as_text=True))
    done = storekeeper.post(action, data={**fields, **line, "quantity": "4", "meter_life": "500"})
    assert done.status_code == 303
    shown = text_of(storekeeper, action)
    assert "Brake pad 4 pcs, lasts 500 by Hours" in shown


def test_programs_read_it_too(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop)
    shop.ok("install", asset=asset, part=part, quantity=2)
    told = storekeeper.get(f"/api/v1/assets/{asset}/parts").get_json()
    (line,), (one,) = told["listed"], told["installed"]
    assert (line["part"], line["quantity"], line["on_hand"], line["own"]) == (part, "2", "8", False)
    assert (one["part"], one["cost"], one["due_on"]) == (part, "128.00", "2024-11-14")
    assert told["hidden"] is False


def test_where_it_is_used(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = listed(shop)
    shop.ok("install", asset=asset, part=part, quantity=2)
    shown = text_of(storekeeper, f"/parts/{part}/used")
    assert "Linde H25D 2 each, lasts 12 months 1 in service" in shown
    assert "Forklift FL-07 14 Nov 2023 · Ada Admin 2 €128.00" in shown
    assert f"/parts/{part}/used" in storekeeper.get(f"/parts/{part}").get_data(as_text=True)
