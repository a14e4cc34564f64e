"""What is chosen for a device is there from the first picture on: hand, light or dark, silence."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

# Counts the tones that the page starts. The sound of a loaded machine may come too late to be
# played; here it is there at once.
HEAR = """
AudioContext.prototype.resume = async () => {};
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when); };
"""


def left_px(control: Locator) -> float:
    """Where a control begins, from the left."""
    box = control.bounding_box()
    assert box
    return box["x"]


def choose(phone: Phone, *words: str) -> None:
    """Tick these on the page of this device and save."""
    phone.open("/device")
    for word in words:
        phone.page.get_by_label(word, exact=True).check()
    phone.tap("Save")
    phone.page.get_by_text("Kept on this device.").wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_the_left_hand_finds_the_first_button_at_the_left(
    site: Site, open_phone: OpenPhone, javascript: bool
) -> None:
    phone = open_phone(site.cast.technician, javascript=javascript)
    sides = {}
    for hand in ("Right", "Left"):
        choose(phone, hand)
        phone.open(f"/assets/{site.things.forklift}")
        buttons = phone.page.locator(".dock .acts")
        take, scan = buttons.get_by_role("button"), buttons.get_by_role("link", name="Scan")
        sides[hand] = left_px(take) < left_px(scan)
    assert sides == {"Right": True, "Left": False}


def test_the_left_hand_has_next_under_its_thumb(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper)
    for hand, is_left in (("Right", False), ("Left", True)):
        choose(phone, hand)
        phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
        following = phone.page.get_by_role("button", name="Next")
        digits = [phone.page.get_by_role("button", name=f"{n}", exact=True) for n in (1, 2, 3)]
        assert (left_px(following) < left_px(digits[0])) is is_left
        assert [left_px(digit) for digit in digits] == sorted(left_px(digit) for digit in digits)


def test_dark_is_dark_by_day(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    phone.page.emulate_media(color_scheme="light")
    choose(phone, "Dark")
    phone.open("/")
    expect(phone.page.locator("body")).to_have_css("background-color", "rgb(9, 12, 13)")


def test_mute_silences_and_keeps_the_loudness(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    phone.page.add_init_script(HEAR)
    phone.open("/device")
    mute = phone.page.get_by_role("button", name="Mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    phone.open()
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Forklift Linde E20")
    assert phone.page.evaluate("window.tones") == 0
    phone.open("/device")
    expect(mute).to_have_attribute("aria-pressed", "true")
    expect(phone.page.get_by_label("Loudness")).to_have_value("60")
    mute.click()
    phone.page.wait_for_function("() => window.tones > 0")


def test_with_reduced_motion_nothing_moves(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    phone.page.emulate_media(reduced_motion="reduce")
    phone.open(f"/scan?mode=install&on={site.things.forklift}")
    phone.scan_by_wedge(site.things.filter)
    phone.shows("Installed")
    expect(phone.page.locator(".flash")).to_have_count(0)
    assert phone.page.evaluate("document.getAnimations().length") == 0
