"""Old addresses: a thing's newest finished print says which one its label carries."""

from collections.abc import Iterator

import pytest
from flask import Flask

from stockscan.domain.errors import NotAllowed
from stockscan.services.labels import addresses
from stockscan.services.work import reading
from stockscan.store.catalogue import label_addresses as store
from tests.cast import hire
from tests.services.labels.paper import OLD, TODAY, print_of, setup
from tests.shop import Shop, blanks


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def old_codes() -> list[str]:
    with reading() as connection:
        return store.codes_with_old_address(connection, TODAY, 100)


def test_the_newest_finished_print_of_a_thing_decides(shop: Shop) -> None:
    anew, old, running, older = shop.asset(), shop.part(), shop.bin(), shop.asset(name="Saw")
    print_of(shop, anew, old, running, address=OLD)
    print_of(shop, older, address="http://192.168.1.7:8000")
    print_of(shop, anew, address=f"{TODAY.upper()}/")
    print_of(shop, running, address=TODAY, state="failed")
    assert old_codes() == [old, running, older]
    page = addresses.old_labels(shop.context(), setup())
    assert [(each.server, each.labels) for each in page.addresses] == [
        (OLD, 2),
        ("http://192.168.1.7:8000", 1),
    ]
    assert page.total == 3
    assert page.things[2][1].startswith("Saw")


def test_what_is_not_in_use_any_more_needs_no_label(shop: Shop) -> None:
    sold = shop.asset()
    print_of(shop, sold, address=OLD)
    assert old_codes() == [sold]
    shop.ok("set_status", asset=sold, status="retired")
    assert old_codes() == []


def test_a_blank_label_is_its_things_once_it_is_claimed(shop: Shop) -> None:
    (blank,) = blanks(shop.context())
    print_of(shop, blank, address=OLD)
    assert old_codes() == []  # on the reel: printed anew it would be there twice
    asset = shop.asset()
    shop.ok("claim", label=blank, thing=asset)
    assert old_codes() == [asset]
    print_of(shop, asset)
    assert old_codes() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_has_said_the_address_yet(shop: Shop) -> None:
    print_of(shop, shop.asset(), address=OLD)
    assert addresses.old_labels(shop.context(), setup("")).total == 0
    with pytest.raises(NotAllowed):
        addresses.old_labels(shop.context(shop.cast.technician), setup())
