"""Several people who order, receive and cancel at the same moment: the books and orders agree."""

from functools import partial
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.errors import RuleBroken
from stockscan.services import operations, purchasing
from stockscan.services.purchasing import Placed, Raised
from tests.cast import Player, context, new_id
from tests.crowd import at_once
from tests.shop import Shop

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ROUNDS = 12


def ordered(shop: Shop, part: str, quantity: int = 2) -> int:
    """An order for so many of a part; its number."""
    [number] = purchasing.ask_for(shop.context(), new_id(), part, quantity * 1000, None)
    purchasing.order(shop.context(), number, Placed())
    return number


def receive(by: Player, **values: Any) -> str:
    """Take goods in, now; what became of it."""
    raw = {"id": new_id(), "kind": "receive", **values}
    return operations.apply(context(by), raw).status


def cancel(by: Player, number: int) -> str:
    """Call an order off; what became of it."""
    try:
        purchasing.cancel(context(by), number)
    except RuleBroken as refused:
        return str(refused.code)
    return "cancelled"


@on_postgresql
def test_nothing_comes_for_an_order_that_is_cancelled_meanwhile(app: Flask, shop: Shop) -> None:
    bin_, part, admin = shop.bin(), shop.part(supplier="Nord"), shop.cast.admin
    for _ in range(ROUNDS):
        number = ordered(shop, part)
        take = partial(receive, admin, part=part, location=bin_, quantity="2")
        said = at_once(app, [take, partial(cancel, admin, number)])
        page = purchasing.requisition_page(shop.context(), number)
        end = ("cancelled", 0) if said[1] == "cancelled" else ("received", 2000)
        assert (page.row.state, page.lines[0].received_milli) == end, said


@on_postgresql
def test_several_who_raise_ahead_at_once_ask_once(app: Flask, shop: Shop) -> None:
    part = shop.part(supplier="Nord")
    edit = {"id": new_id(), "part": part, "safety_stock": "5"}
    assert operations.edit(shop.context(), "edit_part", edit).done

    def again() -> Raised:
        return purchasing.raise_ahead(context(shop.cast.technician))

    raised = at_once(app, [again] * 4)
    assert sum(each.lines for each in raised) == 1
    [row] = purchasing.requisition_list(shop.context()).rows
    [line] = purchasing.requisition_page(shop.context(), row.number).lines
    assert line.quantity_milli == 5000
