"""Two people count one aisle by the sheets of one count while a third takes parts from it.

One part is taken while it is counted, some are taken offline and told late. A shelf knows the
truth: in the end the books say what lies on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.parts import Part
from tests.browser.conftest import OpenPhone
from tests.browser.outbox import (
    comes_back,
    goes_offline,
    knows_the_catalogue,
    make_older,
    scan_all,
    states,
    wait_until,
)
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.cast import context, new_id
from tests.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@dataclass
class Aisle:
    """Two bins with two parts each: what lies there, which nobody but the shelf knows."""

    count: str
    bins: dict[str, str]
    parts: dict[str, str]
    home: dict[str, str]
    shelf: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def aisle(site: Site) -> Aisle:
    """A count of the aisle, the first bin for the technician, the second for the storekeeper.

    One belt is gone that nobody recorded, and there is one can of oil that nobody knows of.
    """
    booked = {"Belt": 10, "Fuse": 20, "Oil": 12, "Seal": 6}
    with site.app.app_context():
        shop = Shop(site.cast, now_us=context().now_us - 600_000_000)
        bins = {name: shop.bin(name) for name in ("B-01", "B-02")}
        home = {"Belt": "B-01", "Fuse": "B-01", "Oil": "B-02", "Seal": "B-02"}
        parts = {
            name: shop.part(name=name, part_number=f"P-{name}", location=bins[home[name]], cost="4")
            for name in booked
        }
        for name, number in booked.items():
            shop.ok("receive", part=parts[name], location=bins[home[name]], quantity=str(number))
        inside = tuple(shop.key(parts["Oil"], code).location_id for code in bins.values())
        walkers = (site.cast.technician.id, site.cast.storekeeper.id)
        plan = Plan("Aisle B", Scope(locations=inside), walkers, max_attempts=1, posts_itself=True)
        opened = counts.open_count(shop.context(), new_id(), plan)
    return Aisle(opened.id, bins, parts, home, {**booked, "Belt": 9, "Oil": 13})


def test_the_books_say_what_lies_on_the_shelf(
    site: Site, aisle: Aisle, open_phone: OpenPhone
) -> None:
    cast = site.cast
    dana, marco = (starts(open_phone(who), aisle) for who in (cast.technician, cast.storekeeper))
    ada = open_phone(cast.admin, keeps_app=True)
    install = f"/scan?mode=install&on={site.things.forklift}"
    ada.open(install)
    knows_the_catalogue(ada)
    one_is_taken_while_dana_counts(dana, ada, aisle)
    two_are_taken_offline_before_marco_counts(marco, ada, aisle)
    comes_back(ada)
    wait_until(lambda: states(ada.page) == {"taken": 2}, "all is taken")
    ada.open(install)
    takes(ada, aisle, "Seal")
    ada.shows("Installed", "Seal")
    assert lines(site, aisle) == {
        "Belt": "NEEDS_REVIEW", "Fuse": "POSTED", "Oil": "NEEDS_REVIEW", "Seal": "POSTED"
    }  # fmt: skip
    ines = open_phone(cast.supervisor)
    for part, words in (("Oil", "Book +1"), ("Belt", "Write off €4.00")):
        ines.open(f"/counts/{aisle.count}")
        ines.page.get_by_role("link", name=re.compile(part)).first.click()
        ines.tap(words)
        expect(ines.page.locator("#toast")).to_contain_text("1 line booked.")
    assert set(lines(site, aisle).values()) == {"POSTED"}
    assert state(site, aisle) == "POSTED"
    assert on_hand(site, aisle) == aisle.shelf


def one_is_taken_while_dana_counts(dana: Phone, ada: Phone, aisle: Aisle) -> None:
    """She has looked at the belts when Ada takes one, and only then taps Next."""
    scan_all(dana.page, aisle.bins["B-01"])
    asks_for(dana, "Belt")
    seen = aisle.shelf["Belt"]
    takes(ada, aisle, "Belt")
    ada.shows("Installed", "Belt")
    enter(dana, seen)
    dana.shows_in_all("Moved while you counted", f"You counted {seen}")
    dana.tap("It happened after")
    asks_for(dana, "Fuse")
    enter(dana, aisle.shelf["Fuse"])
    submits(dana)


def two_are_taken_offline_before_marco_counts(marco: Phone, ada: Phone, aisle: Aisle) -> None:
    """Two cans go where no server answers, so the books hear of it after the count."""
    goes_offline(ada)
    for _ in range(2):
        takes(ada, aisle, "Oil")
    wait_until(lambda: states(ada.page)["waiting"] == 2, "both are kept")
    make_older(ada, 20_000)  # more than the network may take to tell of it
    scan_all(marco.page, aisle.bins["B-02"])
    for part in ("Oil", "Seal"):
        asks_for(marco, part)
        enter(marco, aisle.shelf[part])
    submits(marco)


def takes(phone: Phone, aisle: Aisle, part: str) -> None:
    """One leaves the shelf for the machine, and is scanned there."""
    aisle.shelf[part] -= 1
    scan_all(phone.page, aisle.parts[part])


def starts(phone: Phone, aisle: Aisle) -> Phone:
    """A phone at the start of somebody's sheet."""
    phone.open(f"/scan?mode=count&count={aisle.count}")
    return phone


def asks_for(phone: Phone, part: str) -> None:
    """Wait until the number of this part is asked for."""
    expect(phone.page.locator("h2.head")).to_have_text(part)


def enter(phone: Phone, number: int) -> None:
    """Tap a number and Next."""
    for digit in str(number):
        phone.page.locator(f".pad [data-key='{digit}']").click()
    phone.page.locator(".key.next").click()


def submits(phone: Phone) -> None:
    """Hand in what was counted, once the last bin is done."""
    phone.shows_in_all("is done")
    phone.tap("My sheet")
    phone.tap("Submit my sheet")
    expect(phone.page.locator("#toast")).to_contain_text("Submitted. Thank you.")


def lines(site: Site, aisle: Aisle) -> dict[str, str]:
    """The state of the live line of each part."""
    query = (
        select(Part.name, CountLine.state)
        .join(Part, Part.id == CountLine.part_id)
        .where(CountLine.session_id == aisle.count, CountLine.state != "VOIDED")
    )
    with site.app.app_context(), reading() as connection:
        return {row.name: row.state for row in connection.execute(query)}


def state(site: Site, aisle: Aisle) -> str:
    """The state of the count."""
    query = select(CountSession.state).where(CountSession.id == aisle.count)
    with site.app.app_context(), reading() as connection:
        return str(connection.execute(query).scalar_one())


def on_hand(site: Site, aisle: Aisle) -> dict[str, int]:
    """What the books say lies in the bins."""
    with site.app.app_context():
        shop = Shop(site.cast)
        return {
            name: shop.on_hand(part, aisle.bins[aisle.home[name]])
            for name, part in aisle.parts.items()
        }
