"""Every state of the scan screen fits a phone: nothing cut off, every control big enough to hit."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

# What is wrong with the controls in sight: too small for a glove, off the screen, or cut off.
FAULTS = """() => {
  const faults = [];
  if (document.scrollingElement.scrollWidth > innerWidth) faults.push("the page is too wide");
  const controls = "a.btn, button, label.btn, label.glass, .mode, .key";
  for (const one of document.querySelectorAll(controls)) {
    const box = one.getBoundingClientRect();
    if (!one.checkVisibility({visibilityProperty: true}) || box.width === 0) continue;
    const name = one.textContent.trim().replace(/\\s+/g, " ");
    if (box.width < 48 || box.height < 48) faults.push(`${name}: ${box.width} x ${box.height} px`);
    if (box.left < 0 || box.right > innerWidth) faults.push(`${name}: beside the screen`);
    if (box.bottom > innerHeight) faults.push(`${name}: below the screen`);
    if (one.scrollWidth > one.clientWidth + 1) faults.push(`${name}: cut off`);
  }
  return faults;
}"""


def check(phone: Phone) -> None:
    """Nothing is wrong with the screen as it is now, once its flash is over."""
    expect(phone.page.locator(".flash:not(:has(.dock))")).to_have_count(0)
    assert phone.page.evaluate(FAULTS) == []


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
        (dana.code, "Already out"),
    ):
        phone.scan_by_wedge(code)
        phone.shows(shown)
        check(phone)
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
