"""The pages of the company's own fields, and such fields in the forms of things."""

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.services import fields
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_an_admin_makes_orders_renames_and_retires_fields(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.admin)
    assert "None yet" in text_of(client, "/fields")
    for name, kind, choices in (("Voltage", "number", ""), ("Fuel", "choice", "Gas\r\nDiesel\r\n")):
        form = hidden_fields(client, "/fields/new?thing=asset", "/fields")
        filled = {**form, "thing": "asset", "name": name, "type": kind, "choices": choices}
        assert client.post("/fields", data=filled).location == "/fields"
        assert client.post("/fields", data=filled).location == "/fields", "a retry makes no second"
    page = text_of(client, "/fields")
    assert page.index("Voltage") < page.index("Fuel")
    client.post("/fields/2/position", data={"id": new_id(), "position": "0"})
    page = text_of(client, "/fields")
    assert page.index("Fuel") < page.index("Voltage")
    form = hidden_fields(client, "/fields/2/edit", "/fields/2/edit")
    changed = {**form, "name": "Drive", "choices": "Gas\r\nElectric", "category": "Truck"}
    assert client.post("/fields/2/edit", data=changed).status_code == 303
    page = text_of(client, "/fields")
    assert "Drive One of several · for Truck · Gas, Electric Retired" in page


@on_sqlite
def test_a_field_that_can_not_be_says_why_and_keeps_what_was_typed(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.admin)
    form = {"id": new_id(), "thing": "asset", "name": "Fuel", "type": "choice", "choices": ""}
    answer = client.post("/fields", data=form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Enter what can be chosen, one a line." in page
    assert 'value="Fuel"' in page


@on_sqlite
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER, Role.SUPERVISOR])
def test_fields_are_for_admins(app: Flask, shop: Shop, role: Role) -> None:
    shop.own_field(name="Voltage", type="number")
    client = browser(app, shop.cast.of(role))
    for path in ("/fields", "/fields/new", "/fields/1/edit"):
        assert client.get(path).status_code == 403
    for path in ("/fields", "/fields/1/edit", "/fields/1/position"):
        data = {"id": new_id(), "thing": "asset", "name": "X", "type": "text", "position": "0"}
        assert client.post(path, data=data).status_code == 403
    with app.app_context():
        assert [each.name for each in fields.every(shop.context())["asset"]] == ["Voltage"]


@on_sqlite
def test_a_form_sends_only_the_own_fields_that_were_touched(app: Flask, shop: Shop) -> None:
    height = shop.own_field(name="Mast height", type="number")
    fuel = shop.own_field(name="Fuel", type="choice", choices=["Gas", "Diesel"], category="Truck")
    client = browser(app, shop.cast.storekeeper)
    form = hidden_fields(client, "/assets/new", "/assets")
    typed = {"name": "Forklift", "tag": "FL-1", "category": "Truck", f"custom-{height}": "4,50"}
    made = client.post("/assets", data={**form, **typed, f"custom-{fuel}": "gas"})
    assert made.status_code == 303, made.get_data(as_text=True)
    page = text_of(client, made.location)
    assert "Mast height 4.5" in page
    assert "Fuel Gas" in page
    edit = f"{made.location}/edit"
    form = hidden_fields(client, edit, edit)
    other = hidden_fields(client, edit, edit)
    data = {**typed, f"custom-{height}": "4.5", f"custom-{fuel}": "Diesel"}
    assert client.post(edit, data={**form, **data}).status_code == 303
    data = {**typed, f"custom-{height}": "5", f"custom-{fuel}": "Gas"}
    assert client.post(edit, data={**other, **data}).status_code == 303, "another field of it"
    page = text_of(client, made.location)
    assert "Mast height 5 " in page
    assert "Fuel Diesel" in page
    late = client.post(edit, data={**other, "id": new_id(), **data, f"custom-{height}": "6"})
    assert "Mast height: Marco Silva changed this meanwhile, to 5." in late.get_data(as_text=True)


@on_sqlite
def test_a_wrong_value_is_named_and_what_was_typed_stays(app: Flask, shop: Shop) -> None:
    height = shop.own_field(name="Mast height", type="number", thing="part")
    client = browser(app, shop.cast.storekeeper)
    form = hidden_fields(client, "/parts/new", "/parts")
    typed = {"name": "Filter", "part_number": "F-1", f"custom-{height}": "tall"}
    answer = client.post("/parts", data={**form, **typed})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Mast height must be a number." in page
    assert 'value="tall"' in page
