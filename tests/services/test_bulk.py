"""Many assets changed as one action: all, or none."""

from collections.abc import Iterator

import pytest
from flask import Flask

from stockscan.domain.errors import Invalid, NotAllowed, TooLarge
from stockscan.services import assets, bulk, checking, operations
from stockscan.services.bulk import SHAPES, Wish
from stockscan.services.operations import Outcome
from tests.cast import hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def apply(shop: Shop, codes: list[str], wish: Wish) -> list[Outcome]:
    shop.wait()
    ctx = shop.context(shop.cast.supervisor)
    return operations.perform(
        ctx, new_id(), bulk.steps(bulk.chosen(ctx, codes), wish), shapes=SHAPES
    )


def test_all_become_what_is_wished(shop: Shop) -> None:
    shop.make("model", name="Linde H25D")
    hall, codes = shop.bin("Hall 2"), [shop.asset() for _ in range(3)]
    shop.ok("check_out", asset=codes[0], to_person=shop.cast.viewer.code)
    wish = Wish(model="linde h25d", category="Trucks", location="Hall 2", condition="3",
                status="retired", reason="sold off", back=True)  # fmt: skip
    assert {outcome.status for outcome in apply(shop, codes, wish)} == {"applied"}
    for code in codes:
        row = assets.asset_row(shop.context(), code)
        assert (row.model, row.category, row.location_code) == ("Linde H25D", "Trucks", hall)
        assert (row.condition, row.status, row.is_out) == (3, "retired", False)
    assert checking.check(shop.context()) == []


def test_one_that_cannot_stops_all(shop: Shop) -> None:
    codes = [shop.asset(tag=f"T-{number}", name="Drill") for number in range(3)]
    shop.ok("check_out", asset=codes[1], to_person=shop.cast.viewer.code)
    (outcome,) = apply(shop, codes, Wish(category="Tools", status="retired"))
    assert (outcome.error or {})["message"].startswith("Drill T-1 is out with Vera Lind.")
    rows = [assets.asset_row(shop.context(), code) for code in codes]
    assert {(row.category, row.status) for row in rows} == {("", "in_service")}


def test_what_is_so_already_needs_nothing(shop: Shop) -> None:
    shop.bin("Hall 2")
    asset = shop.asset(location="Hall 2")
    rows = bulk.chosen(shop.context(), [asset])
    for wish in (Wish(), Wish(reason="why"), Wish(location="Hall 2", status="in_service")):
        with pytest.raises(Invalid):
            bulk.steps(rows, wish)


def test_more_than_an_action_holds_is_refused(shop: Shop) -> None:
    with pytest.raises(TooLarge):
        bulk.chosen(shop.context(), [f"C{number}" for number in range(501)])
    rows = bulk.chosen(shop.context(), [shop.asset()]) * 300
    with pytest.raises(TooLarge):
        bulk.steps(rows, Wish(category="Tools", condition="3"))


def test_choosing_checks_permission(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        bulk.chosen(shop.context(shop.cast.technician), [])
