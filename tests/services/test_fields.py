"""The company's own fields: how they are made, and what things may have in them."""

from typing import Any

import pytest

from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid
from stockscan.services import fields, operations
from stockscan.services.operations import Outcome
from stockscan.services.work import reading
from stockscan.store import fields as store
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def make(shop: Shop, **values: Any) -> Outcome:
    """Try to make a field of assets."""
    raw = {"id": new_id(), "thing": "asset", "type": "text", **values}
    return operations.create(shop.context(), "create_field", raw)


def edit(shop: Shop, number: int, **values: Any) -> Outcome:
    """Try to change a field."""
    raw = {"id": new_id(), "field": number, **values}
    return operations.edit(shop.context(), "edit_field", raw)


def names(shop: Shop) -> list[str]:
    """The fields of assets in their order."""
    return [field.name for field in fields.every(shop.context())["asset"]]


def check(given: dict[str, str], stored: str = "{}", category: str = "Truck") -> str:
    """What an asset of this category has once `given` is written."""
    with reading() as connection:
        return store.check(connection, "asset", category, given, stored)


def test_fields_stand_in_the_order_that_they_are_given(shop: Shop) -> None:
    one, two, three = (shop.own_field(name=name) for name in ("One", "Two", "Three"))
    assert edit(shop, three, position=0).done
    assert names(shop) == ["Three", "One", "Two"]
    assert edit(shop, three, position=99).done
    assert edit(shop, two, position=0).done
    assert names(shop) == ["Two", "One", "Three"]
    assert edit(shop, one, name="First", category="Truck", active=False).done
    with reading() as connection:
        shown = store.definitions(connection, "asset", "truck")
    assert [field.name for field in shown] == ["Two", "Three"]
    assert edit(shop, one, active=True, category="").done
    assert names(shop) == ["Two", "First", "Three"]


def test_a_name_stands_once_among_the_fields_that_a_thing_may_have(shop: Shop) -> None:
    assert make(shop, name="Voltage", category="Truck").done
    assert make(shop, name="voltage", category="Lift").done, "another category's"
    assert make(shop, name="Voltage", thing="part").done
    for values in (
        {"name": "VOLTAGE", "category": "truck"},
        {"name": "Voltage"},
        {"name": "Serial"},
        {"name": "purchase cost"},
    ):
        error = make(shop, **values).error or {}
        assert (error["code"], error["field"]) == ("taken", "name")
    assert edit(shop, 1, active=False).done
    assert "Bring it back" in (make(shop, name="Voltage").error or {})["message"]


@on_sqlite
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Fuel", "type": "choice"}, "choices"),
        ({"name": "Fuel", "type": "text", "choices": ["Gas"]}, "choices"),
        ({"name": "Fuel", "type": "colour"}, "type"),
        ({"name": "Fuel", "thing": "person"}, "thing"),
        ({"name": "Fuel", "type": "choice", "choices": [str(n) for n in range(101)]}, "choices"),
    ],
)
def test_a_field_that_can_not_be_is_refused(shop: Shop, values: Any, field: str) -> None:
    assert (make(shop, **values).error or {})["field"] == field
    assert names(shop) == []


@on_sqlite
@pytest.mark.parametrize("role", list(Role))
def test_only_admins_make_fields(shop: Shop, role: Role) -> None:
    raw = {"id": new_id(), "thing": "asset", "type": "text", "name": "Fuel"}
    outcome = operations.create(shop.context(shop.cast.of(role)), "create_field", raw)
    assert outcome.done == (role is Role.ADMIN)


def test_what_is_given_is_checked_and_all_else_is_kept(shop: Shop) -> None:
    height = shop.own_field(name="Mast height", type="number", category="Truck")
    fuel = shop.own_field(name="Fuel", type="choice", choices="Gas\nDiesel")
    gone = shop.own_field(name="Gone")
    stored = check({str(height): "4,50", str(fuel): "gas", str(gone): "kept"})
    assert stored == f'{{"{height}": "4.5", "{fuel}": "Gas", "{gone}": "kept"}}'
    assert edit(shop, gone, active=False).done
    assert edit(shop, fuel, choices=["Diesel"]).done
    assert check({}, stored, "Lift") == stored
    assert check({str(fuel): ""}, stored) == f'{{"{height}": "4.5", "{gone}": "kept"}}'
    with reading() as connection:
        every = store.every(connection, "asset")
    assert store.texts(every, stored) == {"Mast height": "4.5", "Fuel": "Gas", "Gone": "kept"}
    for given, category, says in (
        ({height: "tall"}, "Truck", "Mast height must be a number."),
        ({fuel: "Gas"}, "Truck", "Fuel must be one of Diesel."),
        ({height: "4"}, "Lift", "Mast height is for Truck alone. Leave it empty."),
        ({gone: "x"}, "Truck", "Gone is retired. An admin can bring it back."),
        ({99: "x"}, "Truck", "There is no such field of an asset. Load the page again."),
    ):
        with pytest.raises(Invalid) as refused:
            check({str(number): text for number, text in given.items()}, stored, category)
        assert (refused.value.message, refused.value.field) == (says, "custom")
