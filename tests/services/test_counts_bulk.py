"""Many lines at once give the same rows as one by one, and leave alone what needs arithmetic."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.counts import LineState, SessionState, Tolerance
from stockscan.domain.ledger import Key
from stockscan.services.counts import post
from stockscan.services.work import unit_of_work
from stockscan.store import locks
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.counts.bulk import judge_many, post_differing, post_matching
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


def counted(shop: Shop, numbers: dict[Key, int], counted_us: int, attempts: int = 2) -> str:
    """A count with these lines, counted at one instant."""
    count_id = str(uuid.uuid4())
    person_id = shop.cast.technician.id
    with unit_of_work() as session:
        session.add(
            CountSession(
                id=count_id, method="places", state=SessionState.OPEN, blind=True,
                created_by=person_id, opened_us=counted_us, max_attempts=attempts,
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


def judge(session: Session, count_id: str, now_us: int, **options: Any) -> int:
    head = session.get(CountSession, count_id)
    assert head is not None
    return judge_many(session, head, now_us, **options)


def post_each(shop: Shop, count_id: str, *, at_once: bool) -> None:
    """Book what matches, then what differs, as the admin."""
    actor = shop.cast.admin.actor
    with unit_of_work() as session:
        assert judge(session, count_id, shop.now_us) == 3
        posting = start_posting(session, str(uuid.uuid4()), count_id, actor, shop.now_us)
        locks.hold_ledger(session)
        if at_once:
            while post_matching(posting, count_id, 2):
                pass
            while post_differing(posting, count_id, 2, approve=True, own=True):
                pass
            return
        lines = select(CountLine).where(CountLine.session_id == count_id).order_by(CountLine.id)
        found = session.scalars(lines).all()
        for line in (line for line in found if not line.variance_milli):
            posting.post(line)
        for line in (line for line in found if line.variance_milli):
            posting.post(line, approver_id=actor.person_id)
        posting.settle()


@pytest.mark.parametrize("numbers", [(6, 0, 10), (7, 0, 8), (5, 0, 12)])
def test_many_at_once_write_what_one_by_one_does(shop: Shop, numbers: tuple[int, ...]) -> None:
    # Two workshops that look the same, at the same instants.
    opening_us, found = shop.now_us, []
    for at_once in (True, False):
        shop.now_us = opening_us
        keys, counted_us = shelves(shop)
        count_id = counted(shop, dict(zip(keys, numbers, strict=True)), counted_us, attempts=1)
        post_each(shop, count_id, at_once=at_once)
        found.append(booked(count_id))
    assert found[0] == found[1]
    assert {line.state for line in found[0]["lines"]} == {"POSTED"}


def test_what_differs_is_to_be_counted_again(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (7, 0, 9), strict=True)), counted_us)
    with unit_of_work() as session:
        assert judge(session, count_id, shop.now_us) == 3
    lines = booked(count_id)["lines"]
    assert [(row.state, row.book_milli, row.variance_milli) for row in lines] == [
        ("NEEDS_RECOUNT", 6000, 1000),
        ("MATCHED", 0, 0),
        ("NEEDS_RECOUNT", 10_000, -1000),
        ("PENDING", None, None),
        ("PENDING", None, None),
    ]


def test_only_the_lines_of_one_counter_are_judged(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us)
    with unit_of_work() as session:
        somebody, nobody = shop.cast.technician.id, shop.cast.admin.id
        assert judge(session, count_id, shop.now_us, counter_id=nobody) == 0
        assert judge(session, count_id, shop.now_us, counter_id=somebody) == 3


def test_what_moved_late_meanwhile_is_not_booked_at_once(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us)
    with unit_of_work() as session:
        judge(session, count_id, shop.now_us)
    with unit_of_work() as session:
        line = session.scalars(select(CountLine).where(CountLine.part_id == keys[0].part_id)).one()
        line.counted_milli = 5000
    with unit_of_work() as session:
        actor = shop.cast.admin.actor
        posting = start_posting(session, str(uuid.uuid4()), count_id, actor, shop.now_us)
        assert post_matching(posting, count_id, 10) == 2
    assert [row.state for row in booked(count_id)["lines"]] == ["MATCHED", "POSTED", "POSTED"]


@given(
    st.integers(0, 400), st.integers(0, 400), st.integers(0, 90_000), st.sampled_from("ABC"),
    st.integers(0, 30), st.none() | st.integers(0, 20_000),
)  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_database_judges_as_the_rule_says(
    shop: Shop, book: int, number: int, cost_e4: int, abc: str, absolute: int, value: int | None
) -> None:
    tolerance = Tolerance(absolute_milli=absolute * 1000, value_e4=value)
    cost = str(Decimal(cost_e4) / 10_000)
    part, bin_ = shop.part(cost=cost, abc_class=abc), shop.bin()
    if book:
        shop.ok("receive", part=part, location=bin_, quantity=book, unit_cost=cost)
    shop.wait()
    count_id = counted(shop, {shop.key(part, bin_): number}, shop.now_us)
    with unit_of_work() as session:
        head = session.get(CountSession, count_id)
        assert head is not None
        head.tolerance, head.max_attempts = tolerance.to_json(), 1
    with unit_of_work() as session:
        assert judge(session, count_id, shop.now_us) == 1
    variance_milli = (number - book) * 1000
    accepted = variance_milli == 0 or tolerance.allows(
        variance_milli=variance_milli, book_milli=book * 1000, cost_e4=cost_e4, abc_class=abc
    )
    found = booked(count_id)["lines"][0]
    assert found.variance_milli == variance_milli
    assert found.state == ("MATCHED" if accepted else "NEEDS_REVIEW")


def test_what_was_counted_twice_is_left_to_one_by_one(shop: Shop) -> None:
    keys, counted_us = shelves(shop)
    count_id = counted(shop, dict(zip(keys, (6, 0, 10), strict=True)), counted_us, attempts=1)
    with unit_of_work() as session:
        judge(session, count_id, shop.now_us)
        line = session.scalars(select(CountLine).where(CountLine.part_id == keys[0].part_id)).one()
        session.add(
            CountLine(
                session_id=count_id, **keys[0]._asdict(), state=LineState.MATCHED, attempt=2,
                counter_id=shop.cast.admin.id, counted_us=counted_us, window_start_us=counted_us,
                counted_milli=line.counted_milli, variance_milli=0,
            )
        )  # fmt: skip
    with unit_of_work() as session:
        actor = shop.cast.admin.actor
        posting = start_posting(session, str(uuid.uuid4()), count_id, actor, shop.now_us)
        assert post_matching(posting, count_id, 10) == 2
    post(shop.context(shop.cast.admin), count_id, approve=True)
    states = [(row.state, row.book_milli) for row in booked(count_id)["lines"]]
    assert sum(state == "REJECTED" for state, _ in states) == 1
    assert [state for state, _ in states].count("POSTED") == 3
