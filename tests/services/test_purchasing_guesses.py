"""What purchasing assumes where nobody has said it, and what it leaves alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from stockscan.domain.errors import Conflict, RuleBroken
from stockscan.domain.purchasing import Lead, LeadFrom
from stockscan.services import operations, purchasing, settings
from stockscan.services.purchasing import Placed, RequisitionPage, Wanted
from stockscan.services.work import reading
from stockscan.store.purchasing.policies import buying
from stockscan.store.settings import load
from tests.cast import new_id
from tests.shop import SECOND, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def in_november(shop: Shop) -> None:
    """The survey's day, 22 November 2026."""
    shop.now_us = 1_795_348_800 * SECOND


def edit(shop: Shop, kind: str, **values: Any) -> None:
    """Apply an edit that must succeed."""
    outcome = operations.edit(shop.context(), kind, {"id": new_id(), **values})
    assert outcome.done, outcome


def lead_of(shop: Shop, part: str) -> Lead:
    """How long a part takes to come."""
    number = shop.key(part, shop.bin()).part_id
    with reading() as connection:
        return buying(connection, load(connection), [number])[number].lead


def kept(shop: Shop, **values: Any) -> str:
    """A part of which two are always kept."""
    part = shop.part(**values)
    edit(shop, "edit_part", part=part, safety_stock="2")
    return part


def asked(shop: Shop) -> RequisitionPage:
    """The one open requisition."""
    [row] = purchasing.requisition_list(shop.context()).rows
    return purchasing.requisition_page(shop.context(), row.number)


def test_an_unknown_lead_time_is_assumed_and_said_to_be(shop: Shop) -> None:
    part = kept(shop, supplier="Nord")
    settings.change(shop.context(), lead_days=30)
    assert lead_of(shop, part) == Lead(30, LeadFrom.SETTING)
    for days in (5, 9, 40):
        shop.part(supplier="Nord", lead_time_days=days)
    shop.part(supplier="South", lead_time_days=90)
    assert lead_of(shop, part) == Lead(9, LeadFrom.SUPPLIER)
    [row] = purchasing.danger(shop.context()).to_order
    assert (row.lead.days, row.lead.is_known) == (9, False)
    purchasing.raise_ahead(shop.context())
    [line] = asked(shop).lines
    assert line.order_by == TODAY - timedelta(days=9 + 7)
    assert (line.why["lead_days"], line.why["lead_from"]) == (9, "supplier")
    edit(shop, "edit_part", part=part, lead_time_days=3)
    assert lead_of(shop, part) == Lead(3)


def test_three_deliveries_tell_more_than_the_supplier(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(supplier="Nord")
    shop.part(supplier="Nord", lead_time_days=90)
    for days in (2, 4, 5):
        [number] = purchasing.ask_for(shop.context(), new_id(), part, 1000, None)
        purchasing.order(shop.context(), number, Placed())
        shop.wait(days * 86_400)
        shop.ok("receive", part=part, location=bin_, quantity="1")
    assert lead_of(shop, part) == Lead(4, LeadFrom.DELIVERIES)


def test_an_order_comes_when_its_own_supplier_delivers(shop: Shop) -> None:
    part = shop.part(supplier="Nord", lead_time_days=5)
    offer = {"supplier": "South", "number": "S-9", "lead_time_days": 20}
    edit(shop, "set_supplier_part", part=part, **offer)
    need_by = TODAY + timedelta(days=60)
    [number] = purchasing.ask_for(shop.context(), new_id(), part, 1000, need_by)
    purchasing.set_supplier(shop.context(), number, "South")
    [line] = asked(shop).lines
    assert line.order_by == need_by - timedelta(days=20 + 7)
    purchasing.order(shop.context(), number, Placed())
    assert asked(shop).row.expected_on == TODAY + timedelta(days=20)


def test_nothing_is_kept_for_machines_that_are_all_retired(shop: Shop) -> None:
    """A part that only retired machines list is not bought; one that none lists is."""
    listed, own, loose = (kept(shop, name=name) for name in ("Belt", "Lamp", "Tape"))
    shop.make("model", name="Lift")
    machines = [shop.asset(model="Lift") for _ in range(2)]
    edit(shop, "set_model_part", model="Lift", part=listed, quantity="1")
    edit(shop, "set_asset_part", asset=machines[0], part=own, quantity="1")

    def short() -> set[str]:
        return {row.part.code for row in purchasing.danger(shop.context()).to_order}

    assert short() == {listed, own, loose}
    shop.ok("set_status", asset=machines[0], status="retired")
    assert short() == {listed, loose}
    shop.ok("set_status", asset=machines[1], status="retired")
    assert short() == {loose}
    assert purchasing.raise_ahead(shop.context()).lines == 1
    page = purchasing.ahead(shop.context(), listed)
    assert page.short is None
    assert page.planned is not None
    assert not page.planned.bought.is_kept


def test_who_counts_a_part_blind_does_not_ask_for_it_ahead(shop: Shop) -> None:
    """What would be asked for tells what the books say; the night asks for it."""
    bin_, part = shop.bin(), kept(shop)
    shop.ok("receive", part=part, location=bin_, quantity="1")
    dana = shop.cast.technician
    shop.plan(bin_, counters=(dana,))
    before = purchasing.danger(shop.context(dana))
    assert (before.to_order, before.hidden) == ([], 1)
    assert purchasing.raise_ahead(shop.context(dana)).lines == 0
    shop.ok("receive", part=part, location=shop.bin(), quantity="9")
    assert purchasing.danger(shop.context(dana)).hidden == 1, "enough or not, it looks the same"
    assert purchasing.reorder_list(shop.context(dana)).hidden == 1


def test_what_somebody_asked_for_meanwhile_is_not_reordered(shop: Shop) -> None:
    part = shop.part(supplier="Nord", reorder_point="2", reorder_quantity="4")
    number = shop.key(part, shop.bin()).part_id
    uid, ctx = new_id(), shop.context()
    first = purchasing.reorder(ctx, uid, {number: 4000})
    assert purchasing.reorder(ctx, uid, {number: 4000}) == first
    with pytest.raises(RuleBroken, match="Look at the list again"):
        purchasing.reorder(ctx, new_id(), {number: 4000})
    assert asked(shop).lines[0].why == {"point_milli": 2000, "here_milli": 0, "coming_milli": 0}


def test_nobody_decides_about_what_they_did_not_see(shop: Shop) -> None:
    """5 pieces were on the page; somebody made them 5000 before Approve was pressed."""
    ctx, part = shop.context(), shop.part(supplier="Nord", cost="4")
    [number] = purchasing.ask_for(ctx, new_id(), part, 5000, None)
    page = asked(shop)
    [line] = page.lines
    more = {line.id: Wanted(5_000_000, line.price_e4)}
    purchasing.change_lines(ctx, number, more, page.version)
    for decide in (
        lambda: purchasing.approve(ctx, number, page.version),
        lambda: purchasing.order(ctx, number, Placed(), page.version),
        lambda: purchasing.change_lines(ctx, number, {line.id: Wanted(1000, 1)}, page.version),
    ):
        with pytest.raises(Conflict, match="changed meanwhile"):
            decide()
    purchasing.approve(ctx, number, asked(shop).version)
    assert asked(shop).lines[0].quantity_milli == 5_000_000
