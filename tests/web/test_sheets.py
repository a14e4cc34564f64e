"""Counting a sheet bin by bin by plain forms: the way, the number, what is said of a whole bin."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stockscan.services.counts import Opened
from tests.cast import new_id
from tests.shop import SECOND
from tests.web.screen import FRAGMENT, Screen, screen, state

__all__ = ["screen"]


@dataclass
class Round:
    """Dana counts two bins; two parts lie in the first, 12 filters and 7 hoses."""

    screen: Screen
    opened: Opened
    bins: tuple[str, str]
    parts: tuple[str, str]

    def scan(self, raw: str, **values: str) -> TestResponse:
        """A scan on the screen of this count."""
        return self.screen.scan(raw, **{"mode": "count", "count": self.opened.id, **values})

    def enter(self, shown: dict[str, str], quantity: str, **values: str) -> TestResponse:
        """Type a number into the entry that the address shows."""
        return self.screen.post("/entries", **{**shown, "quantity": quantity, **values})

    def page(self, response: TestResponse) -> str:
        """The page behind the redirect, its words one blank apart."""
        return re.sub(r"\s+", " ", self.screen.shows(response))


def html(response: TestResponse) -> str:
    """The page, its words one blank apart."""
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.fixture
def round_(screen: Screen) -> Round:
    shop = screen.shop
    hose, last = shop.part(name="Suction hose", part_number="SH-2"), shop.bin("B-12-4")
    shop.ok("receive", part=hose, location=screen.bin, quantity=7, unit_cost="3.00")
    shop.ok("receive", part=hose, location=last, quantity=1)
    opened = shop.plan(screen.bin, last, name="Aisle B", counters=(shop.cast.technician,))
    return Round(screen, opened, (screen.bin, last), (screen.part, hose))


def test_bin_number_next_until_the_bin_is_done(round_: Round) -> None:
    asked = round_.scan(round_.bins[0])
    page = round_.page(asked)
    assert "Count CC-1 · bin 1 of 2" in page
    assert "Part 1 of 2 here" in page
    assert (state(asked)["part"], "Hydraulic filter" in page) == (round_.parts[0], True)
    second = round_.enter(state(asked), "11")
    page = round_.page(second)
    assert "Part 2 of 2 here" in page
    assert "Counted 11 pcs" in page
    assert state(second)["part"] == round_.parts[1]
    done = round_.page(round_.enter(state(second), "7"))
    assert "Bin B-12-3 is done" in done
    assert "Next: Bin B-12-4" in done
    last = round_.scan(round_.bins[1], on=round_.bins[0])
    assert "Part 1 of 1 here" in round_.page(last)
    assert "That was the last bin" in round_.page(round_.enter(state(last), "1"))


def test_the_number_covers_the_time_since_the_bin_was_scanned(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    assert shown["since"].startswith("s")
    second = state(round_.enter(shown, "12"))
    assert second["since"] == shown["since"]


def test_scans_of_the_part_add_up_and_the_last_is_undone(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    for _ in range(3):
        shown = state(round_.scan(round_.parts[0], way="keys", **shown))
    assert (shown["entries"], shown["quantity"]) == ("+1*3", "3")
    page = html(round_.screen.client.get("/scan", query_string=shown))
    assert "scanned 3" in page
    fewer = re.search(r'data-entries-undo href="([^"]+)"', page)
    assert fewer is not None
    assert 'value="2"' in html(round_.screen.client.get(fewer[1].replace("&amp;", "&")))
    typed = round_.enter({**shown, "entries": "+1*3,12"}, "12")
    assert "Counted 12 pcs" in round_.page(typed)


def test_a_tap_opens_the_part_without_counting_it(round_: Round) -> None:
    shown = state(round_.scan(round_.parts[1], on=round_.bins[0]))
    assert (shown["part"], "entries" in shown) == (round_.parts[1], False)


def test_a_number_that_is_not_recorded_is_not_lost_by_the_next_scan(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    shown = state(round_.scan(round_.parts[0], way="keys", **shown))
    for other in (round_.parts[1], round_.bins[1]):
        kept = round_.scan(other, way="keys", **shown)
        assert kept.status_code == 422
        assert "1 is not recorded yet. Tap Next" in html(kept)
        assert "Hydraulic filter" in html(kept)


def test_what_is_not_on_the_list_is_counted_too(round_: Round) -> None:
    strange = round_.screen.shop.part(name="Fuse 10 A")
    shown = state(round_.scan(round_.bins[0]))
    found = round_.scan(strange, way="keys", on=round_.bins[0], since=shown["since"])
    assert "Not on the list here" in round_.page(found)
    after = round_.page(round_.enter(state(found), "4"))
    assert "Counted 4 pcs" in after
    assert "Part 2 of 3 here" in after


def test_an_empty_bin_needs_a_second_tap_that_says_what_it_does(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    say = {**shown, "part": "", "act": "", "say": "empty"}
    asked = html(round_.screen.client.get("/scan", query_string=say))
    assert "Is Bin B-12-3 empty?" in asked
    assert "2 records become 0" in asked
    once = {"id": new_id(), **say}
    for _ in range(2):
        done = round_.page(round_.screen.client.post("/completions", data=once))
        assert "Bin B-12-3 is done" in done
    assert done.count(">0 <") == 2


def test_goods_that_moved_meanwhile_ask_for_one_of_three_answers(round_: Round) -> None:
    shop, shown = round_.screen.shop, state(round_.scan(round_.bins[0]))
    shop.now_us = int(shown["since"][1:], 16) - SECOND + 1
    shop.ok("install", by=shop.cast.storekeeper, part=round_.parts[0], asset=round_.screen.asset,
            location=round_.bins[0], quantity=1)  # fmt: skip
    moved = round_.enter(shown, "9")
    page = round_.page(moved)
    assert "Moved while you counted" in page
    assert "1 installed on Forklift by Marco Silva" in page
    assert page.index("Count again") < page.index("It happened before I counted")
    assert "It happened after" in page
    answered = re.search(
        r'action="(/operations/[^"]+/answer)".*?name="line" value="(\d+)"', html(
            round_.screen.client.get(urlsplit(moved.headers["Location"]).path,
                                     query_string=state(moved))), re.DOTALL)  # fmt: skip
    assert answered is not None
    going_on = {**state(moved), "done": "", "line": answered[2], "side": "before"}
    after = round_.screen.post(answered[1], **going_on)
    assert "Part 2 of 2 here" in round_.page(after), "it is judged with the sheet, not before"


def test_what_is_off_is_to_be_counted_again_and_says_so(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    shown = state(round_.enter(shown, "5"))
    client, path = round_.screen.client, f"/counts/{round_.opened.id}/sheet"
    said = round_.screen.post(f"{path}/submission")
    page = html(client.get(said.headers["Location"]))
    assert "2 still to be counted, 1 to be counted again" in page
    assert "Count again · part 1 of 2 here" in round_.page(round_.scan(round_.bins[0]))


def test_a_code_that_nothing_goes_by_says_what_to_do_in_a_count(round_: Round) -> None:
    shown = state(round_.scan(round_.bins[0]))
    unknown = round_.scan("NO-SUCH-CODE", **shown)
    assert "Tap Other part here to type its part number." in html(unknown)


def test_a_bin_outside_and_one_on_another_sheet(round_: Round) -> None:
    shop = round_.screen.shop
    outside = round_.page(round_.scan(shop.bin("Z-9")))
    assert "Not in this count" in outside
    assert "Your next bin is Bin B-12-3" in outside
    round_.screen.become(shop.cast.storekeeper)
    other = round_.page(round_.scan(round_.bins[0]))
    assert "On somebody else" in other
    assert "Dana Reyes is to count it" in other
    joined = round_.screen.post("/visits", mode="count", count=round_.opened.id, on=round_.bins[0])
    assert "Part 1 of 2 here" in round_.page(joined)


def test_the_code_on_a_sheet_opens_its_count(round_: Round) -> None:
    shown = state(round_.screen.scan(round_.opened.code))
    assert (shown["mode"], shown["count"]) == ("count", round_.opened.id)
    client = round_.screen.client
    opened = client.get(f"/S/{round_.opened.code}", follow_redirects=True)
    assert opened.request.path == f"/counts/{round_.opened.id}/sheet"
    found = client.get("/api/v1/resolve", query_string={"code": round_.opened.code}).get_json()
    assert (found["kind"], found["title"], found["actions"]) == ("count", "CC-1", ["count"])


def test_a_sheet_is_started_paused_continued_and_submitted(round_: Round) -> None:
    client, path = round_.screen.client, f"/counts/{round_.opened.id}"
    assert f'href="{path}/sheet"' in html(client.get("/counts/mine"))
    assert "Start" in html(client.get(f"{path}/sheet"))
    shown = state(round_.scan(round_.bins[0]))
    state(round_.enter(shown, "12"))
    assert round_.screen.post(f"{path}/pause").status_code == 303
    page = html(client.get(f"{path}/sheet"))
    assert "Continue" in page
    assert "Submit 1 counted" in page
    said = round_.screen.post(f"{path}/sheet/submission")
    assert "2 still to be counted" in html(client.get(said.headers["Location"]))


def test_as_a_fragment_and_with_an_unknown_count(round_: Round) -> None:
    client: FlaskClient = round_.screen.client
    place = {"mode": "count", "count": round_.opened.id, "on": round_.bins[0]}
    part = client.get("/scan", query_string=place, headers=FRAGMENT)
    assert html(part).lstrip().startswith('<div id="stage"')
    unknown = client.get("/scan", query_string={**place, "count": new_id()})
    assert unknown.status_code == 200
    assert "CC-" not in html(unknown)
    assert client.get(f"/counts/{new_id()}/sheet").status_code == 404
