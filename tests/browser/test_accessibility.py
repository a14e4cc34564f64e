"""The scan screen in every state passes axe, and so do pages as others than an admin see them."""

from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.outbox import goes_offline, knows_the_catalogue, scan_all
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.browser.walk import Examples, furnish, offer_a_reward

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
SIZES = ((390, 844), (1280, 800))
LOW = (360, 640)  # where the reading scrolls between bar and dock
# The default rules and best practices; the size of targets is WCAG 2.2 and has to be asked for.
# What the theme can change is looked at once more in the dark.
THEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"rules": {"target-size": {"enabled": True}}},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
WITHOUT_COLOURS = {"rules": {**THEMES["light"]["rules"], "color-contrast": {"enabled": False}}}
RUN = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
  return found.violations.map(({ id, nodes }) =>
    ({ id, at: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`) }));
}"""


@pytest.fixture
def examples(site: Site) -> Examples:
    """A workshop with something to show on every page."""
    return furnish(site)


def violations(page: Page, *more_sizes: tuple[int, int], turn: int | None = None) -> list[str]:
    """What axe finds on the page as it is, in each size and theme.

    With a turn in one size alone, with its colours, which cost most, at each second turn, and in
    the dark at each third: the next turn takes others.
    """
    page.evaluate(AXE)  # by the debugger, so that the page's own policy stays as strict as it is
    found = []
    for place, (width, height) in enumerate((*SIZES, *more_sizes)):
        page.set_viewport_size({"width": width, "height": height})
        for number, (theme, rules) in enumerate(THEMES.items()):
            if turn is not None and ((place + turn) % len(SIZES) or (number and turn % 3)):
                continue
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            is_plain = theme == "light" and turn is not None and turn % 2
            asked = WITHOUT_COLOURS if is_plain else rules
            results: list[dict[str, Any]] = page.evaluate(RUN, asked)
            found += [f"{width} {theme} {one['id']}: {at}" for one in results for at in one["at"]]
    return found


def check(phone: Phone) -> None:
    """The page as it is now has no violation."""
    size = phone.page.viewport_size
    assert violations(phone.page, LOW) == []
    assert size
    phone.page.set_viewport_size(size)


def test_pages_of_someone_who_may_little(
    site: Site, examples: Examples, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.viewer)
    phone.expects(403)
    for path in ("/", f"/assets/{examples.machine}", f"/S/{examples.blank}", "/scan", "/settings"):
        phone.open(path)
        check(phone)


def test_pages_of_a_stranger(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone()
    phone.expects(422)
    phone.open("/sign-in")
    check(phone)
    phone.sign_in("dana", "wrong")
    phone.page.get_by_text("Wrong name or password.").wait_for()
    check(phone)
    offer_a_reward(site)
    phone.open(f"/S/{site.things.drill}")
    phone.page.get_by_text("Please call").wait_for()
    check(phone)


def test_forms_that_were_filled_in_wrongly(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.admin)
    phone.expects(422)
    for path in ("/assets/new", "/parts/new", "/locations/new", "/models/new", "/people/new"):
        phone.open(path)
        phone.page.evaluate("document.querySelector('#main form').noValidate = true")
        phone.page.locator("#main button, .dock button").last.click()
        phone.page.locator("[aria-invalid=true]").first.wait_for()
        check(phone)


def test_states_of_the_scan_screen(site: Site, open_phone: OpenPhone) -> None:
    things, dana = site.things, site.cast.technician
    phone = open_phone(dana)
    phone.expects(422)
    phone.open()
    check(phone)
    for code, shown in (
        (things.forklift, "Forklift Linde E20"),
        (things.filter, "Installed"),
        ("nobody-knows-this", "Not known here"),
    ):
        phone.scan_by_wedge(code)
        phone.shows(shown)
        check(phone)
    site.check_out(things.drill, site.cast.storekeeper)
    phone.open(f"/scan?on={things.drill}")
    phone.scan_by_wedge(dana.code)
    phone.shows("Already out")
    check(phone)
    site.retire(things.forklift)
    phone.open(f"/scan?mode=check_out&on={things.forklift}")
    phone.scan_by_wedge(site.cast.viewer.code)
    phone.shows("Not in service")
    check(phone)


def test_typing_a_number(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper)
    for act, mode in (("count", "count"), ("transfer", "move"), ("issue", "issue")):
        phone.open(f"/scan?mode={mode}&on={things.bin}&part={things.filter}&act={act}")
        check(phone)


def test_screens_without_a_server(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    phone.open(f"/scan?on={site.things.forklift}")
    knows_the_catalogue(phone)
    goes_offline(phone)
    scan_all(phone.page, site.things.filter)
    phone.shows("Installed", "Safe on this phone")
    check(phone)
    phone.tap("Done")
    check(phone)
    scan_all(phone.page, "nobody knows this")
    phone.shows("Not known on this phone")
    check(phone)
    scan_all(phone.page, site.things.bin, site.things.filter)
    phone.page.wait_for_selector("[data-local] [data-act]")
    check(phone)
    phone.page.locator("[data-act=count]").click()
    phone.page.wait_for_selector("#stage[data-state=entry]")
    check(phone)


def test_what_waits_and_what_was_not_taken(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper, keeps_app=True)
    phone.open()
    phone.keeps_app()
    knows_the_catalogue(phone)
    goes_offline(phone)
    scan_all(phone.page, site.things.forklift, site.things.filter)
    phone.shows("Installed")
    phone.page.goto(f"{site.url}/waiting")
    expect(phone.page.locator("waiting-list")).to_contain_text("waiting for the network")
    check(phone)
