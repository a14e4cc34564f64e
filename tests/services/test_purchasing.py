"""Purchasing from the plan to the bin: raised ahead once, approved, ordered, received, settled."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.domain.purchasing import Source
from stockscan.services import operations, purchasing
from stockscan.services.purchasing import Line, Placed, RequisitionPage, Wanted
from stockscan.services.work import Context, reading
from stockscan.store.parts import Part
from stockscan.store.purchasing.available import expiring, usable
from stockscan.store.purchasing.coming import coming
from tests.cast import Player, new_id
from tests.shop import SECOND, Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = 24 * 3600 * SECOND
NOW = 1_795_348_800 * SECOND  # noon of 22 November 2026 in UTC
BOUGHT = date(2023, 12, 10)


@pytest.fixture(autouse=True)
def in_november(shop: Shop) -> None:
    """The survey's day, 22 November 2026."""
    shop.now_us = NOW
    assert shop.context().today == date(2026, 11, 22)


def edit(shop: Shop, kind: str, **values: Any) -> dict[str, Any]:
    """Apply an edit that must succeed; its result."""
    shop.wait()
    outcome = operations.edit(shop.context(), kind, {"id": new_id(), **values})
    assert outcome.done, outcome
    return outcome.result or {}


def number_of(part: str) -> int:
    """The number of a part in the database."""
    with reading() as connection:
        found = connection.execute(select(Part.id).where(Part.code == part)).scalar()
    assert found is not None
    return found


def laptops(shop: Shop, many: int = 12, **battery: Any) -> tuple[str, str]:
    """So many laptops of one age, whose battery lasts 36 months; the battery and a bin of three."""
    bin_ = shop.bin()
    part = shop.part(
        name="Battery", supplier="Cells", cost="80", lead_time_days=14, location=bin_, **battery
    )
    edit(shop, "edit_part", part=part, safety_stock="1")
    made = {"id": new_id(), "name": "T14", "category": "Laptop"}
    assert operations.create(shop.context(), "create_model", made).done
    for _ in range(many):
        shop.asset(name="ThinkPad", model="T14", purchase_date=BOUGHT.isoformat())
    swap = {"id": new_id(), "name": "Swap", "model": "T14", "basis": "age", "every": "36"}
    plan = operations.create(shop.context(), "create_plan", {**swap, "unit": "month"}).result or {}
    edit(shop, "set_plan_part", plan=plan["plan"], part=part, quantity="1")
    shop.ok("receive", part=part, location=bin_, quantity="3", requisition="none")
    return part, bin_


def the_only(shop: Shop, by: Player | None = None) -> RequisitionPage:
    """The one open requisition."""
    [row] = purchasing.requisition_list(shop.context(by)).rows
    return purchasing.requisition_page(shop.context(by), row.number)


def ordered(shop: Shop, part: str, quantity: int, **values: Any) -> int:
    """An order for so many of a part; its number."""
    shop.wait()
    [number] = purchasing.ask_for(shop.context(), new_id(), part, quantity * 1000, None)
    purchasing.order(shop.context(), number, Placed(**values))
    return number


def state_of(shop: Shop, number: int) -> str:
    """How far a requisition is."""
    return purchasing.requisition_page(shop.context(), number).row.state


def test_asks_ahead_of_the_work_and_only_once(shop: Shop) -> None:
    """Survey 4.8: 12 laptops reach 36 months on 10 December; 3 here, 2 on order, 1 to keep."""
    part, bin_ = laptops(shop)
    first = ordered(shop, part, 2)
    raised = purchasing.raise_ahead(shop.context())
    assert (raised.lines, raised.late) == (1, 1)
    again = purchasing.raise_ahead(shop.context())
    assert (again.numbers, again.lines) == ((), 0)
    page = purchasing.requisition_page(shop.context(), raised.numbers[0])
    [line] = page.lines
    assert (page.row.supplier, page.row.source) == ("Cells", "maintenance")
    assert (line.quantity_milli, line.need_by, line.order_by, line.price_e4) == (
        8000, date(2026, 12, 10), date(2026, 11, 19), 800_000,
    )  # fmt: skip
    assert line.why == {
        "needed_milli": 12_000, "by": date(2026, 12, 10), "here_milli": 3000,
        "coming_milli": 2000, "expired_milli": 0, "keep_milli": 1000,
    }  # fmt: skip
    assert page.row.late_days(shop.context().today) == 3
    purchasing.order(shop.context(), page.row.number, Placed())
    shop.ok("receive", part=part, location=bin_, quantity="2", requisition=f"R-{first}")
    done = shop.ok("receive", part=part, location=bin_, quantity="8")
    assert (done["requisition"], done["still_to_come"]) == (page.name, "0")
    assert purchasing.raise_ahead(shop.context()).lines == 0
    assert purchasing.danger(shop.context()).to_order == []


def test_what_was_mistyped_is_refused(shop: Shop) -> None:
    """A slip of the finger must not burst the books, nor take the list from everybody."""
    bin_, part, most = shop.bin(), shop.part(cost="1000", supplier="Nord"), 10**12
    with pytest.raises(Invalid, match="Check the quantity and the price"):
        purchasing.ask_for(shop.context(), new_id(), part, most, None)
    [number] = purchasing.ask_for(shop.context(), new_id(), part, 1000, None)
    [line] = purchasing.requisition_page(shop.context(), number).lines
    with pytest.raises(Invalid, match="Check the quantity and the price"):
        purchasing.change_lines(shop.context(), number, {line.id: Wanted(most, 10**13)})
    with pytest.raises(Invalid, match="Check the quantity and the price"):
        purchasing.add_line(shop.context(), number, part, most)
    taken = {"part": part, "location": bin_, "quantity": "1000000000", "unit_cost": "1000000000"}
    refused = shop.do("receive", **taken)
    assert (refused.error or {})["code"] == "invalid", refused
    assert the_only(shop).row.total_e4 == 1000 * 10_000


def test_the_most_that_kits_ask_for_is_summed_too(shop: Shop) -> None:
    """What the nightly work asks for stands on a line, however absurd, and in the sum of all."""
    part = shop.part(cost="1000000000", supplier="Nord")
    edit(shop, "edit_part", part=part, safety_stock="1000000000")
    purchasing.raise_ahead(shop.context())
    assert the_only(shop).row.total_e4 == 10**15


@on_sqlite
def test_the_ends_of_the_calendar_are_days_too(shop: Shop) -> None:
    """9999-12-31 is how many systems say that a lot never expires."""
    bin_ = shop.bin()
    part = shop.part(name="Grease", tracking="lot", lead_time_days=3, location=bin_)
    edit(shop, "edit_part", part=part, safety_stock="9")
    shop.ok("receive", part=part, location=bin_, quantity="1", lot="L1", expires_on="9999-12-31")
    [number] = purchasing.raise_ahead(shop.context()).numbers
    [line] = purchasing.requisition_page(shop.context(), number).lines
    assert line.why["expired_milli"] == 0
    for odd in (date.min, date(2026, 11, 21), date.max):
        wanted = Wanted(line.quantity_milli, line.price_e4, odd)
        with pytest.raises(Invalid, match="within ten years"):
            purchasing.change_lines(shop.context(), number, {line.id: wanted})
    with pytest.raises(Invalid, match="within ten years"):
        purchasing.order(shop.context(), number, Placed(date.max))


def test_what_grows_is_asked_for_on_the_same_line(shop: Shop) -> None:
    laptops(shop)
    purchasing.raise_ahead(shop.context())
    before = the_only(shop).lines[0]
    for _ in range(5):
        shop.asset(name="ThinkPad", model="T14", purchase_date="2023-12-08")
    raised = purchasing.raise_ahead(shop.context())
    [line] = the_only(shop).lines
    assert raised.lines == 1
    assert (before.quantity_milli, line.quantity_milli) == (10_000, 15_000)
    assert (line.id, line.need_by) == (before.id, date(2026, 12, 8))
    assert (line.why["needed_milli"], line.why["coming_milli"]) == (17_000, 0)
    assert purchasing.raise_ahead(shop.context()).lines == 0


@on_sqlite
def test_the_danger_zone_tells_who_needs_what(shop: Shop) -> None:
    laptops(shop)
    [row] = purchasing.danger(shop.context()).to_order
    [cause] = row.causes
    assert (row.here_milli, row.short.quantity_milli, row.short.late_days) == (3000, 10_000, 3)
    assert (cause.assets, cause.kind_of_asset, cause.name) == (12, "Laptop", "Swap")
    purchasing.raise_ahead(shop.context())
    page = purchasing.danger(shop.context())
    assert (page.to_order, [row.coming_milli for row in page.covered]) == ([], [10_000])
    ahead = purchasing.ahead(shop.context(), row.part.code)
    assert ahead.short is None
    assert [level.left_milli for level in ahead.levels] == [3000, 1000]
    assert [(need.assets, need.quantity_milli) for need in ahead.needs] == [(12, 12_000)]


def test_a_request_is_one_requisition_for_each_supplier(shop: Shop) -> None:
    nord, south = shop.part(supplier="Nord", pack="10"), shop.part(supplier="South")
    lines = [Line(number_of(each), 3000) for each in (nord, south)]
    uid, ctx = new_id(), shop.context(shop.cast.technician)
    numbers = purchasing.request(ctx, uid, lines, source=Source.REORDER)
    assert purchasing.request(ctx, uid, lines, source=Source.REORDER) == numbers
    pages = [purchasing.requisition_page(ctx, number) for number in numbers]
    assert [page.row.supplier for page in pages] == ["Nord", "South"]
    assert [page.lines[0].quantity_milli for page in pages] == [10_000, 3000]
    with pytest.raises(Conflict):
        purchasing.request(ctx, uid, lines[:1], source=Source.REORDER)
    with pytest.raises(Invalid):
        purchasing.request(ctx, new_id(), [])


def test_partly_received_too_much_and_taken_back(shop: Shop) -> None:
    bin_ = shop.bin()
    part = shop.part(supplier="Nord", cost="4")
    number = ordered(shop, part, 8)
    some = shop.ok("receive", part=part, location=bin_, quantity="3", unit_cost="5")
    assert (some["still_to_come"], some["expected_cost"]) == ("5", "4.00")
    assert some["price_difference"] == "3.00"
    more = shop.ok("receive", part=part, location=bin_, quantity="7")
    assert [warning["code"] for warning in more["warnings"]] == ["over_delivery"]
    assert more["unit_cost"] == "4.00"
    page = purchasing.requisition_page(shop.context(), number)
    assert (page.row.state, page.difference_e4) == ("received", 30_000)
    assert (page.lines[0].received_milli, page.lines[0].over_milli) == (10_000, 2000)
    shop.ok("reverse", operation=more["operation"])
    assert state_of(shop, number) == "ordered"
    with reading() as connection:
        assert [line.left_milli for line in coming(connection)] == [5000]
    purchasing.close_line(shop.context(), number, page.lines[0].id)
    assert state_of(shop, number) == "received"
    purchasing.close_line(shop.context(), number, page.lines[0].id, closed=False)
    assert state_of(shop, number) == "ordered"


@on_sqlite
def test_goods_go_to_the_order_that_waits_for_as_much(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(supplier="Nord")
    small, large = ordered(shop, part, 2), ordered(shop, part, 9)

    def take(**more: str) -> dict[str, Any]:
        return shop.ok("receive", part=part, location=bin_, **more)

    assert take(quantity="9")["requisition"] == f"R-{large}"
    assert take(quantity="1")["requisition"] == f"R-{small}"
    assert "requisition" not in take(quantity="1", requisition="none")
    told = take(quantity="1", requisition="PO 4711")
    assert [each["code"] for each in told["warnings"]] == ["unknown_requisition"]
    other = shop.do("receive", part=part, location=bin_, quantity="1", requisition="R-999")
    assert other.status == "applied"
    raised = purchasing.ask_for(shop.context(), new_id(), part, 1000, None)[0]
    refused = shop.do("receive", part=part, location=bin_, quantity="1", requisition=f"R-{raised}")
    assert (refused.error or {})["code"] == "not_on_order"


@on_sqlite
def test_who_may_do_what(shop: Shop) -> None:
    part, cast = shop.part(supplier="Nord"), shop.cast
    people = (cast.viewer, cast.technician, cast.storekeeper, cast.supervisor)
    by = {player.role.value: shop.context(player) for player in people}

    def ask(ctx: Context) -> list[int]:
        return purchasing.ask_for(ctx, new_id(), part, 1000, None)

    with pytest.raises(NotAllowed):
        ask(by["viewer"])
    [number] = ask(by["technician"])
    with pytest.raises(NotAllowed):
        purchasing.approve(by["storekeeper"], number)
    with pytest.raises(RuleBroken):
        purchasing.order(by["storekeeper"], number, Placed())
    purchasing.approve(by["supervisor"], number)
    purchasing.approve(by["supervisor"], number)
    with pytest.raises(NotAllowed):
        purchasing.cancel(by["technician"], number)
    purchasing.order(by["storekeeper"], number, Placed(reference="AB-1"))
    purchasing.order(by["storekeeper"], number, Placed(reference="again"))
    page = purchasing.requisition_page(by["viewer"], f"R-{number}")
    assert (page.row.state, page.row.reference) == ("ordered", "AB-1")
    assert [page.row.created_by, page.row.approved_by, page.row.ordered_by] == [
        cast.technician.name, cast.supervisor.name, cast.storekeeper.name,
    ]  # fmt: skip
    [mine] = ask(by["technician"])
    purchasing.cancel(by["technician"], mine)
    purchasing.cancel(by["technician"], mine)
    with pytest.raises(RuleBroken):
        purchasing.approve(by["supervisor"], mine)


@on_sqlite
def test_a_change_waits_for_approval_again(shop: Shop) -> None:
    part, other = shop.part(supplier="Nord", cost="4", lead_time_days=5), shop.part()
    keeper = shop.context(shop.cast.storekeeper)
    [number] = purchasing.ask_for(keeper, new_id(), part, 2000, date(2026, 12, 10))
    purchasing.approve(shop.context(shop.cast.supervisor), number)
    [line] = purchasing.requisition_page(keeper, number).lines
    assert line.order_by == date(2026, 11, 28)
    same = Wanted(line.quantity_milli, line.price_e4, line.need_by)
    purchasing.change_lines(keeper, number, {line.id: same})
    assert state_of(shop, number) == "approved"
    purchasing.change_lines(keeper, number, {line.id: Wanted(3000, 35_000, date(2026, 12, 20))})
    [line] = purchasing.requisition_page(keeper, number).lines
    assert (line.quantity_milli, line.cost_e4, line.order_by) == (3000, 105_000, date(2026, 12, 8))
    assert state_of(shop, number) == "raised"
    purchasing.add_line(keeper, number, other, 1000)
    purchasing.add_line(keeper, number, other, 4000)
    lines = purchasing.requisition_page(keeper, number).lines
    assert [each.quantity_milli for each in lines] == [3000, 4000]
    purchasing.change_lines(keeper, number, {line.id: None})
    with pytest.raises(Invalid):
        purchasing.change_lines(keeper, number, {lines[1].id: None})
    with pytest.raises(NotFound):
        purchasing.change_lines(keeper, number, {line.id: None})
    purchasing.order(shop.context(), number, Placed())
    with pytest.raises(RuleBroken):
        purchasing.change_lines(keeper, number, {lines[1].id: None})


@on_sqlite
def test_an_order_is_for_one_supplier_at_their_prices(shop: Shop) -> None:
    part = shop.part(cost="4", lead_time_days=5)
    [number] = purchasing.ask_for(shop.context(), new_id(), part, 2000, None)
    for supplier, theirs in (("Nord", "N-1"), ("South", "S-9")):
        more = {"price": "3.50", "number": theirs}
        edit(shop, "set_supplier_part", part=part, supplier=supplier, **more)
    with pytest.raises(RuleBroken, match="Choose the supplier"):
        purchasing.order(shop.context(), number, Placed())
    purchasing.set_supplier(shop.context(), number, "south")
    page = purchasing.requisition_page(shop.context(), number)
    [line] = page.lines
    assert (page.row.supplier, line.price_e4, line.supplier_number) == ("South", 35_000, "S-9")
    purchasing.set_email(shop.context(), page.row.supplier_id or 0, "orders@south.example")
    with pytest.raises(Invalid):
        purchasing.set_email(shop.context(), page.row.supplier_id or 0, "nobody")
    with pytest.raises(Invalid):
        purchasing.order(shop.context(), number, Placed(date(2026, 11, 21)))
    purchasing.order(shop.context(), number, Placed())
    page = purchasing.requisition_page(shop.context(), number)
    assert page.row.expected_on == date(2026, 11, 27)
    assert purchasing.email_link(page).startswith("mailto:orders@south.example?subject=Order%20R-")
    assert "your%20number%20S-9" in purchasing.email_link(page)
    assert b"S-9," in purchasing.csv_of(shop.context(), page)
    with pytest.raises(NotAllowed):
        purchasing.csv_of(shop.context(shop.cast.viewer), page)


@on_sqlite
def test_an_order_that_comes_too_late_is_a_gap_and_no_second_order(shop: Shop) -> None:
    """Three are here for 12 laptops on 10 December; ten come on the 20th."""
    part, _ = laptops(shop)
    needed, comes = date(2026, 12, 10), date(2026, 12, 20)
    [number] = purchasing.ask_for(shop.context(), new_id(), part, 10_000, needed)
    purchasing.order(shop.context(), number, Placed(comes))
    page = purchasing.ahead(shop.context(), part)
    assert page.short is None
    assert page.gap is not None
    assert (page.gap.day, page.gap.left_milli) == (needed, -9000)
    assert [level.left_milli for level in page.levels if level.day == comes] == [1000]
    assert purchasing.raise_ahead(shop.context()).lines == 0


@on_sqlite
def test_nothing_comes_of_what_was_cancelled(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(supplier="Nord")
    number = ordered(shop, part, 2)
    shop.ok("receive", part=part, location=bin_, quantity="1")
    with pytest.raises(RuleBroken, match="Close the rest"):
        purchasing.cancel(shop.context(), number)
    other = ordered(shop, part, 2)
    purchasing.cancel(shop.context(), other)
    with reading() as connection:
        assert {line.requisition_number for line in coming(connection)} == {number}


def test_what_expires_is_not_counted_on(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(tracking="lot")
    for lot, until in (("A", "2026-11-21"), ("B", "2026-11-22"), ("C", "2027-01-05")):
        shop.ok("receive", part=part, location=bin_, quantity="2", lot=lot, expires_on=until)
    today, number = shop.context().today, number_of(part)
    with reading() as connection:
        assert usable(connection, today)[number] == 4000
        assert usable(connection, today, [number]) == {number: 4000}
        gone = {date(2026, 11, 23): 2000, date(2027, 1, 6): 2000}
        assert expiring(connection, today)[number] == gone


def test_reorders_by_what_was_used(shop: Shop) -> None:
    shop.now_us = NOW - 400 * DAY
    bin_, spare = shop.bin(), shop.part(cost="50", lead_time_days=73, pack="5")
    shop.ok("receive", part=spare, location=bin_, quantity="7", unit_cost="50")
    for days in (330, 240, 150, 90, 40):
        shop.now_us = NOW - days * DAY
        shop.ok("issue", part=spare, location=bin_, quantity="1", reason="used")
    shop.now_us = NOW
    shop.part(reorder_point="0", name="Set by hand")
    found = purchasing.reorder_list(shop.context())
    by_name = {row.part.id: row for row in found.rows}
    row = by_name[number_of(spare)]
    assert row.suggested is not None
    assert row.use is not None
    # Five in a year, one of them until it comes: 95 % ask for three at most.
    assert (row.suggested.is_slow, row.here_milli, row.point_milli) == (True, 2000, 3000)
    assert row.use.daily * 73 == pytest.approx(1)
    # The root of 2 x 5 x 25 / (50 x 8 %) is 7.9, in packs of five.
    assert row.quantity_milli == 10_000
    assert any(each.part.name == "Set by hand" for each in found.rows)
    lines = [Line(row.part.id, row.quantity_milli)]
    assert purchasing.request(shop.context(), new_id(), lines, source=Source.REORDER)
    after = purchasing.reorder_list(shop.context())
    assert number_of(spare) not in {each.part.id for each in after.rows}
