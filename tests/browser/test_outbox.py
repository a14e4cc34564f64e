"""What a phone captured without a server is booked exactly once and in order, whatever happens."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from stockscan.store.db import dispose
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    all_are_booked,
    comes_back,
    entries,
    goes_offline,
    install_here,
    installs,
    make_older,
    queue_installs,
    scan_all,
    states,
    wait_until,
)
from tests.browser.served import Served
from tests.browser.site import DATA, DATABASE, IN_THE_BIN, Furnished, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

DAY_MS = 86_400_000
# In every run a short one; `make torture` runs the long one.
SIZES = [(20, 2), pytest.param(500, 20, marks=pytest.mark.torture)]


@pytest.mark.parametrize(("scans", "reloads"), SIZES)
def test_nothing_is_lost_or_doubled(
    site: Site, open_phone: OpenPhone, scans: int, reloads: int
) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    install_here(phone, site)
    phone.keeps_app()
    goes_offline(phone)
    for _ in range(reloads):
        queue_installs(phone, site, scans // reloads)
        phone.page.reload()
        phone.page.wait_for_selector("#stage[data-local]")
    kept = [entry["id"] for entry in entries(phone.page)]
    assert len(set(kept)) == scans

    # Somebody else on this phone can neither send them as their own nor lose them.
    both = phone.page.context
    site.let_in(site.cast.storekeeper, both)
    comes_back(phone)
    # The kept page goes on to the server's own by itself: another address in that moment is lost.
    expect(phone.page.locator("offline-scan[data-shell]")).to_have_count(0)
    phone.open("/waiting")
    expect(phone.page.locator("waiting-list")).to_contain_text(f"{scans} of Dana Reyes")
    assert states(phone.page) == {"waiting": scans}
    assert installs(site) == []

    # The tab dies in the middle of sending; then two tabs send at once.
    site.let_in(site.cast.technician, both)
    phone.open()
    wait_until(lambda: len(installs(site)) > 0, "the first ones are booked")
    phone.page.close()
    tabs = [both.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"{site.url}/scan", wait_until="commit")
    wait_until(lambda: states(tabs[0])["taken"] == scans, "all are taken")
    all_are_booked(site, kept)


@pytest.mark.parametrize(("scans", "reloads"), SIZES)
def test_nothing_is_lost_without_a_service_worker(
    site: Site, open_phone: OpenPhone, scans: int, reloads: int
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    for _ in range(reloads):
        goes_offline(phone)
        queue_installs(phone, site, scans // reloads)
        # Without a worker a page can only be loaded again where there is network.
        comes_back(phone)
        phone.page.reload()
        phone.page.wait_for_selector("#stage")
    kept = [entry["id"] for entry in entries(phone.page)]
    assert len(set(kept)) == scans
    wait_until(lambda: states(phone.page)["taken"] == scans, "all are taken")
    all_are_booked(site, kept)


def test_a_restored_backup_gets_what_it_lost(
    site: Site, open_phone: OpenPhone, tmp_path: Path
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    backup = tmp_path / "backup.db"
    copy_database(tmp_path / DATABASE, backup)
    goes_offline(phone)
    queue_installs(phone, site, 7)
    comes_back(phone)
    wait_until(lambda: states(phone.page)["taken"] == 7, "all are taken")
    kept = [entry["id"] for entry in entries(phone.page)]
    goes_offline(phone)  # what it still asks may not meet the older one before we look
    dispose(site.app)
    copy_database(backup, tmp_path / DATABASE)  # in place: the epoch stays, the canary is gone
    assert installs(site) == []
    comes_back(phone)
    phone.page.reload()
    wait_until(lambda: installs(site) == kept, "the phone has offered them again")
    all_are_booked(site, kept)


def test_a_server_that_is_killed_in_between_gets_the_rest_later(
    furnished: Furnished, open_phone: OpenPhone, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    with Served(furnished.copy_to(folder), folder / DATA) as served:
        there = replace(site, app=served.app, url=served.url)
        phone = open_phone()
        phone.site = there
        there.let_in(there.cast.technician, phone.page.context)
        install_here(phone, there)
        goes_offline(phone)
        queue_installs(phone, there, 25)

        def kill_after_ten(route: Route) -> None:
            sent = route.request.post_data_json
            route.fetch(post_data={**sent, "operations": sent["operations"][:10]})
            served.kill()
            route.abort()

        phone.page.route("**/api/v1/operations", kill_after_ten, times=1)
        with phone.page.expect_event("requestfailed", lambda one: one.url.endswith("/operations")):
            comes_back(phone)
        assert len(installs(there)) == 10
        served.start()
        wait_until(lambda: states(phone.page)["taken"] == 25, "all are taken")
        all_are_booked(there, [entry["id"] for entry in entries(phone.page)])


def test_a_scan_whose_answer_was_lost_is_booked_once(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)

    def lose_answer(route: Route) -> None:
        route.fetch()  # the server books it
        route.abort()

    phone.page.route("**/scans", lose_answer)
    scan_all(phone.page, site.things.filter)
    wait_until(lambda: states(phone.page) == {"taken": 1}, "it is taken")
    assert site.on_hand(site.things.filter) == IN_THE_BIN - 1
    assert len(installs(site)) == 1


@pytest.mark.parametrize("name", ["Undo", "+1 more"])
def test_a_tap_whose_answer_was_lost_counts_once(
    site: Site, open_phone: OpenPhone, name: str
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    scan_all(phone.page, site.things.filter)
    phone.reads("40", "39")

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.page.route(re.compile("/(scans|reversal)$"), lose_answer)
    phone.tap(re.compile(f"^{re.escape(name)}"))
    wait_until(lambda: states(phone.page) == {"taken": 1}, "it is taken")
    assert site.on_hand(site.things.filter) == {"Undo": IN_THE_BIN, "+1 more": IN_THE_BIN - 2}[name]


def test_a_network_that_swallows_everything_is_not_waited_for(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route(re.compile("/(scans|api/v1/.*)$"), hold)
    scan_all(phone.page, site.things.filter)
    expect(phone.result).to_contain_text("Safe on this phone", timeout=20_000)
    phone.page.unroute_all(behavior="ignoreErrors")
    wait_until(lambda: states(phone.page) == {"taken": 1}, "it is taken")
    assert len(installs(site)) == 1


def test_a_week_later_what_waits_is_sent_and_what_was_taken_goes(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    goes_offline(phone)
    queue_installs(phone, site, 2)
    make_older(phone, 8 * DAY_MS)
    comes_back(phone)
    wait_until(lambda: states(phone.page) == {"taken": 2}, "they are taken after eight days")
    assert len(installs(site)) == 2
    make_older(phone, 8 * DAY_MS)
    phone.page.reload()
    wait_until(lambda: entries(phone.page) == [], "the phone has let go of them")


def test_a_full_phone_keeps_scans_and_lets_the_catalogue_go(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    goes_offline(phone)
    phone.page.evaluate(FULL)
    queue_installs(phone, site, 1)
    phone.shows("Installed", "Safe on this phone")
    comes_back(phone)
    wait_until(lambda: states(phone.page)["taken"] == 1, "it is taken")


def test_a_phone_that_keeps_nothing_says_so_and_still_sends(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician)
    install_here(phone, site)
    goes_offline(phone)
    phone.page.evaluate(NEVER_WRITES)
    scan_all(phone.page, site.things.filter)
    phone.shows("Installed", "keep this page open")
    comes_back(phone)
    wait_until(lambda: len(installs(site)) == 1, "it is booked")


# Until the catalogue is let go, nothing can be added to the outbox.
FULL = """() => {
  const add = IDBObjectStore.prototype.add;
  let full = true;
  const clear = IDBObjectStore.prototype.clear;
  IDBObjectStore.prototype.clear = function () { full = false; return clear.call(this); };
  IDBObjectStore.prototype.add = function (...given) {
    if (full) throw new DOMException("no room", "QuotaExceededError");
    return add.apply(this, given);
  };
}"""
NEVER_WRITES = """() => {
  IDBObjectStore.prototype.add = () => { throw new DOMException("no room", "QuotaExceededError"); };
}"""


def copy_database(source: Path, target: Path) -> None:
    """Copy a database file that is in use, over whatever is there."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)
