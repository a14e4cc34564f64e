"""JavaScript off: the same work by plain forms and links."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_install_and_undo(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.technician, javascript=False)
    phone.open()
    phone.scan_by_typing(things.forklift)
    phone.shows("Forklift Linde E20")
    phone.scan_by_typing(things.filter)
    phone.shows("Installed", "Left in Shelf A-03", "12.50")
    assert site.movements() == [("install", -1000, -125_000, site.asset_id(things.forklift))]
    phone.page.reload()
    phone.shows("Installed")
    assert site.on_hand(things.filter) == 39
    phone.tap(re.compile("^Undo"))
    phone.shows("Taken back")
    assert site.on_hand(things.filter) == 40


def test_check_out_and_return(site: Site, open_phone: OpenPhone) -> None:
    drill, dana = site.things.drill, site.cast.technician
    phone = open_phone(dana, javascript=False)
    phone.open()
    phone.scan_by_typing(drill)
    phone.scan_by_typing(dana.code)
    phone.shows("Checked out", "Dana Reyes")
    phone.tap("Done")
    phone.tap("Return")
    phone.scan_by_typing(drill)
    phone.shows("Returned")
    assert site.handovers(drill) == [("check_out", dana.id), ("check_in", None)]


def test_count(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper, javascript=False)
    phone.open("/scan?mode=count")
    phone.scan_by_typing(things.bin)
    phone.scan_by_typing(things.filter)
    phone.page.get_by_label("How many do you see?").fill("41")
    phone.tap("Next")
    phone.shows("Counted", "+1")
    assert site.on_hand(things.filter) == 41
    assert site.movements() == [("count_adjust", 1000, 125_000, None)]


def test_a_wrong_number_is_kept_and_explained(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    phone = open_phone(site.cast.storekeeper, javascript=False)
    phone.expects(422)
    phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
    phone.page.get_by_label("How many do you see?").fill("four")
    phone.tap("Next")
    expect(phone.page.get_by_role("alert")).not_to_be_empty()
    expect(phone.page.get_by_label("How many do you see?")).to_have_value("four")
    assert site.movements() == []
