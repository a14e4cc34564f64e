"""The pages of prints: the log, the progress of a large one, its file, and printing again."""

import re
import time
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import labels
from stockscan.services.labels import Paper, Print, Wanted
from stockscan.services.work import unit_of_work
from stockscan.store.labels import LabelPrint
from stockscan.web.label_files import label_setup
from tests.cast import browser
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
L7160 = Paper("avery-l7160", "standard")


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def order(shop: Shop, *codes: str, at_once: int = 0, paper: Paper = L7160) -> Print:
    """A print of the storekeeper's that is waiting for its worker."""
    ctx, uid = shop.context(shop.cast.storekeeper), str(uuid.uuid4())
    wanted, setup = Wanted(codes), label_setup()
    return labels.order_print(ctx, setup, wanted, paper, "pdf", uid, at_once).print


def change(found: Print, **values: object) -> None:
    with unit_of_work() as session:
        row = session.get_one(LabelPrint, found.number)
        for name, value in values.items():
            setattr(row, name, value)


def wait_for(client: FlaskClient, path: str, sentence: str) -> str:
    """Look again until the page says it."""
    for _ in range(600):
        if sentence in (said := text_of(client, path)):
            return said
        time.sleep(0.1)
    raise AssertionError(text_of(client, path))


def test_a_large_print_is_watched_and_downloaded(shop: Shop, storekeeper: FlaskClient) -> None:
    codes = [shop.bin(f"B-{number}") for number in range(31)]
    paper = {"stock": "avery-l7160", "layout": "standard", "copies": "10", "start": "1"}
    body = {"id": str(uuid.uuid4()), "codes": " ".join(codes), **paper, "format": "pdf"}
    ordered = storekeeper.post("/labels/prints", data=body)
    assert ordered.status_code == 303
    path = ordered.location
    assert re.fullmatch(r"/labels/prints/\d+", path)
    wait_for(storekeeper, path, "The file is ready")
    file = storekeeper.get(f"{path}/file")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert storekeeper.post("/labels/prints", data=body).location == path
    assert "Bin B-0, Bin B-1, Bin B-2 and 28 more" in text_of(storekeeper, "/labels/prints")


def test_progress_shows_how_far_it_is_and_can_be_cancelled(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    found = order(shop, shop.asset(), shop.asset())
    path = f"/labels/prints/{found.number}"
    change(found, done=1, beat_us=2**62)
    page = storekeeper.get(path, headers=FRAGMENT).get_data(as_text=True)
    assert 'value="1" max="2"' in page
    assert 'hx-trigger="every 2s"' in page
    assert "1 of 2" in text_of(storekeeper, "/labels/prints")
    assert storekeeper.post(f"{path}/cancellation").status_code == 303
    assert "Cancelled" in text_of(storekeeper, path)
    assert storekeeper.get(f"{path}/file").status_code == 404
    assert storekeeper.post(f"{path}/cancellation").status_code == 409


def test_what_stands_still_is_continued(shop: Shop, storekeeper: FlaskClient) -> None:
    found = order(shop, shop.asset())
    path = f"/labels/prints/{found.number}"
    change(found, beat_us=1)
    assert "It stands still" in text_of(storekeeper, path)
    assert storekeeper.post(f"{path}/file").status_code == 303
    wait_for(storekeeper, path, "The file is ready")
    assert storekeeper.post(f"{path}/file").status_code == 409


def test_a_small_print_is_looked_up_and_printed_again(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset(name="Lift", tag="FL-07")
    found = order(shop, asset, shop.bin("B-1"), at_once=9)
    path = f"/labels/prints/{found.number}"
    shown = text_of(storekeeper, path)
    assert "Lift FL-07" in shown
    fields = hidden_fields(storekeeper, path, f"{path}/again")
    again = {**fields, "which": "rest", "first": "2", "start": "5"}
    for _ in range(2):
        file = storekeeper.post(f"{path}/again", data=again)
        assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert text_of(storekeeper, "/labels/prints?person=me").count("Made") == 2
    wrong = storekeeper.post(f"{path}/again", data={**again, "first": "99"})
    assert wrong.status_code == 422
    assert "Nothing is left" in wrong.get_data(as_text=True)


def test_an_old_address_is_told(app: Flask, shop: Shop, storekeeper: FlaskClient) -> None:
    found = order(shop, shop.asset(), at_once=9)
    change(found, public_url="http://old.test")
    assert "old address" in text_of(storekeeper, "/labels/prints")
    assert "http://old.test" in text_of(storekeeper, f"/labels/prints/{found.number}")


def test_warnings_and_trouble_are_shown(shop: Shop, storekeeper: FlaskClient) -> None:
    found = order(shop, shop.asset())
    change(found, state="failed", trouble="The stock is gone.", warnings='["Too small: 7K3"]')
    shown = text_of(storekeeper, f"/labels/prints/{found.number}")
    assert "The stock is gone." in shown
    assert "Too small: 7K3" in shown


def test_an_empty_log_teaches(storekeeper: FlaskClient) -> None:
    assert "Nothing is printed yet" in text_of(storekeeper, "/labels/prints")
    assert "Nobody printed that" in text_of(storekeeper, "/labels/prints?way=zpl")


def test_checks_permission_and_unknown(app: Flask, shop: Shop, storekeeper: FlaskClient) -> None:
    found, client = order(shop, shop.asset()), browser(app, shop.cast.technician)
    path = f"/labels/prints/{found.number}"
    for address in ("/labels/prints", path, f"{path}/file"):
        assert client.get(address).status_code == 403
    for act in ("file", "cancellation", "again"):
        assert client.post(f"{path}/{act}").status_code == 403
        assert storekeeper.post(f"/labels/prints/999/{act}").status_code == 404
    assert storekeeper.get("/labels/prints/999").status_code == 404
    assert storekeeper.get("/labels/prints?before=x&person=nobody").status_code == 404


def test_a_thing_tells_when_its_label_was_printed(
    app: Flask, shop: Shop, storekeeper: FlaskClient
) -> None:
    asset, bin_, part = shop.asset(), shop.bin(), shop.part()
    assert "Print again" not in text_of(storekeeper, f"/assets/{asset}")
    order(shop, asset, bin_, part, at_once=9, paper=Paper("avery-l7160", "standard", copies=2))
    for path in (f"/assets/{asset}", f"/locations/{bin_}", f"/parts/{part}"):
        assert re.search(r"Label printed: .*, 2 copies Print again", text_of(storekeeper, path))
    technician = browser(app, shop.cast.technician)
    assert "Print again" not in text_of(technician, f"/assets/{asset}")


def test_one_label_of_a_roll_is_printed_again_in_one_tap(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    asset, other = shop.asset(), shop.asset()
    ctx, uid = shop.context(shop.cast.storekeeper), str(uuid.uuid4())
    roll, wanted = Paper("zebra-2x1", "standard"), Wanted([asset, other])
    number = labels.order_print(ctx, label_setup(), wanted, roll, "zpl", uid).print.number
    again = f"/labels/prints/{number}/again"
    fields = hidden_fields(storekeeper, f"/assets/{other}", again)
    file = storekeeper.post(again, data={**fields, "which": "one"})
    assert file.data.count(b"^XA") == 1
    assert text_of(storekeeper, "/labels/prints").count("ZPL file · Zebra 2 × 1 in") == 2
