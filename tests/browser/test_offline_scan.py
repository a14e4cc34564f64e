"""Without a server a scan means the same as with one, and the screen says what this phone knows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from stockscan.domain.cards import CARDS
from stockscan.services.maintenance import job_pages
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    entries,
    goes_offline,
    knows_it_is_out,
    knows_the_catalogue,
    scan_all,
    states,
    wait_until,
)
from tests.browser.phone import Phone
from tests.browser.site import IN_THE_BIN, Site
from tests.cast import context
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

TIMES_5 = next(code for code, card in CARDS.items() if card.times == 5)
# The label is before the camera when a mode is tapped: it is read in the new one.
TAP_AND_SCAN = """([mode, text]) => {
  document.querySelector(`#stage [data-mode=${mode}]`).click();
  const detail = { text, format: "QRCode", way: "camera", at: performance.now() };
  const read = new CustomEvent("scan-read", { bubbles: true, detail });
  document.querySelector("scan-camera").dispatchEvent(read);
}"""
UNDO = next(code for code, card in CARDS.items() if card.title == "Undo")

SHEETS = "**/api/v1/sheets"
HEAR_OF_THE_END = """() => {
  window.isOver = new Promise((done) =>
    document.addEventListener("outbox-sent", () => setTimeout(done), { once: true }));
}"""


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """Marco's phone, which knows the catalogue."""
    phone = open_phone(site.cast.storekeeper)
    phone.loses_network = True
    phone.open()
    knows_the_catalogue(phone)
    return phone


def written(phone: Phone) -> list[tuple[str, str]]:
    """Kind and quantity of what is kept."""
    return [(row["op"]["kind"], row["op"].get("quantity", "")) for row in entries(phone.page)]


def all_is_booked(phone: Phone) -> None:
    """The server took everything, without a question."""
    comes_back(phone)
    wait_until(lambda: set(states(phone.page)) == {"taken"}, "all is taken")


def test_a_quantity_card_means_that_many_in_all(phone: Phone, site: Site) -> None:
    goes_offline(phone)
    scan_all(phone.page, site.things.forklift, site.things.filter, TIMES_5)
    phone.shows("5 in all")
    scan_all(phone.page, site.things.filter)
    wait_until(lambda: len(entries(phone.page)) == 3, "one more part, once")
    assert written(phone) == [("install", "1"), ("install", "4"), ("install", "1")]
    all_is_booked(phone)
    assert site.on_hand(site.things.filter) == IN_THE_BIN - 6


def test_a_part_for_a_job_is_charged_to_it(phone: Phone, site: Site) -> None:
    forklift = site.things.forklift
    with site.app.app_context():
        job = Shop(site.cast, now_us=context().now_us).make("job", asset=forklift, title="Service")
    phone.open(f"/scan?mode=install&on={forklift}&work={job}")
    goes_offline(phone)
    scan_all(phone.page, site.things.filter, TIMES_5)
    phone.shows("5 in all")
    assert [row["op"]["work"] for row in entries(phone.page)] == [job, job]
    all_is_booked(phone)
    with site.app.app_context():
        fitted = job_pages.job_page(context(), job).installed
    assert sorted(row.quantity_milli for row in fitted) == [1000, 4000]


def test_a_quantity_card_adds_to_what_the_server_recorded(phone: Phone, site: Site) -> None:
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.reads("40", "39")
    goes_offline(phone)
    scan_all(phone.page, TIMES_5)
    phone.shows("5 in all")
    all_is_booked(phone)
    assert site.on_hand(site.things.filter) == IN_THE_BIN - 5


def test_a_quantity_card_fills_in_the_number(phone: Phone, site: Site) -> None:
    goes_offline(phone)
    phone.page.evaluate("history.replaceState(null, '', '/scan?mode=receive')")
    scan_all(phone.page, site.things.bin)
    phone.shows("Shelf A-03")
    phone.page.locator("summary", has_text="More").click()
    phone.tap("Receive")
    scan_all(phone.page, TIMES_5, site.things.bin, site.things.filter)
    expect(phone.page.locator("#quantity")).to_have_value("5")


def test_undo_of_what_the_server_recorded_takes_back_all_of_it(phone: Phone, site: Site) -> None:
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.reads("40", "39")
    scan_all(phone.page, TIMES_5)
    phone.shows("5 in all")
    goes_offline(phone)
    phone.tap(re.compile("^Undo"))
    phone.shows("Taken back")
    all_is_booked(phone)
    assert site.on_hand(site.things.filter) == IN_THE_BIN


def test_what_was_taken_back_is_not_taken_back_again(phone: Phone, site: Site) -> None:
    goes_offline(phone)
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.shows("Installed")
    phone.tap(re.compile("^Undo"))
    phone.shows("Taken back")
    scan_all(phone.page, UNDO)
    phone.shows("Nothing to undo")
    all_is_booked(phone)
    assert site.on_hand(site.things.filter) == IN_THE_BIN


def test_two_taps_are_one_write(phone: Phone, site: Site) -> None:
    goes_offline(phone)
    scan_all(phone.page, site.things.bin, site.things.filter)
    phone.page.locator("[data-act=receive]").click()
    phone.page.locator("#quantity").fill("5")
    phone.page.evaluate(
        "() => { const next = document.querySelector('.key.next'); next.click(); next.click(); }"
    )
    phone.shows("Received")
    all_is_booked(phone)
    assert site.on_hand(site.things.filter) == IN_THE_BIN + 5


def test_what_the_server_just_recorded_is_known(phone: Phone, site: Site) -> None:
    phone.open(f"/scan?mode=check_out&on={site.things.drill}")
    scan_all(phone.page, site.cast.technician.code)
    phone.shows("Checked out")
    knows_it_is_out(phone, site.things.drill)
    goes_offline(phone)
    phone.tap("Done")
    expect(phone.page.locator("#stage")).to_have_attribute("data-state", "idle")
    phone.page.evaluate(TAP_AND_SCAN, ["return", site.things.drill])
    phone.shows("Returned")
    all_is_booked(phone)
    assert [kind for kind, _ in site.handovers(site.things.drill)][-2:] == ["check_out", "check_in"]


def test_several_are_put_away_and_have_one_undo(phone: Phone, site: Site) -> None:
    goes_offline(phone)
    phone.page.locator("summary", has_text="More").click()
    phone.tap("Several")
    expect(phone.page.locator("#stage[data-address*=collect]")).to_be_visible()
    scan_all(phone.page, site.things.drill, site.things.forklift)
    expect(phone.page.locator("#stage")).to_contain_text("2 on the list")
    scan_all(phone.page, site.things.bin)
    phone.shows("2 of them")
    all_is_booked(phone)
    phone.page.wait_for_selector("#stage:not([data-local])")
    phone.tap(re.compile("^Undo"))
    phone.shows("Taken back")
    assert len(entries(phone.page)) == 2, "the server undid it"


def test_a_store_that_fails_for_a_moment_loses_no_scan(phone: Phone, site: Site) -> None:
    phone.page.evaluate("""() => {
      const real = IDBDatabase.prototype.transaction;
      const until_ms = performance.now() + 300;
      IDBDatabase.prototype.transaction = function (...given) {
        if (performance.now() < until_ms) throw new DOMException("connection lost", "UnknownError");
        return real.apply(this, given);
      };
    }""")
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.reads("40", "39")


def test_a_catalogue_that_never_comes_holds_nothing_up(phone: Phone, site: Site) -> None:
    phone.page.route("**/catalogue?**", lambda route: route.abort())
    goes_offline(phone)
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.shows("Installed")
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"taken": 1}, "it is taken")


@pytest.fixture
def asked(phone: Phone) -> list[Route]:
    """What the phone asks the server, which does not answer."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route(SHEETS, hold)
    with phone.page.expect_request(SHEETS):
        phone.page.reload()
    return held


def test_what_has_no_answer_ends_when_the_network_goes(phone: Phone, asked: list[Route]) -> None:
    with phone.page.expect_event("requestfailed", lambda one: one.url.endswith("/sheets")):
        goes_offline(phone)
    assert len(asked) == 1


def test_a_server_that_goes_while_the_phone_asks_holds_nothing_up(
    phone: Phone, site: Site, asked: list[Route]
) -> None:
    phone.loses_network = True
    phone.page.route(re.compile("^(?!.*/sheets$)"), lambda route: route.abort())
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.shows("Installed")
    phone.page.evaluate(HEAR_OF_THE_END)
    asked[0].abort()
    phone.page.evaluate("window.isOver")
    scan_all(phone.page, site.things.hose)
    phone.shows("Hydraulic hose")
    expect(phone.page.locator("#toast")).to_be_empty()
    phone.page.unroute_all()
    all_is_booked(phone)


def test_somebody_else_can_drop_nothing(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.loses_network = True
    phone.open()
    phone.keeps_app()
    knows_the_catalogue(phone)
    goes_offline(phone)
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.shows("Installed")
    site.let_in(site.cast.storekeeper, phone.page.context)
    comes_back(phone)
    phone.page.goto(f"{site.url}/waiting")
    expect(phone.page.locator("waiting-list")).to_contain_text("1 of Dana Reyes")
    expect(phone.page.locator("waiting-list button")).to_have_count(0)
