"""The scan screen fits a phone: small, with text twice as large, each control big enough to hit."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.layout import LAYOUT_FAULTS, REACH_FAULTS
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.browser.walk import offer_a_reward

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PHONES = ((360, 640), (390, 844))


def check(phone: Phone) -> None:
    """Nothing is wrong with the screen as it is now, once its flash is over."""
    expect(phone.page.locator(".flash:not(:has(.dock))")).to_have_count(0)
    found = {}
    for width, height in PHONES:
        phone.page.set_viewport_size({"width": width, "height": height})
        found[width] = phone.page.evaluate(REACH_FAULTS) + phone.page.evaluate(LAYOUT_FAULTS)
    assert found == {width: [] for width, _height in PHONES}


def faults_when_large(phone: Phone) -> list[str]:
    """What goes wrong at 320 px, and at 390 px with text twice as large."""
    phone.page.set_viewport_size({"width": 320, "height": 640})
    found = [f"320 px: {fault}" for fault in phone.page.evaluate(LAYOUT_FAULTS)]
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"200 %: {fault}" for fault in phone.page.evaluate(LAYOUT_FAULTS)]
    phone.page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def test_what_strangers_see_in_a_small_window_and_with_large_text(
    site: Site, open_phone: OpenPhone
) -> None:
    offer_a_reward(site)
    phone = open_phone()
    for path in ("/sign-in", f"/S/{site.things.drill}"):
        phone.open(path)
        assert faults_when_large(phone) == []
        check(phone)


def test_every_state_of_the_scan_screen_fits(site: Site, open_phone: OpenPhone) -> None:
    things, dana = site.things, site.cast.technician
    phone = open_phone(dana)
    phone.expects(422)
    phone.open()
    check(phone)
    for code, shown in (
        (things.forklift, "Forklift Linde E20"),
        (things.filter, "Installed"),
        (things.hose, "Hydraulic hose 2 m"),
        ("nobody-knows-this", "Not known here"),
        (dana.code, "Checked out"),
        (things.forklift, "Forklift Linde E20"),
        (site.cast.storekeeper.code, "Already out"),
    ):
        phone.scan_by_wedge(code)
        phone.shows(shown)
        check(phone)
        assert faults_when_large(phone) == []
    site.retire(things.drill)
    phone.scan_by_wedge(things.drill)
    phone.shows("Hammer drill TE 30")
    phone.scan_by_wedge(dana.code)
    phone.shows("Not in service")
    check(phone)
    phone.open(f"/scan?mode=move&on={things.bin}&part={things.filter}&act=transfer")
    check(phone)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_the_entry_page_fits(site: Site, open_phone: OpenPhone, javascript: bool) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper, javascript=javascript)
    phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
    check(phone)
    assert faults_when_large(phone) == []
