"""The scan screen without a browser: plain forms, fragments, and everything that can go wrong."""

import time
import uuid

import pytest

from stockscan.domain.operations import seen_token
from tests.web.screen import FRAGMENT, Screen, screen

__all__ = ["screen"]


def test_install_without_javascript(screen: Screen) -> None:
    page = screen.shows(screen.scan(screen.part, on=screen.asset))
    assert "Installed" in page
    assert "€18.40" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 11


def test_install_as_a_fragment(screen: Screen) -> None:
    form = {"id": str(uuid.uuid4()), "raw": screen.part, "mode": "install", "on": screen.asset}
    response = screen.client.post("/scans", data=form, headers=FRAGMENT)
    body = response.get_data(as_text=True)
    assert response.status_code == 200
    assert body.lstrip().startswith('<div id="stage"')
    assert "<html" not in body


def test_scan_is_idempotent(screen: Screen) -> None:
    again = str(uuid.uuid4())
    for _ in range(3):
        page = screen.shows(screen.scan(screen.part, on=screen.asset, id=again))
        assert "Installed" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 11


def test_retried_return_shows_its_first_answer(screen: Screen) -> None:
    screen.scan(screen.shop.cast.technician.code, on=screen.asset)
    again = str(uuid.uuid4())
    for _ in range(2):
        assert "Returned" in screen.shows(screen.scan(screen.asset, "return", id=again))


def test_undo_puts_it_back(screen: Screen) -> None:
    location = screen.scan(screen.part, on=screen.asset).headers["Location"]
    operation = location.partition("done=")[2]
    undone = screen.client.post(
        f"/operations/{operation}/reversal", data={"id": str(uuid.uuid4()), "on": screen.asset}
    )
    assert "Taken back" in screen.shows(undone)
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


def test_check_out_then_return(screen: Screen) -> None:
    badge = screen.shop.cast.storekeeper.code
    assert "Checked out" in screen.shows(screen.scan(badge, on=screen.asset))
    taken = screen.scan(badge, on=screen.asset)
    body = taken.get_data(as_text=True)
    assert taken.status_code == 422
    assert "Already out" in body
    assert "Marco Silva brought it back" in body
    assert "Since" in body
    assert "Returned" in screen.shows(screen.scan(screen.asset, "return"))


def test_hand_over_in_one_tap(screen: Screen) -> None:
    screen.scan(screen.shop.cast.storekeeper.code, on=screen.asset)
    form = {"asset": screen.asset, "from": screen.shop.cast.storekeeper.code}
    assert "Dana Reyes" in screen.shows(screen.post("/handovers", **form))


def test_count_is_blind_then_shows_its_difference(screen: Screen) -> None:
    page = screen.shows(screen.scan(screen.part, "count", screen.bin))
    assert "How many do you see?" in page
    assert "12 pcs" not in page
    form = {
        "id": str(uuid.uuid4()),
        "act": "count",
        "on": screen.bin,
        "part": screen.part,
        "quantity": "11",
    }
    page = screen.shows(screen.client.post("/entries", data=form))
    assert "A supervisor looks at it" in page
    assert "−1" in page


def test_repeated_count_shows_its_first_answer(screen: Screen) -> None:
    """The window of a count grows with each repetition; it is still the same count."""
    form = {
        "id": str(uuid.uuid4()),
        "act": "count",
        "on": screen.bin,
        "part": screen.part,
        "quantity": "12",
    }
    for open_s in (2, 3, 4):
        opened = seen_token(time.time_ns() // 1000 - open_s * 1_000_000)
        sent = screen.client.post("/entries", data={**form, "opened": opened})
        assert "Counted" in screen.shows(sent)


def test_rejecting_what_was_booked_says_so(screen: Screen) -> None:
    count = screen.shop.counted(part=screen.part, location=screen.bin, quantity=3)
    screen.become(screen.shop.cast.supervisor)
    form = {"line": count["line"], f"seen-{count['line']}": "0"}
    answer = screen.client.post(f"/counts/{count['count']}/rejection", data=form)
    page = screen.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "It was booked before" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 3


def test_wrong_number_keeps_what_was_typed(screen: Screen) -> None:
    form = {
        "id": str(uuid.uuid4()),
        "act": "count",
        "on": screen.bin,
        "part": screen.part,
        "quantity": "a dozen",
    }
    response = screen.client.post("/entries", data=form)
    assert response.status_code == 422
    assert 'value="a dozen"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "raw", ["no such thing", "https://example.com/S/0000000", "javascript:alert(1)", "\x00", "]Q1"]
)
def test_unknown_code(screen: Screen, raw: str) -> None:
    response = screen.scan(raw)
    assert response.status_code == 422
    assert 'data-tone="warn"' in response.get_data(as_text=True)


def test_five_thousand_characters(screen: Screen) -> None:
    response = screen.scan("x" * 5000)
    assert response.status_code == 422
    assert "Not a StockScan code" in response.get_data(as_text=True)


def test_address_of_another_host_is_understood(screen: Screen) -> None:
    page = screen.shows(screen.scan(f"https://OLD.EXAMPLE.COM/S/{screen.asset}"))
    assert "Forklift" in page


def test_part_before_machine_waits_for_the_machine(screen: Screen) -> None:
    assert "Scan the machine for" in screen.shows(screen.scan(screen.part, "install"))
    page = screen.shows(screen.scan(screen.asset, "install", on=screen.part))
    assert "Installed" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 11


def test_part_without_stock_is_booked_and_flagged(screen: Screen) -> None:
    empty = screen.shop.part(name="Seal kit", location=screen.bin)
    page = screen.shows(screen.scan(empty, on=screen.asset))
    assert "holds 0 pcs of Seal kit on the books" in page
    assert screen.shop.on_hand(empty, screen.bin) == -1


def test_checks_permission(screen: Screen) -> None:
    screen.become(screen.shop.cast.viewer)
    response = screen.scan(screen.part, on=screen.asset)
    assert response.status_code == 422
    assert "Not allowed" in response.get_data(as_text=True)
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


@pytest.mark.parametrize("prefix", ["S", "s"])
def test_label_address_leads_to_the_thing(screen: Screen, prefix: str) -> None:
    response = screen.client.get(f"/{prefix}/{screen.asset.lower()}")
    assert response.headers["Location"] == f"/assets/{screen.asset}"


def test_label_address_of_a_stranger(screen: Screen) -> None:
    assert screen.client.get("/S/0000000").status_code == 404
