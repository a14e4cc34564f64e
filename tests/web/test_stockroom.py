"""Pages around parts and places by plain forms: edits, suppliers, goods in and out, many bins."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import operations
from tests.cast import browser, hire, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

# What the pages say does not depend on the database; the services' tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_a_part_is_edited_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    part = shop.part(name="Filter", part_number="HF-1", location=shop.bin("B-1"), cost="2")
    path = f"/parts/{part}/edit"
    fields = hidden_fields(storekeeper, path, path)
    typed = {
        "name": "Filter", "part_number": "HF-1", "unit": "pcs", "cost": "2.00", "location": "",
        "tracking": "none", "abc_class": "C", "pack": "10", "stocked": "y", "active": "y",
    }  # fmt: skip
    answer = storekeeper.post(path, data={**fields, **typed})
    assert answer.status_code == 303
    shown = text_of(storekeeper, answer.location)
    assert "Pack 10 pcs" in shown
    assert "Bin: B-1 to nothing" in shown
    stale = storekeeper.post(path, data={**fields, **typed, "id": new_id(), "pack": "20"})
    assert stale.status_code == 422
    assert "changed this meanwhile, to 10" in stale.get_data(as_text=True)


def test_an_edit_says_why_not(shop: Shop, storekeeper: FlaskClient) -> None:
    part, bin_ = shop.part(part_number="HF-1"), shop.bin("B-1")
    shop.ok("receive", part=part, location=bin_, quantity=2)
    path = f"/parts/{part}/edit"
    typed = {**hidden_fields(storekeeper, path, path), "name": "Filter", "part_number": "HF-1"}
    answer = storekeeper.post(path, data={**typed, "unit": "pcs", "stocked": "y"})
    assert answer.status_code == 422
    assert "2 pcs in B-1" in answer.get_data(as_text=True)


def test_suppliers_are_kept_on_the_page(shop: Shop, storekeeper: FlaskClient) -> None:
    part = shop.part(supplier="Nord", cost="2")
    path = f"/parts/{part}/suppliers"
    fields = hidden_fields(storekeeper, path, path)
    typed = {**fields, "supplier": "West & Co", "number": "W-1", "price": "1,50", "pack": ""}
    assert storekeeper.post(path, data=typed).status_code == 303
    assert "West & Co W-1 €1.50" in text_of(storekeeper, f"/parts/{part}")
    wrong = storekeeper.post(path, data={**typed, "id": new_id(), "price": "cheap"})
    assert "Price of one must be a number." in wrong.get_data(as_text=True)
    asked = {"id": new_id(), "supplier": "West & Co"}
    answer = storekeeper.post(f"{path}/usual", data=asked)
    assert "West & Co W-1 €1.50 usual" in text_of(storekeeper, answer.location)
    assert 'value="W-1"' in storekeeper.get(f"{path}?supplier=west %26 co").get_data(as_text=True)
    answer = storekeeper.post(f"{path}/removal", data={**asked, "id": new_id()})
    assert "W-1 €1.50" not in text_of(storekeeper, answer.location)
    again = storekeeper.post(f"{path}/removal", data={**asked, "id": new_id()})
    assert "Nothing was changed" in text_of(storekeeper, again.location)


def test_barcodes_and_substitutes_come_and_go(shop: Shop, storekeeper: FlaskClient) -> None:
    part, other = shop.part(part_number="1"), shop.part(part_number="2", name="Long filter")
    for path, name, value, sign in (
        ("barcodes", "text", "4006381333931", "4006381333931 Unlink"),
        ("substitutes", "substitute", "2", "Long filter 2 · Shorten it"),
    ):
        whole = f"/parts/{part}/{path}"
        fields = hidden_fields(storekeeper, f"/parts/{part}", whole)
        storekeeper.post(whole, data={**fields, name: value, "note": "Shorten it"})
        assert sign in text_of(storekeeper, f"/parts/{part}")
        gone = hidden_fields(storekeeper, f"/parts/{part}", f"{whole}/removal")
        storekeeper.post(f"{whole}/removal", data=gone)
        assert sign not in text_of(storekeeper, f"/parts/{part}")
    assert other not in storekeeper.get(f"/parts/{part}").get_data(as_text=True)


def test_goods_are_received_with_a_price_and_taken_back(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    bin_ = shop.bin("B-1")
    part = shop.part(part_number="HF-1", location=bin_)
    path = f"/parts/{part}/stock/receipt"
    fields = hidden_fields(storekeeper, path, path)
    typed = {**fields, "at": bin_, "quantity": "8", "unit_cost": "2.50", "note": "Order 77"}
    answers = [storekeeper.post(path, data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    shown = text_of(storekeeper, answers[0].location)
    assert "Received 8 pcs: B-1 went from 0 to 8." in shown
    assert "In the books. Undo" in shown
    assert "Order 77" in shown
    assert "Value €20.00" in shown
    back = f"/operations/{fields['id']}/reversal"
    undo = hidden_fields(storekeeper, answers[0].location, back)
    storekeeper.post(back, data=undo)
    assert shop.on_hand(part, bin_) == 0


@pytest.mark.parametrize(("act", "done"), [("issue", "Issued"), ("scrapping", "Scrapped")])
def test_goods_are_taken_for_a_reason(
    shop: Shop, storekeeper: FlaskClient, act: str, done: str
) -> None:
    bin_, part = shop.bin("B-1"), shop.part(tracking="lot")
    shop.ok("receive", part=part, location=bin_, quantity=8, lot="L|1")
    path = f"/parts/{part}/stock/{act}"
    assert "B-1 · 8 pcs · lot L|1" in text_of(storekeeper, f"{path}?location={bin_}")
    typed = {"id": new_id(), "at": f"{bin_}|lot|L|1", "quantity": "3"}
    nameless = storekeeper.post(path, data=typed)
    assert (nameless.status_code, "reason is missing" in nameless.text) == (422, False)
    answer = storekeeper.post(path, data={**typed, "reason": "Broken"})
    assert f"{done} 3 pcs: B-1 went from 8 to 5." in text_of(storekeeper, answer.location)
    much = storekeeper.post(path, data={**typed, "id": new_id(), "quantity": "1.5", "reason": "x"})
    assert "whole pcs" in much.text


def test_goods_move_to_another_bin(shop: Shop, storekeeper: FlaskClient) -> None:
    here, there, part = shop.bin("Here"), shop.bin("There"), shop.part(part_number="HF-1")
    shop.ok("receive", part=part, location=here, quantity=8)
    asked = storekeeper.get(f"/stock/transfer?location={here}&part=HF-1")
    assert asked.location == f"/parts/HF-1/stock/transfer?location={here}"
    typed = {"id": new_id(), "location": "here", "to_location": "There", "quantity": "2"}
    answer = storekeeper.post("/parts/HF-1/stock/transfer", data=typed)
    shown = text_of(storekeeper, answer.location)
    assert "Moved 2 pcs: Here went from 8 to 6, There from 0 to 2." in shown
    wrong = storekeeper.post(
        "/parts/HF-1/stock/transfer", data={**typed, "id": new_id(), "location": "Nowhere"}
    )
    assert (wrong.status_code, "Nowhere" in wrong.text) == (422, True)
    assert shop.on_hand(part, there) == 2


def test_a_place_is_edited_and_moved(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.make("location", name="Hall", kind_of_place="area")
    bin_ = shop.bin("B-1")
    path = f"/locations/{bin_}/edit"
    typed = {**hidden_fields(storekeeper, path, path), "kind_of_place": "bin", "active": "y"}
    answer = storekeeper.post(path, data={**typed, "name": "B-2", "parent": "hall", "notes": "Dry"})
    shown = text_of(storekeeper, answer.location)
    assert "B-2 Hall" in shown
    assert "Dry" in shown
    assert "Hall 1 place" in text_of(storekeeper, "/locations")
    ring = storekeeper.post(path, data={**typed, "id": new_id(), "name": "B-2", "parent": "B-2"})
    assert "nothing stands inside a bin" in ring.get_data(as_text=True)


def test_many_bins_are_looked_at_first(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.make("location", name="Hall", kind_of_place="area")
    fields = hidden_fields(storekeeper, "/locations/new-many", "/locations/new-many")
    for pattern, parent, said in (
        ("B-[A-B]-[1-3]", "Hall", "Set up 6 bins"),
        ("[3-1]", "", "runs backwards"),
        ("B-[1-3]", "Nowhere", "is no place we know"),
    ):
        asked = {**fields, "pattern": pattern, "parent": parent}
        assert said in storekeeper.post("/locations/new-many/preview", data=asked).text
    typed = {"id": new_id(), "pattern": "B-[A-B]-[1-3]", "parent": "Hall"}
    answer = storekeeper.post("/locations/new-many", data=typed)
    shown = text_of(storekeeper, answer.location)
    assert "B-B-3" in shown
    assert "Print their labels" in shown
    again = storekeeper.post("/locations/new-many", data={**typed, "id": new_id()})
    assert (again.status_code, "stands there already" in again.text) == (422, True)


@pytest.mark.parametrize(
    "path",
    [
        "/parts/{part}/edit", "/parts/{part}/suppliers", "/parts/{part}/stock/receipt",
        "/stock/receipt", "/locations/{bin}/edit", "/locations/new-many",
    ],
)  # fmt: skip
def test_forms_check_permission(app: Flask, shop: Shop, path: str) -> None:
    client = browser(app, shop.cast.technician)
    asked = path.format(part=shop.part(part_number="1"), bin=shop.bin("B-1"))
    assert client.get(asked).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/parts/{part}/edit", "/parts/{part}/suppliers", "/parts/{part}/suppliers/usual",
        "/parts/{part}/suppliers/removal", "/parts/{part}/barcodes",
        "/parts/{part}/barcodes/removal", "/parts/{part}/substitutes",
        "/parts/{part}/substitutes/removal", "/parts/{part}/stock/receipt",
        "/parts/{part}/stock/scrapping",
        "/locations/{bin}/edit", "/locations/new-many",
    ],
)  # fmt: skip
def test_writes_check_permission(app: Flask, shop: Shop, path: str) -> None:
    client = browser(app, shop.cast.technician)
    sent = path.format(part=shop.part(part_number="1"), bin=shop.bin("B-1"))
    data = {
        "id": new_id(), "name": "X", "part_number": "1", "supplier": "X", "text": "X-77",
        "substitute": "1", "kind_of_place": "bin", "pattern": "X", "quantity": "1",
    }  # fmt: skip
    assert client.post(sent, data=data).status_code == 403


def test_technicians_see_the_page_without_its_forms(app: Flask, shop: Shop) -> None:
    part = shop.part(supplier="Nord", barcode="4006381333931")
    page = browser(app, shop.cast.technician).get(f"/parts/{part}").get_data(as_text=True)
    assert "Nord" in page
    for gone in ("/edit", "/removal", "/stock/receipt", "Scan another barcode"):
        assert gone not in page


def test_an_unknown_part_is_asked_again(shop: Shop, storekeeper: FlaskClient) -> None:
    bin_ = shop.bin("B-1")
    answer = storekeeper.get(f"/stock/receipt?location={bin_}&part=HF-9")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="HF-9"' in page
    assert "is no part we know" in page


def test_a_new_place_says_where_it_will_be(shop: Shop, storekeeper: FlaskClient) -> None:
    site = shop.make("location", name="North hall", kind_of_place="site")
    for path in ("/locations/new", "/locations/new-many"):
        page = storekeeper.get(f"{path}?parent={site}").get_data(as_text=True)
        assert "in North hall" in page
        assert f'class="btn square" href="/locations/{site}"' in page
    page = storekeeper.get(f"/locations/new?parent={site}").get_data(as_text=True)
    assert '<option selected value="area">' in page


def test_taking_more_than_there_is_is_said_in_amber(shop: Shop, storekeeper: FlaskClient) -> None:
    bin_ = shop.bin("B-1")
    part = shop.part(location=bin_)
    path = f"/parts/{part}/stock/issue"
    fields = hidden_fields(storekeeper, path, path)
    typed = {"location": bin_, "quantity": "3", "reason": "Used"}
    answer = storekeeper.post(path, data={**fields, **typed}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Count the bin." in page
    assert "notice warn" in page


def test_a_closed_bin_is_not_offered(shop: Shop, storekeeper: FlaskClient) -> None:
    part = shop.part(location=(closed := shop.bin("B-1")))
    gone = {"id": new_id(), "location": closed, "active": False}
    assert operations.edit(shop.context(shop.cast.storekeeper), "edit_location", gone).done
    assert "B-1 out of use" in text_of(storekeeper, f"/parts/{part}")
    form = storekeeper.get(f"/parts/{part}/stock/receipt").get_data(as_text=True)
    assert "its own bin" not in form
    page = text_of(storekeeper, f"/locations/{closed}")
    assert "Give these parts another bin" in page
    assert "Use it again" in page
