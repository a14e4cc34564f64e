"""Counting by a sheet while no server answers: the sheet is on the phone, the books are not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from stockscan.domain.codes import read
from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountEntry, CountLine, CountSession
from stockscan.store.operations import Operation
from stockscan.store.scanning import resolve
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    entries,
    goes_offline,
    kept_in,
    knows_the_catalogue,
    scan_all,
    states,
    wait_until,
)
from tests.browser.phone import Phone
from tests.browser.site import IN_THE_BIN, Site
from tests.cast import context, new_id
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
OIL = 73_131
HOSE, FILTER = "Hydraulic hose 2 m", "Oil filter W 712"


@dataclass(frozen=True)
class Aisle:
    """Two bins for whoever comes: hoses (none by the books) and filters, then belts and oil."""

    count: str
    second: str
    belt: str


@pytest.fixture
def aisle(site: Site) -> Aisle:
    """A count of both bins that has just begun."""
    with site.app.app_context():
        shop = Shop(site.cast, now_us=context().now_us - 60_000_000)
        second, belt, oil = shop.bin("Shelf A-04"), shop.part(name="Belt"), shop.part(name="Oil")
        shop.ok("receive", part=oil, location=second, quantity=str(OIL))
        shop.ok("receive", part=belt, location=second, quantity="3")
        places = tuple(place_id(code) for code in (site.things.bin, second))
        plan = Plan(name="Aisle A", scope=Scope(locations=places))
        opened = counts.open_count(shop.context(), new_id(), plan)
        return Aisle(opened.id, second, belt)


def place_id(code: str) -> int:
    with reading() as connection:
        found = resolve(connection, read(code))
    assert found is not None
    assert found.id is not None
    return found.id


def with_sheet(phone: Phone, path: str) -> Phone:
    """A phone that has the catalogue and the sheet, and no network from now on."""
    phone.loses_network = True
    phone.open(path)
    knows_the_catalogue(phone)
    wait_until(lambda: bool(kept_in(phone.page, "sheets")), "the sheet")
    goes_offline(phone)
    return phone


def counted(site: Site, count: str) -> list[tuple[str, int | None]]:
    """State and number (thousandths) of each line of a count, in the order of its lines."""
    query = select(CountLine.state, CountLine.counted_milli).where(CountLine.session_id == count)
    with site.app.app_context(), reading() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(CountLine.id))]


def asks_for(phone: Phone, part: str) -> None:
    """Wait until the number of this part is asked for."""
    expect(phone.page.locator("h2.head")).to_have_text(part)


def has_done(phone: Phone, words: str) -> None:
    """Wait until the screen says that so many bins are done."""
    expect(phone.page.locator("#stage .context")).to_contain_text(words)


def count_first_bin(phone: Phone, site: Site, filters: int = IN_THE_BIN) -> None:
    """Scan it; there are no hoses, and so many filters."""
    scan_all(phone.page, site.things.bin)
    asks_for(phone, HOSE)
    type_in(phone, 0)
    asks_for(phone, FILTER)
    type_in(phone, filters)


def type_in(phone: Phone, number: int) -> None:
    """Tap a number and Next."""
    for digit in str(number):
        phone.page.locator(f".pad [data-key='{digit}']").click()
    phone.page.locator(".key.next").click()


def test_a_sheet_is_counted_without_a_network(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    """Bin, number, number, bin is done, next bin; +1 by scans; nothing of the books is there."""
    phone = with_sheet(open_phone(site.cast.technician), f"/scan?mode=count&count={aisle.count}")
    kept = {store: kept_in(phone.page, store) for store in ("sheets", "things")}
    assert str(OIL) not in json.dumps(kept)
    count_first_bin(phone, site)
    phone.tap(re.compile("^Next: Bin Shelf A-04"))
    asks_for(phone, "Belt")
    scan_all(phone.page, aisle.belt)
    expect(phone.page.locator(".entries")).to_contain_text("scanned 1")
    scan_all(phone.page, aisle.belt)
    expect(phone.page.locator(".entries")).to_contain_text("scanned 2")
    phone.page.locator(".key.next").click()
    asks_for(phone, "Oil")
    type_in(phone, OIL)
    has_done(phone, "2 of 2 bins done")
    phone.tap("Nothing else here")
    phone.tap("Yes, these are all")
    wait_until(lambda: len(entries(phone.page)) == 5, "four numbers and one bin")
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"taken": 5}, "all is taken")
    assert sorted(counted(site, aisle.count)) == [
        ("COUNTED", 0), ("COUNTED", 2_000), ("COUNTED", IN_THE_BIN * 1000), ("COUNTED", OIL * 1000),
    ]  # fmt: skip
    with site.app.app_context(), reading() as connection:
        told = connection.scalars(
            select(CountEntry.quantity_milli)
            .join(Operation, Operation.id == CountEntry.operation_id)
            .order_by(Operation.capture, CountEntry.id)
        ).all()
    assert list(told) == [0, IN_THE_BIN * 1000, 1000, 2000, OIL * 1000]


def test_what_waits_here_is_done_and_undone_it_is_left_again(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    """Also after a reload, and begun by the printed sheet."""
    phone = with_sheet(open_phone(site.cast.technician), "/scan?mode=count")
    with site.app.app_context(), reading() as connection:
        code = connection.scalar(select(CountSession.code))
    scan_all(phone.page, code or "")
    has_done(phone, "0 of 2 bins done")
    count_first_bin(phone, site, 1)
    has_done(phone, "1 of 2 bins done")
    phone.tap("Undo")
    asks_for(phone, FILTER)
    type_in(phone, 2)
    has_done(phone, "1 of 2 bins done")
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"taken": 4}, "all is taken")
    assert ("COUNTED", 2000) in counted(site, aisle.count)
    assert ("COUNTED", 1000) not in counted(site, aisle.count)


def test_another_phone_goes_on_where_the_first_one_was(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    first = with_sheet(open_phone(site.cast.technician), f"/scan?mode=count&count={aisle.count}")
    count_first_bin(first, site)
    has_done(first, "1 of 2 bins done")
    comes_back(first)
    wait_until(lambda: states(first.page) == {"taken": 2}, "it is taken")
    second = with_sheet(open_phone(site.cast.technician), f"/scan?mode=count&count={aisle.count}")
    scan_all(second.page, site.things.bin)
    has_done(second, "1 of 2 bins done")
    second.shows("Next: Bin Shelf A-04")


def test_a_count_that_ended_meanwhile_keeps_the_number_for_a_person(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    phone = with_sheet(open_phone(site.cast.technician), f"/scan?mode=count&count={aisle.count}")
    with site.app.app_context():
        counts.cancel(context(site.cast.supervisor), aisle.count)
    count_first_bin(phone, site, 39)
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"attention": 2}, "somebody has to look")
    assert "not open any more" in entries(phone.page)[0]["message"]
    wait_until(lambda: not kept_in(phone.page, "sheets"), "the sheet is gone")


def test_what_moved_meanwhile_is_told_to_who_counted(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    """Someone with a network takes a filter while the filters are counted without one."""
    phone = with_sheet(open_phone(site.cast.technician), f"/scan?mode=count&count={aisle.count}")
    scan_all(phone.page, site.things.bin)
    asks_for(phone, HOSE)
    type_in(phone, 0)
    asks_for(phone, FILTER)
    # It is on the screen for longer than the network may take to tell the number.
    phone.page.evaluate("document.getElementById('stage').dataset.opened -= 30_000")
    with site.app.app_context():
        Shop(site.cast, now_us=context().now_us - 1_000_000).ok(
            "install", by=site.cast.storekeeper, asset=site.things.forklift,
            part=site.things.filter, location=site.things.bin, quantity="1",
        )  # fmt: skip
    type_in(phone, IN_THE_BIN - 1)
    comes_back(phone)
    expect(phone.page.locator("waiting-sign")).to_contain_text("1 to look at")
    assert ("MOVED_DURING_COUNT", (IN_THE_BIN - 1) * 1000) in counted(site, aisle.count)
    phone.open("/waiting")
    expect(phone.page.locator("waiting-list")).to_contain_text("Parts moved while you counted")
    phone.tap("Understood")
    expect(phone.page.locator("waiting-list")).not_to_contain_text("Parts moved")
    assert states(phone.page) == {"taken": 2}
