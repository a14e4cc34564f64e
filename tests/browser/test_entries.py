"""Entering amounts of lots and serials on a phone: what a thumb reaches, and what is scanned."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.shop import Shop

TARGET_PX = 48
SMALL = {"width": 360, "height": 640}

# Of all in one moment: a font that comes late moves them.
EDGES = """(names) => names.map((name) => {
  const { top, bottom } = document.querySelector(name).getBoundingClientRect();
  return [top, bottom];
})"""

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """A storekeeper's phone."""
    return open_phone(site.cast.storekeeper)


def grease_in(site: Site) -> str:
    """A part with two lots in the bin; its code."""
    with site.app.app_context():
        shop = Shop(site.cast, now_us=1_701_000_000_000_000)
        part = shop.part(name="Grease cartridge EP 2, 400 g", tracking="lot")
        for lot, day in (("L-2", "2031-06-30"), ("L-1", "2030-01-31")):
            shop.ok("receive", part=part, location=site.things.bin, quantity=9, lot=lot,
                    expires_on=day)  # fmt: skip
        return part


def battery_of(site: Site) -> str:
    """A part with a serial on each piece; its code."""
    with site.app.app_context():
        return Shop(site.cast, now_us=1_701_000_000_000_000).part(name="Cell", tracking="serial")


def open_entry(phone: Phone, act: str, part: str) -> Page:
    mode = "move" if act == "transfer" else act
    phone.open(f"/scan?mode={mode}&on={phone.site.things.bin}&part={part}&act={act}")
    return phone.page


@on_sqlite
def test_a_lot_is_one_tap_on_a_small_phone(phone: Phone) -> None:
    part = grease_in(phone.site)
    phone.page.set_viewport_size(SMALL)
    page = open_entry(phone, "issue", part)
    first = page.locator(".choice").first
    box = first.bounding_box()
    assert box is not None
    assert box["height"] >= TARGET_PX
    expect(first).to_contain_text("L-1")
    expect(page.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)
    expect(page.locator("#quantity")).to_be_focused()
    first.click()
    page.get_by_role("button", name="2", exact=True).click()
    phone.tap("Next")
    expect(page.locator("#stage")).to_contain_text("Taken")
    with phone.site.app.app_context():
        assert Shop(phone.site.cast).on_hand(part, phone.site.things.bin, "L-1") == 7


@on_sqlite
@pytest.mark.parametrize("act", ["issue", "transfer", "receive", "count"])
def test_the_title_stays_clear_at_twice_the_text(phone: Phone, act: str) -> None:
    part = grease_in(phone.site)
    page = open_entry(phone, act, part)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    tops = page.evaluate(EDGES, [".ask", ".asks", ".entry", ".pad"])
    assert all(above[1] <= below[0] for above, below in pairwise(tops))


@on_sqlite
def test_scanned_serials_are_a_list(phone: Phone) -> None:
    part = battery_of(phone.site)
    page = open_entry(phone, "receive", part)
    expect(page.locator("#serials")).to_be_focused()
    for serial in ("SN-1001", "SN-1002"):
        phone.scan_by_wedge(serial)
    expect(page.locator("#serials")).to_have_value("SN-1001\nSN-1002\n")
    page.locator("h1").click()
    phone.scan_by_wedge("SN-1003")
    expect(page.locator("#serials")).to_have_value("SN-1001\nSN-1002\nSN-1003")
    phone.tap("Next")
    expect(page.locator("#stage")).to_contain_text("Received")
    assert (
        sum(quantity for kind, quantity, *_ in phone.site.movements() if kind == "receive") == 3000
    )


@on_sqlite
def test_pieces_have_no_point_and_another_lot_opens_its_field(phone: Phone) -> None:
    page = open_entry(phone, "issue", grease_in(phone.site))
    expect(page.get_by_role("button", name="decimal point")).to_have_count(0)
    typed = page.locator("#lot_typed")
    expect(typed).to_be_hidden()
    page.get_by_text("Another lot").click()
    expect(typed).to_be_visible()
