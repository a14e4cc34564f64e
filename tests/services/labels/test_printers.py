"""The list of printers: who may change it, what an address may be, how a printer draws."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.labelling.spec import Printer
from stockscan.services import labels
from stockscan.services.labels.hosts import as_host
from stockscan.store.once import Once
from tests.cast import hire
from tests.crowd import at_once
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ZEBRA: dict[str, Any] = {
    "name": "Packing",
    "dpi": "300",
    "host": "192.168.1.40",
    "port": "9100",
    "offset_x": "-0.5",
    "offset_y": "1,25",
    "scale_x": "99.8",
    "scale_y": "100",
    "active": True,
}


def save(shop: Shop, number: int | None = None, uid: str = "", **values: Any) -> int:
    """Add a printer, or change one; its number."""
    once = Once(uid or str(uuid4()), {**ZEBRA, **values})
    return labels.save_printer(shop.context(), once, number)


def test_a_printer_is_added_once_changed_and_put_out_of_use(shop: Shop) -> None:
    uid = str(uuid4())
    number = save(shop, uid=uid)
    assert save(shop, uid=uid) == number
    with pytest.raises(Conflict, match="used for something else"):
        save(shop, uid=uid, name="Another")
    second = save(shop, name="Gate", host="", dpi="203")
    with pytest.raises(Conflict, match=r"There is a printer PACKING already\. Change that one"):
        save(shop, second, name="PACKING")
    save(shop, number, name="Packing hall", active=False)
    found = [(row.name, row.is_on_network, row.active) for row in labels.printers(shop.context())]
    assert found == [("Gate", False, True), ("Packing hall", True, False)]
    with pytest.raises(NotFound):
        save(shop, 99)


def test_two_who_add_the_same_at_once_add_one(app: Flask) -> None:
    with app.app_context():
        shop, uid = Shop(hire(app)), str(uuid4())
        numbers = at_once(app, [lambda: save(shop, uid=uid)] * 4)
        assert len(set(numbers)) == len(labels.printers(shop.context())) == 1


@on_sqlite
def test_a_printer_draws_with_its_dots_offsets_and_scales(shop: Shop) -> None:
    spec = labels.as_spec(labels.printer_of(save(shop)))
    assert spec == Printer(-0.5, 1.25, 0.998, 1.0, 300 / 25.4)
    assert labels.as_spec(labels.printer_of(save(shop, name="B", dpi="203"))).dots_per_mm == 8


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dpi", "150"),
        ("host", "http://192.168.1.40"),
        ("name", " "),
        ("offset_x", "21"),
        ("port", "0"),
        ("port", "65536"),
        ("scale_y", "89.9"),
    ],
)
def test_what_can_not_be_is_refused_with_its_field(shop: Shop, field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        save(shop, **{field: value})
    assert caught.value.field == field
    assert labels.printers(shop.context()) == []


@on_sqlite
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_admins_say_where_the_server_connects_to(shop: Shop, role: Role) -> None:
    ctx = shop.context(shop.cast.of(role))
    with pytest.raises(NotAllowed):
        labels.save_printer(ctx, Once(str(uuid4()), ZEBRA))


@pytest.mark.parametrize(
    "host",
    [
        "http://10.0.0.7", "10.0.0.7:9100", "user@10.0.0.7", "10.0.0.7/print", "zebra gate", "..",
        "[fe80::1]", "a" * 64, "z\nebra",
        # Addresses of no printer: clouds keep secrets there, or nobody answers.
        "169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "100.100.100.200", "224.0.0.1", "ff02::1", "::",
        "0.0.0.0", "255.255.255.255",  # noqa: S104 - refused
    ],
)  # fmt: skip
def test_a_host_is_a_name_or_an_address_that_a_printer_may_have(host: str) -> None:
    with pytest.raises(Invalid):
        as_host("host", host)


def test_names_and_addresses_of_printers() -> None:
    given = [" Zebra-1.Local ", "10.0.0.7", "127.0.0.1", "fd12::7", "print_server", ""]
    taken = ["zebra-1.local", "10.0.0.7", "127.0.0.1", "fd12::7", "print_server", ""]
    assert [as_host("host", host) for host in given] == taken
