"""Entries on the scan screen as plain forms: lots and serials chosen, typed, scanned, refused."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import text_of

EARLY, LATE = "2030-01-31", "2031-06-30"


@dataclass
class Entry:
    """A storekeeper at a shelf with two lots of grease, two batteries, a filter and oil."""

    shop: Shop
    client: FlaskClient
    bin: str
    grease: str
    battery: str
    filter: str
    oil: str

    def form(self, act: str, part: str, **values: str) -> str:
        """The page on which an amount is entered."""
        query = {"mode": act, "on": self.bin, "part": part, "act": act, **values}
        page = self.client.get("/scan", query_string=query).get_data(as_text=True)
        return re.sub("<template.*?</template>", "", page, flags=re.DOTALL)

    def send(self, act: str, part: str, **values: Any) -> TestResponse:
        """Send the form of that page."""
        fields = {"id": str(uuid.uuid4()), "act": act, "on": self.bin, "part": part, **values}
        return self.client.post("/entries", data=fields)

    def shown(self, answer: TestResponse) -> str:
        """The page that follows a form that was taken."""
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.fixture
def entry(app: Flask) -> Iterator[Entry]:
    with app.app_context():
        shop = Shop(hire(app))
        bin_ = shop.bin("Shelf A-03")
        grease = shop.part(name="Grease", tracking="lot")
        battery = shop.part(name="Battery", tracking="serial")
        shop.ok("receive", part=grease, location=bin_, quantity=5, lot="A-1", expires_on=LATE)
        shop.ok("receive", part=grease, location=bin_, quantity=3, lot="B-1", expires_on=EARLY)
        shop.ok("receive", part=battery, location=bin_, serials=["S1", "S2"])
        client = browser(app, shop.cast.storekeeper)
        yield Entry(shop, client, bin_, grease, battery, shop.part(), shop.part(unit="L"))


def test_lots_are_one_tap_first_expired_first(entry: Entry) -> None:
    page = entry.form("issue", entry.grease)
    assert 0 < page.index('value="B-1"') < page.index('value="A-1"')
    assert f"until {EARLY}" in page
    assert "3 pcs" in page
    entry.shown(entry.send("issue", entry.grease, lot="B-1", quantity="2"))
    assert entry.shop.on_hand(entry.grease, entry.bin, "B-1") == 1


def test_a_count_stays_blind(entry: Entry) -> None:
    page = entry.form("count", entry.grease)
    assert 'value="B-1"' in page
    assert "3 pcs" not in page
    assert "8 pcs" not in page
    assert not re.search(r"\bS[12]\b", entry.form("count", entry.battery))


def test_a_count_of_one_lot(entry: Entry) -> None:
    entry.send("count", entry.grease, lot="A-1", quantity="5")
    assert entry.shop.on_hand(entry.grease, entry.bin, "A-1") == 5


def test_a_missing_lot_is_asked_for_and_nothing_typed_is_lost(entry: Entry) -> None:
    answer = entry.send("issue", entry.grease, quantity="2", reason="Line 4")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Which lot? Shelf A-03 holds 2 lots of Grease." in page
    assert 'value="2"' in page
    assert 'value="Line 4"' in page


def test_a_new_lot_comes_in_with_its_expiry(entry: Entry) -> None:
    values = {"lot": "", "lot_typed": "C-1", "expires_on": "2032-02-29", "quantity": "7"}
    entry.shown(entry.send("receive", entry.grease, **values))
    assert entry.shop.on_hand(entry.grease, entry.bin, "C-1") == 7
    assert "until 2032-02-29" in entry.form("issue", entry.grease)


def test_what_a_barcode_said_is_filled_in(entry: Entry) -> None:
    page = entry.form("receive", entry.grease, lot="C-9", expires_on=LATE, quantity="4")
    for value in ("C-9", LATE, "4"):
        assert f'value="{value}"' in page
    page = entry.form("issue", entry.grease, lot="A-1")
    assert 'value="A-1" required checked' in page


def test_a_barcode_scanned_into_the_lot_is_taken_apart(entry: Entry) -> None:
    barcode = "(01)09506000134352(17)320229(10)GS-77"
    entry.shown(entry.send("receive", entry.grease, lot="", lot_typed=barcode, quantity="2"))
    assert entry.shop.on_hand(entry.grease, entry.bin, "GS-77") == 2
    assert "until 2032-02-29" in entry.form("issue", entry.grease)


def test_serials_come_in_one_a_line(entry: Entry) -> None:
    page = entry.form("receive", entry.battery)
    assert "<textarea" in page
    assert 'name="quantity"' not in page
    entry.shown(entry.send("receive", entry.battery, serials="S3\r\nS4\r\n\r\n"))
    assert "S4" in entry.form("issue", entry.battery)


def test_one_serial_moves(entry: Entry) -> None:
    other = entry.shop.bin("Shelf B")
    values = {"serial": "S2", "quantity": "1", "to_location": other}
    entry.shown(entry.send("transfer", entry.battery, **values))
    page = entry.form("issue", entry.battery)
    assert 'value="S1"' in page
    assert 'value="S2"' not in page


@pytest.mark.parametrize(("seen", "state"), [("S1\nS2", "POSTED"), ("", "NEEDS_REVIEW")])
def test_serials_that_are_seen_are_all_there_are(entry: Entry, seen: str, state: str) -> None:
    entry.shown(entry.send("count", entry.battery, serials=seen))
    latest = entry.client.get("/api/v1/movements").get_json()["movements"][-1]
    assert (latest["kind"] == "count_adjust") == (state == "POSTED")


def test_a_serial_that_is_here_already_is_refused(entry: Entry) -> None:
    answer = entry.send("receive", entry.battery, serials="S1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is in Shelf A-03 by the books" in page
    assert ">S1</textarea>" in page


def test_pieces_have_no_decimal_key(entry: Entry) -> None:
    assert "decimal point" not in entry.form("receive", entry.filter)
    assert 'inputmode="numeric"' in entry.form("receive", entry.filter)
    assert "decimal point" in entry.form("receive", entry.oil)
    answer = entry.send("receive", entry.filter, quantity="1.5")
    assert "counted in whole pcs" in answer.get_data(as_text=True)


def test_the_pages_of_part_and_bin_show_lots_and_serials(entry: Entry) -> None:
    shop, asset = entry.shop, entry.shop.asset(tag="FL-07")
    shop.ok("install", part=entry.battery, asset=asset, location=entry.bin, quantity=1, serial="S1")
    part = entry.client.get(f"/parts/{entry.battery}").get_data(as_text=True)
    assert "Installed now" in part
    assert "FL-07" in part
    assert "serial S1" in part
    for address in (f"/parts/{entry.grease}", f"/locations/{entry.bin}"):
        assert f"lot B-1 · until {EARLY}" in text_of(entry.client, address)


def test_a_move_names_its_target_and_warns_of_more_than_is_booked(entry: Entry) -> None:
    entry.shop.ok("receive", part=entry.filter, location=entry.bin, quantity=2)
    other = entry.shop.bin("Shelf B-07")
    page = entry.shown(entry.send("transfer", entry.filter, quantity="3", to_location=other))
    assert "Shelf B-07" in page
    assert "Shelf A-03 holds 2 pcs of Filter on the books" in page


def test_the_result_names_the_lot(entry: Entry) -> None:
    page = entry.shown(entry.send("issue", entry.grease, lot="B-1", quantity="2"))
    assert "B-1" in page
