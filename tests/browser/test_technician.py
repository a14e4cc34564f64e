"""A technician's job in one hand: from the fault to the signature, and every tap of it counted.

No flow here needs a keyboard but for numbers.
"""

import re

import pytest
from playwright.sync_api import expect

from stockscan.services import operations, settings
from stockscan.services.maintenance import job_pages
from stockscan.services.maintenance.job_pages import JobPage
from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.cast import context, new_id
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def prepare(site: Site) -> None:
    """Both parts are on the forklift's list; the hose, of which none is there, has a supplier."""
    with site.app.app_context():
        shop, things = Shop(site.cast, now_us=context().now_us - 60_000_000), site.things
        settings.change(shop.context(), kit_place=shop.bin("Kit trolley"), labour_hour_minor=6_000)
        buys = {"part": things.hose, "supplier": "Hansa", "price": "30.00", "lead_time_days": "2"}
        fits = [{"asset": things.forklift, "part": part} for part in (things.filter, things.hose)]
        for kind, values in [
            ("set_supplier_part", buys),
            *(("set_asset_part", {**fit, "quantity": "1"}) for fit in fits),
        ]:
            assert operations.edit(shop.context(), kind, {"id": new_id(), **values}).done


def job_of(site: Site) -> JobPage:
    with site.app.app_context():
        return job_pages.job_page(context(), "J-1")


def report_a_fault(phone: Phone, site: Site) -> None:
    """Scan the machine, and tap what is wrong with it."""
    phone.open("/scan")
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Forklift Linde E20")
    phone.tap("Fault")
    phone.page.get_by_text("Leaks", exact=True).click()
    phone.page.get_by_text("It stands still", exact=True).click()
    phone.tap("Report the fault")
    expect(phone.page).to_have_url(re.compile("/jobs/1$"))


def say_what_it_needs(phone: Phone) -> None:
    """Both usual parts, and ask for the one that is not there."""
    phone.tap("Add")
    for name in ("Oil filter", "Hydraulic hose"):
        phone.tap(re.compile(name))
        expect(phone.page.locator("section", has_text="On the list")).to_contain_text(name)
    phone.tap("J-1")
    expect(phone.page.locator("#kit")).to_contain_text("Short")
    phone.tap("Ask for what is missing")
    expect(phone.page.locator("#toast")).to_contain_text("R-1")


def approve_and_order(phone: Phone) -> None:
    """What the supervisor taps."""
    phone.open("/requisitions/1")
    phone.tap("Approve")
    phone.tap("It is ordered")
    expect(phone.page.locator("#toast")).to_contain_text("on order")


def receive(phone: Phone, site: Site) -> None:
    """What comes for the order goes into its bin."""
    phone.open("/scan?mode=receive")
    phone.scan_by_wedge(site.things.bin)
    phone.shows("Shelf A-03")
    phone.scan_by_wedge(site.things.hose)
    phone.shows_in_all("How many came in?")
    for key in ("1", "Next"):
        phone.tap(key)
    phone.shows("Received", "R-1")


def pick(phone: Phone, site: Site) -> None:
    """Bring both parts together, bin and part scanned."""
    phone.open("/jobs/1")
    expect(phone.page.locator("#kit")).to_contain_text("Ready")
    phone.tap("Pick the kit")
    stage = phone.page.locator("#stage")
    expect(stage).to_contain_text("On the way")
    phone.scan_by_wedge(site.things.bin)
    expect(stage.locator("h3[aria-current]")).to_contain_text("Shelf A-03")
    for part, name in ((site.things.filter, "Oil filter"), (site.things.hose, "Hydraulic hose")):
        phone.scan_by_wedge(part)
        expect(phone.result).to_contain_text("Picked 1")
        expect(phone.result).to_contain_text(name)
    phone.tap("Done")


def install_and_sign_off(phone: Phone, site: Site) -> None:
    """Both parts onto the machine by scan, the minutes, why it failed, and the signature."""
    expect(phone.page.get_by_role("button", name="Sign off")).to_contain_text("2 parts not in")
    for part, name in ((site.things.filter, "Oil filter"), (site.things.hose, "Hydraulic hose")):
        phone.scan_by_wedge(part)
        phone.shows("Installed", name, "Kit trolley")
    phone.tap(re.compile("J-1"))
    expect(phone.page).to_have_url(re.compile("/jobs/1$"))
    phone.page.get_by_label("Minutes worked").press_sequentially("25")
    phone.page.get_by_text("Wear", exact=True).click()
    phone.tap("Sign off")
    expect(phone.page.locator("#toast")).to_contain_text("J-1 is signed off")


def test_a_technicians_job(site: Site, open_phone: OpenPhone) -> None:
    prepare(site)
    dana = open_phone(site.cast.technician)
    report_a_fault(dana, site)
    assert dana.touches == 4
    say_what_it_needs(dana)
    assert dana.touches == 9
    ines = open_phone(site.cast.supervisor)
    approve_and_order(ines)
    assert ines.touches == 2
    marco = open_phone(site.cast.storekeeper)
    receive(marco, site)
    assert marco.touches == 2
    pick(dana, site)
    assert dana.touches == 11
    install_and_sign_off(dana, site)
    # J-1, Wear and Sign off; the minutes are the one thing that is typed.
    assert dana.touches == 14
    page = job_of(site)
    assert (page.job.state, page.job.minutes, page.job.cause) == ("done", 25, "Wear")
    assert [row.location for row in page.installed] == ["Kit trolley", "Kit trolley"]
    # The filter at 12.50, the hose at 30.00, and 25 minutes at 60.00 an hour.
    assert (page.costs.parts_e4, page.costs.labour_e4) == (42_5000, 25_0000)
    assert site.parts_cost_e4(site.things.forklift) == 42_5000
    assert page.kit.left_in_kit == ()
    assert page.job.down_until_us is not None
    assert page.job.asset_status == "in_service"
