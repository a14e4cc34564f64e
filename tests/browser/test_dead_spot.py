"""A day in a dead spot: two phones without a server, then both come back, in either order.

What was true at the shelf is true in the books, and every conflict is a line with a way out.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    goes_offline,
    knows_the_catalogue,
    scan_all,
    states,
    wait_until,
)
from tests.browser.phone import OPEN_MS, Phone
from tests.browser.site import IN_THE_BIN, Site
from tests.cast import Player

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def scan(phone: Phone, code: str, *shown: str) -> None:
    """Read one label and wait for what the phone says of it."""
    scan_all(phone.page, code)
    phone.shows(*shown)


def go(phone: Phone, path: str) -> None:
    """Open an address of the scan screen without a server."""
    phone.page.goto(phone.site.url + path)
    phone.page.wait_for_selector("#stage[data-local]")


def ready(open_phone: OpenPhone, site: Site, player: Player) -> Phone:
    """A phone that keeps the app and knows the catalogue, and has lost the network."""
    phone = open_phone(player, keeps_app=True)
    phone.loses_network = True
    phone.open()
    phone.keeps_app()
    knows_the_catalogue(phone)
    goes_offline(phone)
    return phone


@pytest.mark.parametrize("first", ["dana", "marco"])
def test_two_phones_come_back_in_either_order(
    site: Site, open_phone: OpenPhone, first: str
) -> None:
    things, cast = site.things, site.cast
    dana = ready(open_phone, site, cast.technician)
    marco = ready(open_phone, site, cast.storekeeper)

    a_day_apart(site, dana, marco)
    order = [dana, marco] if first == "dana" else [marco, dana]
    for phone in order:
        comes_back(phone)
        phone.page.wait_for_selector("#stage:not([data-local])", timeout=OPEN_MS)

    assert site.on_hand(things.filter) == IN_THE_BIN - 3
    # The drill has one holder. Whoever came second reads so, and where that is decided.
    late = order[1]
    assert states(order[0].page) == {"taken": {"dana": 4, "marco": 2}[first]}
    assert states(late.page) == {"taken": {"dana": 1, "marco": 3}[first], "attention": 1}
    late.page.goto(f"{site.url}/waiting")
    case = late.page.locator(".case")
    expect(case).to_contain_text("Hammer drill TE 30")
    expect(case).to_contain_text("out")
    expect(case.get_by_role("link", name="Show that list")).to_be_visible()

    # A supervisor settles it by what is true: the drill went on from hand to hand.
    boss = open_phone(cast.supervisor)
    boss.open("/attention")
    boss.tap(re.compile("now Hand over from"))
    boss.page.wait_for_selector("text=Nothing waits")
    late.page.reload()
    wait_until(lambda: states(late.page)["attention"] == 0, "it is settled here too")
    held_last = cast.storekeeper if first == "dana" else cast.technician
    assert site.handovers(things.drill)[-1] == ("check_out", held_last.id)


def a_day_apart(site: Site, dana: Phone, marco: Phone) -> None:
    """What both do at the shelf while neither has a network."""
    things, cast = site.things, site.cast
    # Dana takes the drill and puts three filters on the forklift.
    go(dana, f"/scan?mode=check_out&on={things.drill}")
    scan(dana, cast.technician.code, "Checked out", "Dana Reyes")
    go(dana, f"/scan?mode=install&on={things.forklift}")
    for _ in range(2):
        scan(dana, things.filter, "Installed")
    # Marco counts the shelf: two of forty are gone by now. He sees no figure.
    go(marco, f"/scan?mode=count&on={things.bin}")
    scan_all(marco.page, things.filter)
    marco.page.wait_for_selector("#stage[data-local][data-state=entry]")
    assert "40" not in marco.page.locator("#stage").inner_text()
    marco.page.get_by_label("How many do you see?").fill(str(IN_THE_BIN - 2))
    marco.tap("Next")
    marco.shows("Counted")
    # Then one more goes, and Marco hands out the drill that is long gone, as he believes.
    go(dana, f"/scan?mode=install&on={things.forklift}")
    scan(dana, things.filter, "Installed")
    go(marco, f"/scan?mode=check_out&on={things.drill}")
    scan(marco, cast.storekeeper.code, "Checked out", "Marco Silva")
