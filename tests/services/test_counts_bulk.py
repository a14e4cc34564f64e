"""Many lines at once give the same rows as one by one, and leave alone what needs arithmetic."""

import uuid
from typing import Any

from sqlalchemy import select

from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.ledger import Key
from stockscan.services.work import unit_of_work
from stockscan.store import locks
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.counts.bulk import match_many, post_many
from stockscan.store.counts.lines import start_posting
from stockscan.store.parts import PartWorth
from stockscan.store.stock import Balance, Movement
from tests.shop import Shop

MOVEMENT = [
    Movement.kind, Movement.quantity_milli, Movement.unit_cost_e4, Movement.value_e4,
    Movement.effective_us, Movement.rank, Movement.person_id, Movement.leg, Movement.reason,
    Movement.note, Movement.asset_id, Movement.reverses_seq, Movement.late_seq,
]  # fmt: skip
LINE = [
    CountLine.state, CountLine.book_milli, CountLine.variance_milli, CountLine.cost_e4,
    CountLine.counted_us, CountLine.approver_id,
]  # fmt: skip


def counted(shop: Shop, numbers: dict[Key, int], counted_us: int) -> str:
    """A count with these lines, counted at one instant."""
    count_id = str(uuid.uuid4())
    person_id = shop.cast.technician.id
    with unit_of_work() as session:
        session.add(
            CountSession(
                id=count_id, method="places", state=SessionState.OPEN, blind=True,
                created_by=person_id, opened_us=counted_us,
            )
        )  # fmt: skip
        session.flush()
        for key, number in numbers.items():
            session.add(
                CountLine(
                    session_id=count_id, **key._asdict(), state=LineState.COUNTED,
                    counter_id=person_id, counted_us=counted_us, window_start_us=counted_us,
                    counted_milli=number * 1000,
                )
            )  # fmt: skip
    return count_id


def shelves(shop: Shop) -> tuple[list[Key], int]:
    """A used part, one that never had an average, one moved after the count; and the instant."""
    bin_ = shop.bin()
    used, dear, moved = shop.part(cost="2.50"), shop.part(cost="9"), shop.part(cost="1")
    for part in (used, moved):
        shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="3.10")
    shop.ok("issue", part=used, location=bin_, quantity=4, reason="used")
    shop.wait()
    counted_us = shop.now_us
    shop.ok("issue", part=moved, location=bin_, quantity=1, reason="used")
    shop.wait()
    return [shop.key(part, bin_) for part in (used, dear, moved)], counted_us


def booked(count_id: str) -> dict[str, list[Any]]:
    """Everything that posting a count wrote."""
    with unit_of_work() as session:
        ids = select(CountLine.id).where(CountLine.session_id == count_id)
        parts = select(CountLine.part_id).where(CountLine.session_id == count_id)
        of_lines = Movement.count_line_id.in_(ids)
        worth = select(PartWorth.quantity_milli, PartWorth.value_e4, PartWorth.average_e4)
        balances = select(Balance.quantity_milli).where(Balance.part_id.in_(parts))
        return {
            "movements": list(
                session.execute(select(*MOVEMENT).where(of_lines).order_by(Movement.seq))
            ),
            "lines": list(
                session.execute(select(*LINE).where(CountLine.id.in_(ids)).order_by(CountLine.id))
            ),
            "worth": list(
                session.execute(
                    worth.where(PartWorth.part_id.in_(parts)).order_by(PartWorth.part_id)
                )
            ),
            "balances": list(session.execute(balances.order_by(Balance.part_id))),
        }


def post_each(shop: Shop, count_id: str, *, at_once: bool) -> None:
    actor = shop.cast.admin.actor
    with unit_of_work() as session:
        assert match_many(session, count_id, shop.now_us) == 3
        posting = start_posting(session, str(uuid.uuid4()), count_id, actor, shop.now_us)
        locks.hold_ledger(session)
        if at_once:
            assert post_many(posting, count_id, 2) == 2
            assert post_many(posting, count_id, 2) == 1
            assert post_many(posting, count_id, 2) == 0
        else:
            lines = select(CountLine).where(CountLine.session_id == count_id).order_by(CountLine.id)
            for line in session.scalars(lines).all():
                posting.post(line)
            posting.settle()


def test_many_at_once_write_what_one_by_one_does(shop: Shop) -> None:
    # Two workshops that look the same, at the same instants.
    opening_us, found = shop.now_us, []
    for at_once in (True, False):
        shop.now_us = opening_us
        keys, counted_us = shelves(shop)
        count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us)
        post_each(shop, count_id, at_once=at_once)
        found.append(booked(count_id))
    assert found[0] == found[1]
    assert len(found[0]["movements"]) == 3


def test_what_differs_is_left_alone(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (7, 0, 9), strict=True)), counted_us)
    with unit_of_work() as session:
        assert match_many(session, count_id, shop.now_us) == 1
    assert [row.state for row in booked(count_id)["lines"]] == ["COUNTED", "MATCHED", "COUNTED"]


def test_only_the_lines_of_one_counter_are_judged(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us)
    with unit_of_work() as session:
        somebody, nobody = shop.cast.technician.id, shop.cast.admin.id
        assert match_many(session, count_id, shop.now_us, counter_id=nobody) == 0
        assert match_many(session, count_id, shop.now_us, counter_id=somebody) == 3


def test_what_moved_late_meanwhile_is_not_booked_at_once(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us)
    with unit_of_work() as session:
        match_many(session, count_id, shop.now_us)
    with unit_of_work() as session:
        line = session.scalars(select(CountLine).where(CountLine.part_id == keys[0].part_id)).one()
        line.counted_milli = 5000
    with unit_of_work() as session:
        actor = shop.cast.admin.actor
        posting = start_posting(session, str(uuid.uuid4()), count_id, actor, shop.now_us)
        assert post_many(posting, count_id, 10) == 2
    assert [row.state for row in booked(count_id)["lines"]] == ["MATCHED", "POSTED", "POSTED"]
