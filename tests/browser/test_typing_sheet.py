"""A sheet is typed in with the keyboard alone: Enter goes on and sends; and it prints on A4."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site
from tests.cast import context
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_enter_goes_on_and_the_last_one_sends(site: Site, open_phone: OpenPhone) -> None:
    with site.app.app_context():
        shop = Shop(site.cast, now_us=context().now_us - 3_600_000_000)
        bin_ = shop.bin("B-01-1")
        for number in ("P-1", "P-2"):
            part = shop.part(name=f"Spray {number}", part_number=number)
            shop.ok("receive", part=part, location=bin_, quantity=7)
        count = shop.plan(bin_, name="Aisle A")
    phone = open_phone(site.cast.storekeeper)
    phone.open(f"/counts/{count.id}/paper")
    assert len(re.findall(rb"/Type\s*/Page[^s]", phone.page.pdf(prefer_css_page_size=True))) == 1
    phone.open(f"/counts/{count.id}/typing")
    page = phone.page
    page.locator("input[type=time]").fill(page.evaluate("new Date().toTimeString().slice(0, 5)"))
    page.locator("input[type=time]").press("Enter")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("2 recorded.")
    expect(page.locator("main")).to_contain_text("Nothing is left to type in.")
