"""The first page of each role."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.figures import from_us
from stockscan.services import operations, purchasing
from tests.cast import Cast, browser, context, hire, new_id
from tests.shop import Shop
from tests.web.pages import text_of


def stock_up(app: Flask, cast: Cast) -> dict[str, str]:
    """A bin, a part that runs low, an asset that the technician holds; their codes."""
    with app.app_context():
        ctx = context(cast.storekeeper)

        def create(kind: str, **values: str) -> str:
            outcome = operations.create(ctx, kind, {"id": new_id(), **values})
            assert outcome.result is not None, outcome.error
            return str(outcome.result["code"])

        place = create("create_location", name="B-12-3", kind_of_place="bin")
        part = create(
            "create_part", name="Filter", part_number="HF-1", location=place, reorder_point="4"
        )
        asset = create("create_asset", name="Tablet", tag="T-0102")
        given = {"part": part, "location": place, "quantity": "3"}
        operations.apply(ctx, {"id": new_id(), "kind": "receive", **given})
        out = {"asset": asset, "to_person": cast.technician.code, "due_on": "2030-01-07"}
        operations.apply(ctx, {"id": new_id(), "kind": "check_out", **out})
    return {"place": place, "part": part, "asset": asset}


@pytest.mark.parametrize("role", list(Role))
def test_home_works(app: Flask, role: Role) -> None:
    cast = hire(app)
    page = browser(app, cast.of(role)).get("/").get_data(as_text=True)
    assert cast.of(role).name in page
    assert 'href="/scan"' in page
    assert ("Needs you" in page) == (role in {Role.SUPERVISOR, Role.ADMIN})
    may_fill = role in {Role.STOREKEEPER, Role.SUPERVISOR}
    assert ("From here to the first scan" in page) == (role is Role.ADMIN)
    assert ("Nothing is on the books yet" in page) == may_fill


def test_home_shows_what_i_have_and_what_runs_low(app: Flask) -> None:
    cast = hire(app)
    codes = stock_up(app, cast)
    page = browser(app, cast.technician).get("/").get_data(as_text=True)
    assert f"/assets/{codes['asset']}" in page
    assert "7 Jan 2030" in page
    assert f"/parts/{codes['part']}" in page
    assert "reorder at 4" in page


def test_home_shows_what_i_did_last(app: Flask) -> None:
    cast = hire(app)
    stock_up(app, cast)
    mine = browser(app, cast.storekeeper).get("/").get_data(as_text=True)
    theirs = browser(app, cast.supervisor).get("/").get_data(as_text=True)
    assert "Received" in mine
    assert "Received" not in theirs


def test_home_says_what_is_late(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        shop = Shop(cast)
        late = {"to_person": cast.technician.code, "due_on": "2024-01-07"}
        shop.ok("check_out", asset=shop.asset(name="Drill"), **late)
    for path in ("/", f"/people/{cast.technician.code}"):
        assert "days late" in text_of(browser(app, cast.technician), path)


def test_home_searches(app: Flask) -> None:
    page = browser(app, hire(app).viewer).get("/").get_data(as_text=True)
    assert page.count('action="/find"') == 2  # the bar of a desktop, the field of a phone


def test_home_as_a_fragment(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    fragment = client.get("/", headers={"HX-Request-Type": "partial"}).get_data(as_text=True)
    assert "You have" in fragment
    assert "<html" not in fragment


def test_what_must_be_ordered_first_is_approved_first(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        shop = Shop(cast)
        for name, days in (("Nord", 9), ("Sued", 3), ("West", None)):
            part = shop.part(supplier=name, lead_time_days=1)
            need_by = days and from_us(shop.now_us).date() + timedelta(days)
            purchasing.ask_for(shop.context(), new_id(), part, 1_000, need_by)
    page = text_of(browser(app, cast.supervisor), "/")
    names = re.findall(r"Approve R-\d: (\w+)", page)
    assert names == ["Sued", "Nord", "West"]
