"""Taps and scans of each flow, as the product's table promises them: two scans and no typing."""

import pytest
from playwright.sync_api import expect

from stockscan.domain.cards import CARDS, Command
from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.cast import context
from tests.shop import blanks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

TIMES_5 = next(code for code, card in CARDS.items() if card.times == 5)
DONE = next(code for code, card in CARDS.items() if card.command is Command.DONE)
AGAIN_MS = 2_000  # the same label counts once within two seconds


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """Marco's phone on the scan screen."""
    phone = open_phone(site.cast.storekeeper)
    phone.open()
    return phone


def test_asset_then_badge(phone: Phone, site: Site) -> None:
    dana = site.cast.technician
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Hammer drill TE 30")
    phone.scan_by_wedge(dana.code)
    phone.shows("Checked out", "Dana Reyes")
    assert site.handovers(site.things.drill) == [("check_out", dana.id)]
    assert phone.touches == 0


def test_asset_alone_then_take_it(phone: Phone, site: Site) -> None:
    phone.scan_by_wedge(site.things.drill)
    phone.tap("Take it")
    phone.shows("Checked out", "Marco Silva")
    assert phone.touches == 1


def test_asset_alone_then_one_of_the_last_people(phone: Phone, site: Site) -> None:
    site.check_out(site.things.forklift, site.cast.technician)
    phone.scan_by_wedge(site.things.drill)
    phone.tap("Dana Reyes")
    phone.shows("Checked out", "Dana Reyes")
    assert phone.touches == 1


def test_return_mode_takes_one_scan(phone: Phone, site: Site) -> None:
    site.check_out(site.things.drill, site.cast.technician)
    phone.open("/scan?mode=return")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Returned", "Dana Reyes")
    assert phone.touches == 0


def test_asset_that_is_out_then_its_bin(phone: Phone, site: Site) -> None:
    site.check_out(site.things.drill, site.cast.technician)
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Dana Reyes")
    phone.scan_by_wedge(site.things.bin)
    phone.shows("Returned", "Shelf A-03")
    assert phone.touches == 0


def test_accessory_then_its_parent(phone: Phone, site: Site) -> None:
    phone.open("/scan?mode=check_out")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Hammer drill TE 30")
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Checked out", "Forklift Linde E20")
    assert phone.touches == 0


def test_parts_on_a_machine_again_and_times_five(phone: Phone, site: Site) -> None:
    things = site.things
    phone.scan_by_wedge(things.forklift)
    phone.shows("Forklift Linde E20")
    phone.scan_by_wedge(things.filter)
    phone.reads("40", "39")
    phone.stop_the_clock(later_ms=AGAIN_MS)
    phone.scan_by_wedge(things.filter)
    phone.reads("39", "38")
    phone.scan_by_wedge(TIMES_5)
    phone.shows("5 in all")
    phone.reads("39", "34")
    phone.scan_by_wedge(DONE)
    expect(phone.page.locator("#stage")).to_have_attribute("data-state", "idle")
    assert (site.on_hand(things.filter), phone.touches) == (34, 0)


def test_bin_then_part_then_one_tap_and_the_number(phone: Phone, site: Site) -> None:
    things = site.things
    phone.scan_by_wedge(things.bin)
    phone.shows("Shelf A-03")
    phone.scan_by_wedge(things.filter)
    phone.shows("40", "In this bin")
    phone.tap("Receive")
    phone.shows_in_all("How many came in?")
    assert phone.touches == 1


def test_count_takes_the_bin_the_part_the_digits_and_next(phone: Phone, site: Site) -> None:
    phone.open("/scan?mode=count")
    phone.scan_by_wedge(site.things.bin)
    phone.shows("Shelf A-03")
    phone.scan_by_wedge(site.things.filter)
    phone.shows_in_all("How many do you see?")
    for key in ("3", "9", "Next"):
        phone.tap(key)
    phone.shows("Counted")
    assert phone.touches == len("39") + 1


def test_blank_label_is_claimed_with_one_tap(phone: Phone, site: Site) -> None:
    with site.app.app_context():
        [blank] = blanks(context(site.cast.storekeeper))
    phone.expects(422)
    phone.scan_by_wedge(blank)
    phone.shows("Blank label")
    phone.tap("Put it on a thing")
    phone.shows_in_all("Scan or type what this is on")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Label in use")
    assert phone.touches == 1
    phone.open()
    phone.scan_by_wedge(blank)
    phone.shows("Hammer drill TE 30")


def test_unknown_code_is_linked_with_one_tap(phone: Phone, site: Site) -> None:
    phone.expects(422)
    phone.scan_by_wedge("MAKER 0815 B")
    phone.shows("Not known here")
    phone.tap("Link it to a thing")
    phone.shows_in_all("Scan or type what this is on")
    phone.scan_by_wedge(site.things.filter)
    phone.shows("Linked")
    assert phone.touches == 1
    phone.open()
    phone.scan_by_wedge("MAKER 0815 B")
    phone.shows("Oil filter W 712")


def test_collected_things_take_a_scan_each_and_a_badge(phone: Phone, site: Site) -> None:
    things, dana = site.things, site.cast.technician
    phone.open("/scan?mode=collect")
    phone.scan_by_wedge(things.drill)
    phone.shows_in_all("1 on the list")
    phone.scan_by_wedge(things.forklift)
    phone.shows_in_all("2 on the list")
    phone.page.reload()  # the list survives
    phone.shows_in_all("2 on the list", "Hammer drill TE 30")
    phone.scan_by_wedge(dana.code)
    phone.shows("Checked out", "2 assets")
    assert phone.touches == 0
    for thing in (things.drill, things.forklift):
        assert site.handovers(thing)[-1] == ("check_out", dana.id)
