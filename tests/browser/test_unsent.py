"""What a page read while no server answered is not lost with the page: it waits, and is shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from stockscan.services import settings
from stockscan.services.work import reading
from stockscan.store.operations import Operation
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import comes_back, goes_offline, scan_all
from tests.browser.site import Site
from tests.cast import context
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def job_for(site: Site) -> None:
    """J-1, which needs one filter; its kit is brought together on a trolley."""
    with site.app.app_context():
        shop, things = Shop(site.cast, now_us=context().now_us - 60_000_000), site.things
        settings.change(shop.context(), kit_place=shop.bin("Kit trolley"))
        job = shop.make("job", asset=things.forklift, title="Oil change")
        shop.ok("set_job_part", job=job, part=things.filter, quantity="1")


def picks(site: Site) -> int:
    """How many picks are in the books."""
    query = select(Operation.id).where(Operation.kind == "pick", Operation.status == "applied")
    with site.app.app_context(), reading() as connection:
        return len(connection.execute(query).all())


def test_picks_without_a_network_outlive_their_tab(site: Site, open_phone: OpenPhone) -> None:
    job_for(site)
    phone = open_phone(site.cast.storekeeper)
    phone.open("/jobs/1/kit")
    expect(phone.page.locator("scan-camera")).to_be_attached()
    goes_offline(phone)
    scan_all(phone.page, site.things.bin, site.things.filter)
    expect(phone.page.get_by_text("2 scans not sent yet")).to_be_visible()
    expect(phone.page.get_by_role("link", name="2 waiting")).to_be_visible()
    both = phone.page.context
    phone.page.close()
    comes_back(phone)
    assert picks(site) == 0

    later = both.new_page()
    later.goto(f"{site.url}/waiting")
    expect(later.locator("waiting-list")).not_to_contain_text("Nothing waits")
    later.get_by_role("link", name="2 scans").click()
    expect(later.locator("#stage")).to_contain_text("Picked 1")
    assert picks(site) == 1
    expect(later.locator("waiting-sign")).to_be_hidden()  # the page has let go of them
    later.goto(f"{site.url}/waiting")
    expect(later.locator("waiting-list")).to_contain_text("Nothing waits")
