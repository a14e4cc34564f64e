"""What somebody typed survives a session that ends and a network that is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.outbox import comes_back, goes_offline
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
AGAIN = "What you typed is here again. Save it."


def type_notes(phone: Phone, site: Site) -> str:
    """Open the form of the drill and type; the address of the form."""
    path = f"/assets/{site.things.drill}/edit"
    phone.open(path)
    phone.page.get_by_label("Notes").fill("Chuck slips above 900")
    return path


def test_a_session_that_ended_costs_no_words(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    path = type_notes(phone, site)
    meant = phone.page.locator("main input[name=id]").input_value()
    phone.page.context.clear_cookies()
    phone.tap("Save")
    phone.page.wait_for_url(f"{site.url}/sign-in?next={path.replace('/', '%2F')}")
    site.let_in(site.cast.storekeeper, phone.page.context)
    phone.open(path)
    expect(phone.page.locator("#toast")).to_contain_text(AGAIN)
    assert phone.page.locator("main input[name=id]").input_value() == meant
    phone.tap("Save")
    expect(phone.page.get_by_text("Chuck slips above 900", exact=True)).to_be_visible()
    phone.open(path)  # once
    expect(phone.page.locator("#toast")).not_to_contain_text(AGAIN)


def test_a_form_without_network_is_a_step_back(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper, keeps_app=True)
    phone.open("/")
    phone.keeps_app()
    type_notes(phone, site)
    goes_offline(phone)
    phone.tap("Save")
    expect(phone.page.get_by_role("heading", name="Not sent")).to_be_visible()
    comes_back(phone)
    phone.tap("Go back")
    expect(phone.page.locator("#toast")).to_contain_text(AGAIN)
    phone.tap("Save")
    expect(phone.page.get_by_text("Chuck slips above 900", exact=True)).to_be_visible()
