"""An audit walked with a phone: with the server, and through a dead spot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from stockscan.services import counts
from tests.auditing import states_of
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    goes_offline,
    knows_the_catalogue,
    scan_all,
    states,
    wait_until,
)
from tests.browser.site import Site
from tests.cast import context, new_id
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
FORKLIFT, DRILL, LAMP = "Forklift Linde E20", "Hammer drill TE 30", "Lamp"


def test_room_by_room_through_a_dead_spot(site: Site, open_phone: OpenPhone) -> None:
    with site.app.app_context():
        shop = Shop(site.cast, now_us=context().now_us - 60_000_000)
        office = shop.make("location", name="Office", kind_of_place="area")
        lamp = shop.asset(name=LAMP, location=office)
        plan = counts.audit_plan(shop.context(), [site.things.bin, office])
        audit = counts.open_audit(shop.context(), new_id(), plan).id
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open(f"/scan?mode=count&count={audit}")
    knows_the_catalogue(phone)
    phone.shows_in_all("Scan the room first")
    scan_all(phone.page, office)
    expect(phone.page.get_by_text("Not seen here yet")).to_be_visible()

    goes_offline(phone)
    scan_all(phone.page, site.things.forklift)
    phone.shows_in_all("Seen", FORKLIFT, "Belongs in", "Shelf A-03", "Safe on this phone")
    scan_all(phone.page, site.things.bin)
    phone.shows_in_all("Scan what stands here")
    scan_all(phone.page, site.things.forklift)
    phone.shows_in_all("Seen", "Safe on this phone")
    scan_all(phone.page, site.things.filter)
    phone.shows_in_all("is no asset")
    wait_until(lambda: states(phone.page)["waiting"] == 2, "both sightings")
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"taken": 2}, "all is taken")

    phone.open(f"/scan?mode=count&count={audit}&on={site.things.bin}")
    phone.shows_in_all("1 of 1 seen here")
    scan_all(phone.page, site.things.drill)
    phone.shows_in_all("Not expected in this audit", DRILL)
    phone.tap("It stays here now")
    phone.shows_in_all("Moved", "Shelf A-03")
    scan_all(phone.page, lamp)
    phone.shows_in_all("Belongs in Office", LAMP)
    phone.tap("Leave the books")
    phone.tap("Finish room")
    expect(phone.page.locator("#main")).to_contain_text("Nothing is missing here.")
    with site.app.app_context():
        assert states_of(audit) == {
            FORKLIFT: ("FOUND", ""), DRILL: ("UNEXPECTED", "relocated"), LAMP: ("MOVED", "left"),
        }  # fmt: skip
