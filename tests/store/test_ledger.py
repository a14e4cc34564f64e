"""The ledger's rows never change, balances follow them, and late rows leave counted stock alone."""

import threading

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from stockscan.domain.operations import KINDS, parse_op
from stockscan.services import feed, stock
from stockscan.services.work import reading, unit_of_work
from stockscan.store import operations
from stockscan.store.db import db
from stockscan.store.stock import Balance, Movement
from tests.crowd import operation
from tests.shop import Shop


@pytest.mark.parametrize("table", ["movement", "asset_event"])
@pytest.mark.parametrize("change", ["UPDATE {} SET recorded_us = 0", "DELETE FROM {}"])
def test_rows_are_append_only(shop: Shop, table: str, change: str) -> None:
    asset = shop.asset()
    shop.ok("receive", part=shop.part(), location=shop.bin(), quantity=1)
    shop.ok("check_out", asset=asset, to_person=shop.cast.technician.code)
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(change.format(table)))


def test_balance_follows_every_kind_of_movement(shop: Shop) -> None:
    here, there, asset = shop.bin(), shop.bin(), shop.asset()
    part = shop.part(cost="2", unit="L")
    shop.ok("receive", part=part, location=here, quantity="10.5")
    shop.ok("issue", part=part, location=here, quantity="0.5", reason="used")
    shop.ok("install", part=part, asset=asset, location=here, quantity=3)
    shop.ok("return_part", part=part, asset=asset, location=there, quantity=1)
    shop.ok("transfer", part=part, from_location=here, to_location=there, quantity=2)
    assert (shop.on_hand(part, here), shop.on_hand(part, there)) == (5, 3)


def test_install_charges_the_average_and_the_return_gives_it_back(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="2")
    shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="4")
    installed = shop.ok("install", part=part, asset=asset, location=bin_, quantity=2)
    assert (installed["unit_cost"], installed["cost"]) == ("3.00", "6.00")
    shop.ok("receive", part=part, location=bin_, quantity=2, unit_cost="100")
    back = shop.ok("return_part", part=part, asset=asset, location=bin_, quantity=2)
    assert back["cost"] == "6.00"
    assert charged(shop) == 0


def test_a_reversal_takes_out_what_its_movement_brought(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=3, unit_cost="1")
    installed = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    shop.ok("receive", part=part, location=bin_, quantity=3, unit_cost="9")
    shop.ok("reverse", operation=installed["operation"])
    assert (shop.on_hand(part, bin_), charged(shop)) == (6, 0)


def test_a_late_movement_behind_a_count_is_charged_and_moves_no_stock(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="5")
    shop.wait(100)
    shop.counted(part=part, location=bin_, quantity=8)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=2, age_ms=50_000)
    assert (shop.on_hand(part, bin_), charged(shop)) == (8, 100_000)
    with reading() as connection:
        late = connection.execute(
            select(Movement.__table__).where(Movement.kind == "late_correction")
        ).one()
    assert (late.quantity_milli, late.value_e4, late.rank) == (2000, 100_000, 1)


def test_a_movement_after_the_count_needs_no_correction(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.counted(part=part, location=bin_, quantity=8)
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    assert shop.on_hand(part, bin_) == 7
    assert kinds() == ["receive", "count_adjust", "issue"]


def test_equal_instants_of_one_key_are_kept_apart(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    for _ in range(5):
        shop.now_us -= 1_000_000
        shop.ok("receive", part=part, location=bin_, quantity=1)
    with reading() as connection:
        instants = list(connection.scalars(select(Movement.effective_us)))
    assert len(set(instants)) == 5


def test_the_feed_gives_every_row_once_in_order(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    for _ in range(7):
        shop.ok("receive", part=part, location=bin_, quantity=1)
    seen, after = [], 0
    while page := feed.movements(shop.context(), after=after, limit=3):
        seen += [row["seq"] for row in page]
        after = seen[-1]
    with reading() as connection:
        assert seen == list(connection.scalars(select(Movement.seq).order_by(Movement.seq)))
    assert len(seen) == 7


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_feed_waits_for_writers_in_flight(shop: Shop, app: Flask) -> None:
    """A higher number that is committed first is held back until the lower one is.

    On SQLite there is one writer at a time, so this cannot happen there.
    """
    part, other, bin_ = shop.part(), shop.part(), shop.bin()
    drawn, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        raw = operation("receive", part=part, location=bin_, quantity=1)
        op = parse_op(raw, KINDS).received(shop.now_us)
        with app.app_context(), unit_of_work() as session:
            operations.claim(session, op, shop.cast.admin.id, "{}", status="applied")
            result = stock.receive(shop.context(), session, op)
            operations.finish(session, op.id, "applied", result)
            drawn.set()
            assert go_on.wait(timeout=30)

    writer = threading.Thread(target=slow)
    writer.start()
    assert drawn.wait(timeout=30)
    shop.ok("receive", part=other, location=bin_, quantity=1)
    assert feed.movements(shop.context(), after=0, limit=10) == []
    go_on.set()
    writer.join()
    assert len(feed.movements(shop.context(), after=0, limit=10)) == 2


MOVES = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "transfer"]), st.integers(1, 9000)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_balance_is_the_fold_of_any_history(
    app: Flask, shop: Shop, moves: list[tuple[str, int]]
) -> None:
    part, here, there = shop.part(cost="1.37", unit="L"), shop.bin(), shop.bin()
    held = [0, 0]
    for kind, quantity_milli in moves:
        places = (
            {"from_location": here, "to_location": there}
            if kind == "transfer"
            else {"location": here}
        )
        reason = {"reason": "used"} if kind == "issue" else {}
        shop.ok(kind, part=part, quantity=f"{quantity_milli / 1000:.3f}", **places, **reason)
        held[0] += quantity_milli if kind == "receive" else -quantity_milli
        held[1] += quantity_milli if kind == "transfer" else 0
    assert [balance(shop, part, place) for place in (here, there)] == held


def balance(shop: Shop, part: str, location: str) -> int:
    key = shop.key(part, location)
    with reading() as connection:
        return int(
            connection.scalar(
                select(func.coalesce(func.sum(Balance.quantity_milli), 0)).where(
                    Balance.part_id == key.part_id, Balance.location_id == key.location_id
                )
            )
        )


def charged(shop: Shop) -> int:
    """What all parts on machines cost, in 1/10,000."""
    with reading() as connection:
        value = connection.scalar(
            select(func.sum(Movement.value_e4)).where(Movement.asset_id.is_not(None))
        )
    return -int(value or 0)


def kinds() -> list[str]:
    with reading() as connection:
        return list(connection.scalars(select(Movement.kind).order_by(Movement.seq)))
