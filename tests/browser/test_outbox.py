"""What a phone captured without a server reaches the books exactly once, in order, whatever happens."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from stockscan.services.work import reading
from stockscan.store.operations import Operation
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    entries,
    goes_offline,
    knows_the_catalogue,
    scan_all,
    states,
    wait_until,
)
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SCANS = 500
RELOADS = 20


def installs(site: Site) -> list[str]:
    """The ids of the installs in the books, in the order in which the phone captured them."""
    query = select(Operation.id).where(Operation.kind == "install", Operation.status == "applied")
    with site.app.app_context(), reading() as connection:
        return list(connection.execute(query.order_by(Operation.capture)).scalars())


def as_booked(site: Site) -> list[int]:
    """The captures of the installs in the order of booking."""
    query = select(Operation.capture).where(Operation.kind == "install")
    with site.app.app_context(), reading() as connection:
        return list(connection.execute(query.order_by(Operation.received_us)).scalars())


def queue_installs(phone: Phone, site: Site, count: int) -> None:
    """Scan the filter so often that this many installs are kept."""
    before = len(entries(phone.page))
    scan_all(phone.page, *[site.things.filter] * count)
    wait_until(lambda: len(entries(phone.page)) == before + count, f"{count} more are kept")


def test_nothing_is_lost_or_doubled(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.loses_network = True
    phone.open(f"/scan?mode=install&on={site.things.forklift}")
    phone.page.wait_for_selector("html[data-worker=ready]")
    knows_the_catalogue(phone)
    goes_offline(phone)
    for _ in range(RELOADS):
        queue_installs(phone, site, SCANS // RELOADS)
        phone.page.reload()
        phone.page.wait_for_selector("#stage[data-local]")
    kept = [entry["id"] for entry in entries(phone.page)]
    assert len(set(kept)) == SCANS

    # Somebody else on this phone can neither send them as their own nor lose them.
    other = phone.page.context
    site.let_in(site.cast.storekeeper, other)
    comes_back(phone)
    phone.open()
    phone.page.wait_for_function("() => document.querySelector('waiting-sign:not([hidden])')")
    assert states(phone.page) == {"waiting": SCANS}
    assert installs(site) == []

    # The tab dies in the middle of sending; then two tabs send at once.
    site.let_in(site.cast.technician, other)
    phone.open()
    wait_until(lambda: len(installs(site)) > 0, "the first ones are booked")
    phone.page.close()
    assert len(installs(site)) < SCANS
    tabs = [other.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"{site.url}/scan", wait_until="commit")
    wait_until(lambda: states(tabs[0])["taken"] == SCANS, "all are taken")
    assert installs(site) == kept
    assert as_booked(site) == sorted(as_booked(site))
    assert site.on_hand(site.things.filter) == 40 - SCANS
