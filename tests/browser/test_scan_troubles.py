"""What goes wrong at a shelf: the screen says what is so and what to do, and nothing is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.cast import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """Dana's phone on the scan screen; refusals are expected."""
    phone = open_phone(site.cast.technician)
    phone.expects(422)
    phone.open()
    return phone


def test_an_unknown_code_can_be_searched(phone: Phone) -> None:
    phone.scan_by_wedge("4006381333931")
    phone.shows("Not known here", "4006381333931")
    phone.tap("Search for it")
    phone.page.wait_for_url("**/find?q=4006381333931")


def test_a_foreign_qr_is_not_followed(phone: Phone, site: Site) -> None:
    phone.scan_by_wedge("https://example.com/menu?table=7")
    phone.shows("Not known here", "example.com")
    assert phone.page.url.startswith(site.url)


def test_a_code_without_end_does_no_harm(phone: Phone, site: Site) -> None:
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Forklift Linde E20")
    phone.page.evaluate(
        """document.querySelector("wedge-keys").dispatchEvent(new CustomEvent("scan-read",
             {bubbles: true, detail: {text: "x".repeat(5000), format: "QRCode", at: 0}}))"""
    )
    phone.shows("Not a StockScan code")
    phone.scan_by_wedge(site.things.filter)
    phone.shows("Installed")  # the machine was still chosen


def test_a_scan_survives_the_end_of_the_session(phone: Phone, site: Site) -> None:
    things, dana = site.things, site.cast.technician
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    site.give_password(dana)  # which ends Dana's session
    site.let_in(dana, phone.page.context)
    phone.scan_by_wedge(things.forklift)
    phone.shows("Forklift Linde E20")
    site.end_all_sessions()
    phone.scan_by_wedge(things.filter)
    phone.sign_in(dana.username, PASSWORD)
    phone.shows("Installed", "Oil filter W 712")
    assert site.movements() == [("install", -1000, -125_000, site.asset_id(things.forklift))]


def test_a_part_that_is_not_on_the_books_is_installed_with_a_warning(
    phone: Phone, site: Site
) -> None:
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Forklift Linde E20")
    phone.scan_by_wedge(site.things.hose)
    phone.shows("Installed", "Hydraulic hose 2 m")
    expect(phone.page.locator("#stage .banner.warn")).to_be_visible()
    assert [kind for kind, *_ in site.movements()] == ["install"]


def test_an_asset_that_is_out_was_brought_back(phone: Phone, site: Site) -> None:
    drill, marco = site.things.drill, site.cast.storekeeper
    site.check_out(drill, marco)
    phone.scan_by_wedge(drill)
    phone.shows("Marco Silva")
    phone.scan_by_wedge(site.cast.technician.code)
    phone.shows("Already out", "Marco Silva", "Since")
    phone.tap("Marco Silva brought it back")
    phone.shows("Returned", "Marco Silva")
    assert site.handovers(drill) == [("check_out", marco.id), ("check_in", None)]


def test_an_asset_that_is_out_is_handed_over(phone: Phone, site: Site) -> None:
    drill, marco, dana = site.things.drill, site.cast.storekeeper, site.cast.technician
    site.check_out(drill, marco)
    phone.scan_by_wedge(drill)
    phone.shows("Marco Silva")
    phone.scan_by_wedge(dana.code)
    phone.shows("Already out")
    phone.tap("I have it now")
    phone.shows("Checked out", "Dana Reyes")
    assert site.handovers(drill) == [
        ("check_out", marco.id),
        ("check_in", None),
        ("check_out", dana.id),
    ]


def test_a_retired_asset_stops_until_it_is_understood(phone: Phone, site: Site) -> None:
    things = site.things
    site.retire(things.drill)
    phone.scan_by_wedge(things.drill)
    phone.shows("retired")
    phone.scan_by_wedge(site.cast.technician.code)
    phone.shows("Not in service")
    phone.scan_by_wedge(things.forklift)  # waits behind the red screen
    expect(phone.page.locator("#toast")).to_contain_text("1 scan waiting for you")
    phone.tap("Understood")
    phone.shows("Forklift Linde E20")
    assert site.handovers(things.drill) == [("status", None)]


def test_of_two_at_once_one_wins_and_the_other_sees_who(site: Site, open_phone: OpenPhone) -> None:
    drill = site.things.drill
    people = {"Dana Reyes": site.cast.technician, "Marco Silva": site.cast.storekeeper}
    phones = {name: open_phone(person) for name, person in people.items()}
    for phone in phones.values():
        phone.expects(422)
        phone.open()
        phone.scan_by_wedge(drill)
        phone.shows("Hammer drill TE 30")
    for phone in phones.values():
        phone.page.get_by_role("button", name="Take it").click(no_wait_after=True)
    for phone in phones.values():
        phone.result.get_by_text("out", exact=False).first.wait_for()
    (_kind, winner_id), *others = site.handovers(drill)
    assert others == []
    winner, loser = sorted(people, key=lambda name: people[name].id != winner_id)
    phones[winner].shows("Checked out", winner)
    phones[loser].shows("Already out", winner)


ADDRESS_OF_THE_ANSWER = """
new MutationObserver(() => {
  if (document.querySelector(".readout")) window.addressThen ??= location.href;
}).observe(document, { childList: true, subtree: true });
"""


def test_a_reload_in_the_moment_of_the_answer_keeps_it(phone: Phone, site: Site) -> None:
    phone.page.add_init_script(ADDRESS_OF_THE_ANSWER)
    phone.open(f"/scan?mode=install&on={site.things.forklift}")
    phone.scan_by_wedge(site.things.filter)
    phone.reads("40", "39")
    address = phone.page.evaluate("window.addressThen")
    phone.page.goto(address)
    phone.reads("40", "39")


def test_a_reload_keeps_the_machine_the_answer_and_its_undo(phone: Phone, site: Site) -> None:
    things = site.things
    phone.open()
    phone.scan_by_wedge(things.forklift)
    phone.shows("Forklift Linde E20")
    phone.scan_by_wedge(things.filter)
    phone.reads("40", "39")
    phone.page.reload()
    phone.reads("40", "39")
    phone.shows_in_all("Next part goes on", "Forklift Linde E20")
    phone.tap("Undo")
    phone.shows("Taken back")
    assert site.on_hand(things.filter) == 40
