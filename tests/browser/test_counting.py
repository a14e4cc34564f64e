"""Counting bin by bin on a phone: taps for each line, scans that add up, and two who meet."""

import pytest
from playwright.sync_api import expect

from stockscan.services.counts import Opened
from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.cast import context
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

FIRST, LAST = "B-01-1", "B-01-2"
AGAIN_MS = 2_000  # the same label counts once within two seconds


@pytest.fixture
def opened(site: Site) -> Opened:
    """A count for whoever comes: two parts in one bin, one in the next."""
    with site.app.app_context():
        shop = Shop(site.cast, now_us=context().now_us - 3_600_000_000)
        spray = shop.part(name="Zinc spray", part_number="ZS-400")
        bins = [shop.bin(name) for name in (FIRST, LAST)]
        for part, bin_ in ((site.things.filter, bins[0]), (spray, bins[0]), (spray, bins[1])):
            shop.ok("receive", part=part, location=bin_, quantity=7)
        return shop.plan(*bins, name="Aisle A")


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone, opened: Opened) -> Phone:
    """Dana's phone in that count."""
    phone = open_phone(site.cast.technician)
    phone.open(f"/scan?mode=count&count={opened.id}")
    expect(phone.page.locator(".next-bin")).to_contain_text("Bin B-01-1")
    return phone


def press(phone: Phone, digits: str) -> None:
    """Tap digits on the number pad."""
    for digit in digits:
        phone.page.locator(f"number-pad [data-key='{digit}']").click()


def enter(phone: Phone, digits: str) -> None:
    """Tap a number and Next."""
    press(phone, digits)
    phone.tap("Next")


def test_a_line_takes_its_digits_and_one_tap(phone: Phone) -> None:
    phone.scan_by_wedge(FIRST)
    phone.shows_in_all("Part 1 of 2 here", "Oil filter W 712")
    enter(phone, "40")
    phone.shows_in_all("Part 2 of 2 here", "Zinc spray")
    assert phone.touches == len("40") + 1
    enter(phone, "7")
    phone.shows("Bin B-01-1 is done", "Next: Bin B-01-2")
    assert phone.touches == len("40") + len("7") + 2
    phone.scan_by_wedge(LAST)
    phone.shows_in_all("Part 1 of 1 here")
    enter(phone, "3")
    phone.shows("That was the last bin")
    assert phone.touches == len("40") + len("7") + len("3") + 3


def test_pieces_are_counted_by_scanning_them(phone: Phone, site: Site) -> None:
    words = phone.page.locator("[data-entries-words]")
    phone.scan_by_wedge(FIRST)
    phone.shows_in_all("Part 1 of 2 here")
    for pieces in (1, 2):
        phone.scan_by_wedge(site.things.filter)
        expect(words).to_have_text(f"scanned {pieces}")
        phone.stop_the_clock(later_ms=AGAIN_MS)
    press(phone, "12")
    expect(words).to_have_text("scanned 2, typed 12")
    phone.tap("Undo last")
    expect(words).to_have_text("scanned 2")
    phone.tap("Delete digit")
    expect(words).to_have_text("scanned 1")
    expect(phone.page.locator("#quantity")).to_have_value("1")
    phone.expects(422)
    phone.scan_by_wedge(LAST)
    phone.shows_in_all("1 is not recorded yet", "Oil filter W 712", "scanned 1")
    phone.tap("Next")
    phone.shows_in_all("Part 2 of 2 here", "Counted 1")
    phone.tap("Undo Oil filter")
    phone.shows_in_all("Part 1 of 2 here", "Oil filter W 712")


def test_an_empty_bin_is_two_taps(phone: Phone) -> None:
    phone.scan_by_wedge(FIRST)
    phone.shows_in_all("Part 1 of 2 here")
    phone.tap("Bin is empty")
    phone.shows_in_all("2 records become 0")
    phone.tap("Yes, it is empty")
    phone.shows("Bin B-01-1 is done")
    assert phone.touches == 2


def test_who_comes_second_may_join_or_skip(
    phone: Phone, site: Site, open_phone: OpenPhone, opened: Opened
) -> None:
    phone.scan_by_wedge(FIRST)
    phone.shows_in_all("Part 1 of 2 here")
    other = open_phone(site.cast.storekeeper)
    other.open(f"/scan?mode=count&count={opened.id}")
    other.scan_by_wedge(FIRST)
    other.shows("Already being counted", "By Dana Reyes since")
    other.tap("Join as second count")
    other.shows_in_all("Part 1 of 2 here", "Oil filter W 712")
    assert other.touches == 1


def test_another_phone_goes_on_where_this_one_paused(
    phone: Phone, site: Site, open_phone: OpenPhone, opened: Opened
) -> None:
    phone.scan_by_wedge(FIRST)
    phone.shows_in_all("Part 1 of 2 here")
    enter(phone, "40")
    phone.shows_in_all("Part 2 of 2 here")
    phone.open(f"/counts/{opened.id}/sheet")
    phone.tap("Pause")
    expect(phone.page.get_by_text("Paused. Go on here")).to_be_visible()
    other = open_phone(site.cast.technician)
    other.open("/counts/mine")
    other.tap("Aisle A")
    other.tap("Continue")
    other.shows_in_all("Scan the next bin")
    other.scan_by_wedge(FIRST)
    other.shows_in_all("Part 2 of 2 here", "Zinc spray")
