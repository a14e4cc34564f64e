"""Scanning labels back: each scan is found right, old, of another print, unknown or unreadable."""

from collections.abc import Iterator

import pytest
from flask import Flask

from stockscan.domain.codes import label_address
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.services.labels import checking
from stockscan.services.labels.checking import CheckPage
from stockscan.services.work import reading
from tests.cast import hire, new_id
from tests.services.labels.paper import OLD, TODAY, print_of, setup
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def scan(shop: Shop, print_id: int, raw: str, uid: str | None = None) -> CheckPage:
    """Scan one label; the page with the answer."""
    uid = uid or new_id()
    checking.check(shop.context(), setup(), print_id, uid, raw)
    return checking.check_page(shop.context(), print_id, uid)


def verdict(page: CheckPage) -> str:
    assert page.answer
    return page.answer.verdict


def test_a_right_label_counts_once_however_often_and_however_it_is_read(shop: Shop) -> None:
    first, second = shop.asset(name="Forklift"), shop.asset()
    print_id = print_of(shop, first, second)
    page = scan(shop, print_id, label_address(TODAY, first))
    assert page.answer
    assert (verdict(page), page.answer.again, page.counts.read) == ("right", False, 1)
    assert page.answer.title.startswith("Forklift")
    page = scan(shop, print_id, first.lower())  # the bars, or typed
    assert page.answer
    assert (verdict(page), page.answer.again, page.counts.read) == ("right", True, 1)
    assert [line.verdict for line in page.lines] == ["right", ""]


def test_an_old_label_still_works_and_is_said(shop: Shop) -> None:
    asset = shop.asset()
    print_id = print_of(shop, asset)
    page = scan(shop, print_id, label_address(OLD, asset))
    assert page.answer
    assert (verdict(page), page.answer.server) == (
        "old_address",
        OLD.upper().replace("HTTP", "http"),
    )
    assert page.print_again == [asset]
    page = scan(shop, print_id, label_address(TODAY, asset))  # the new one is over it now
    assert (page.counts.right, page.counts.old_address, page.print_again) == (1, 0, [])


def test_a_label_of_another_print_says_of_which(shop: Shop) -> None:
    here, there, nowhere = shop.asset(), shop.asset(), shop.asset()
    print_id, other = print_of(shop, here), print_of(shop, there)
    page = scan(shop, print_id, label_address(TODAY, there))
    assert page.answer
    assert page.answer.origin
    assert (verdict(page), page.answer.origin.print_id) == ("other_print", other)
    page = scan(shop, print_id, nowhere)
    assert page.answer
    assert (verdict(page), page.answer.origin) == ("other_print", None)
    assert (page.counts.other_print, page.counts.read) == (2, 0)


@on_sqlite
def test_what_is_not_ours_is_unknown_however_long(shop: Shop) -> None:
    print_id = print_of(shop, shop.asset())
    assert verdict(scan(shop, print_id, "4006381333931")) == "unknown"
    assert verdict(scan(shop, print_id, f"{TODAY}/S/0000000")) == "unknown"
    page = scan(shop, print_id, "x" * 5000)
    assert (verdict(page), page.counts.unknown) == ("unknown", 3)


@on_sqlite
def test_an_unreadable_label_is_noted_until_it_is_read(shop: Shop) -> None:
    asset = shop.asset()
    print_id = print_of(shop, asset)
    checking.report_unreadable(shop.context(), print_id, new_id(), f" {asset.lower()} ")
    page = checking.check_page(shop.context(), print_id)
    assert (page.counts.unreadable, page.print_again, page.is_enough) == (1, [asset], True)
    page = scan(shop, print_id, asset)
    assert (page.counts.unreadable, page.print_again, page.counts.right) == (0, [], 1)
    with pytest.raises(Invalid, match="no label with that code"):
        checking.report_unreadable(shop.context(), print_id, new_id(), shop.asset())


def test_a_check_is_kept_once(shop: Shop) -> None:
    asset, other = shop.asset(), shop.asset()
    print_id, uid = print_of(shop, asset), new_id()
    for _ in range(2):
        page = scan(shop, print_id, other, uid)
        assert page.answer
        assert not page.answer.again
    with reading() as connection:
        assert checking.checked(connection, [print_id, 99])[print_id].other_print == 1
    with pytest.raises(Conflict):
        scan(shop, print_id, asset, uid)


@on_sqlite
def test_the_first_the_last_and_some_between_are_asked_for(shop: Shop) -> None:
    codes = [str(number) for number in range(1, 41)]
    assert checking.sample(codes, 5) == ["1", "10", "20", "30", "40"]
    assert checking.sample(codes[:3], 3) == ["1", "2", "3"]
    assert checking.sample(codes[:1], 1) == ["1"]
    assert [checking.enough(total) for total in (1, 5, 40, 100, 10_000)] == [1, 5, 6, 10, 20]


@on_sqlite
def test_only_who_may_print_checks(shop: Shop) -> None:
    print_id = print_of(shop, shop.asset())
    technician = shop.context(shop.cast.technician)
    with pytest.raises(NotAllowed):
        checking.check_page(technician, print_id)
    with pytest.raises(NotAllowed):
        checking.check(technician, setup(), print_id, new_id(), "x")
    with pytest.raises(NotAllowed):
        checking.report_unreadable(technician, print_id, new_id(), "x")
    with pytest.raises(NotFound):
        checking.check(shop.context(), setup(), 999, new_id(), "x")
