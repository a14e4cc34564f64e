"""The journeys of a working day by keyboard scanner, by typing and with JavaScript off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

Scan = Callable[[Phone, str], None]
WAYS = pytest.mark.parametrize(
    "scan", [Phone.scan_by_wedge, Phone.scan_by_typing], ids=["wedge", "typed"]
)


@WAYS
def test_install_and_undo(site: Site, open_phone: OpenPhone, scan: Scan) -> None:
    things = site.things
    phone = open_phone(site.cast.technician)
    phone.open()
    scan(phone, things.forklift)
    phone.shows("Forklift Linde E20")
    scan(phone, things.filter)
    phone.shows("Installed", "Left in Shelf A-03", "12.50")
    assert site.movements() == [("install", -1000, -125_000, site.asset_id(things.forklift))]
    phone.tap("Undo")
    phone.shows("Taken back")
    assert site.on_hand(things.filter) == 40


@WAYS
def test_check_out_then_return_mode(site: Site, open_phone: OpenPhone, scan: Scan) -> None:
    drill, dana = site.things.drill, site.cast.technician
    phone = open_phone(dana)
    phone.open()
    scan(phone, drill)
    phone.shows("Hammer drill TE 30")
    scan(phone, dana.code)
    phone.shows("Checked out", "Dana Reyes")
    phone.tap("Done")
    phone.tap("Return")
    phone.page.wait_for_url("**mode=return**")
    scan(phone, drill)
    phone.shows("Returned", "Dana Reyes")
    assert site.handovers(drill) == [("check_out", dana.id), ("check_in", None)]


@WAYS
def test_count_on_the_number_pad(site: Site, open_phone: OpenPhone, scan: Scan) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper)
    phone.open("/scan?mode=count")
    scan(phone, things.bin)
    phone.shows("Shelf A-03")
    scan(phone, things.filter)
    phone.shows_in_all("How many do you see?")
    assert "40" not in phone.page.locator("#stage .ask").inner_text()  # nobody sees it beforehand
    for key in ("3", "9", "5", "Delete digit", "Next"):
        phone.tap(key)
    phone.shows("Counted", "Difference", "−1")
    phone.reads("40", "39")
    assert site.movements() == [("count_adjust", -1000, -125_000, None)]
    assert site.on_hand(things.filter) == 39


def test_a_wedge_scans_the_address_on_the_label(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    phone.open()
    phone.scan_by_wedge(f"{site.url.upper()}/S/{site.things.drill}")
    phone.shows("Hammer drill TE 30")


def test_scans_that_come_faster_than_answers_keep_their_order(
    site: Site, open_phone: OpenPhone
) -> None:
    things = site.things
    phone = open_phone(site.cast.technician)
    phone.open()
    phone.scan_by_wedge(things.forklift)
    phone.scan_by_wedge(things.filter)
    phone.scan_by_wedge(things.hose)
    phone.shows("Hydraulic hose")
    assert [kind for kind, *_ in site.movements()] == ["install", "install"]


def test_the_same_label_twice_at_once_counts_once(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.technician)
    phone.open()
    phone.scan_by_wedge(things.forklift)
    phone.shows("Forklift Linde E20")
    phone.stop_the_clock()
    phone.scan_by_wedge(things.filter)
    phone.scan_by_wedge(things.filter)
    expect(phone.page.locator("#toast")).to_contain_text("Already scanned")
    phone.reads("40", "39")
    assert site.on_hand(things.filter) == 39


def test_one_more_of_the_same_is_one_tap(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.technician)
    phone.open()
    phone.scan_by_wedge(things.forklift)
    phone.shows("Forklift Linde E20")
    phone.scan_by_wedge(things.filter)
    phone.reads("40", "39")
    phone.tap("+1 more")
    phone.reads("39", "38")
    assert site.on_hand(things.filter) == 38


def test_a_count_far_off_waits_for_a_supervisor(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.technician)
    phone.open("/scan?mode=count")
    phone.scan_by_wedge(things.bin)
    phone.shows("Shelf A-03")
    phone.scan_by_wedge(things.filter)
    phone.shows_in_all("How many do you see?")
    for key in ("7", "Next"):
        phone.tap(key)
    phone.shows("A supervisor looks at it", "−33")
    assert site.movements() == []
    phone.tap("Undo")
    phone.shows("Taken back")
