"""The sheets that a phone carries: what is left for one person, and never what the books hold."""

import pytest
from flask import Flask

from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts.plans import Plan
from tests.cast import browser, hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(hire(app))


def test_a_sheet_says_what_is_left_in_the_order_of_walking(app: Flask, shop: Shop) -> None:
    with app.app_context():
        bins = [shop.bin("A-10"), shop.bin("A-2")]
        part, oil = shop.part(name="Filter"), shop.part(name="Oil", tracking="lot")
        for bin_ in bins:
            shop.ok("receive", part=part, location=bin_, quantity="7013")
        shop.ok("receive", part=oil, location=bins[1], quantity="7013", lot="L-1")
        opened = counts.open_count(shop.context(), new_id(), Plan(name="Aisle", scope=Scope()))
    client = browser(app, shop.cast.technician)
    [listed] = client.get("/api/v1/sheets").json["sheets"]  # type: ignore[index]
    answer = client.get(f"/api/v1/sheets/{opened.id}")
    assert "7013" not in answer.get_data(as_text=True)
    sheet = answer.json
    assert sheet is not None
    assert [(bin_["code"], bin_["lines"]) for bin_ in sheet["bins"]] == [
        (bins[1], [[part, ""], [oil, "L-1"]]),
        (bins[0], [[part, ""]]),
    ]
    assert (sheet["title"], sheet["version"], sheet["bins_in_all"]) == (
        "CC-1",
        listed["version"],
        2,
    )
    assert (sheet["more"], sheet["code"]) == (None, opened.code)
    begun = client.get(f"/api/v1/sheets/{opened.id}?begin={sheet['bins'][1]['order']}").json
    assert begun is not None
    assert [bin_["code"] for bin_ in begun["bins"]] == [bins[0]]


def test_what_was_counted_is_left_out_and_makes_another_version(app: Flask, shop: Shop) -> None:
    with app.app_context():
        bins, part = [shop.bin(), shop.bin()], shop.part()
        for bin_ in bins:
            shop.ok("receive", part=part, location=bin_, quantity="3")
        opened = counts.open_count(shop.context(), new_id(), Plan(scope=Scope()))
    client = browser(app, shop.cast.technician)
    before = client.get(f"/api/v1/sheets/{opened.id}").json
    with app.app_context():
        shop.ok("count", by=shop.cast.technician, count=opened.id, part=part, location=bins[0],
                quantity="3")  # fmt: skip
    after = client.get(f"/api/v1/sheets/{opened.id}").json
    assert before is not None
    assert after is not None
    assert before["version"] != after["version"]
    assert [bin_["code"] for bin_ in after["bins"]] == [bins[1]]
    assert after["bins_in_all"] == 2


def test_only_who_may_count_has_sheets(app: Flask, shop: Shop) -> None:
    for player, listed, missing in ((shop.cast.viewer, 403, 403), (shop.cast.technician, 200, 404)):
        client = browser(app, player)
        assert client.get("/api/v1/sheets").status_code == listed
        for unknown in (new_id(), "no-count"):
            assert client.get(f"/api/v1/sheets/{unknown}").status_code == missing
