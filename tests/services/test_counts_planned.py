"""Planned counts from the plan to the books: opened, shared, submitted, closed, called off."""

import uuid

import pytest
from sqlalchemy import select

from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Conflict, Invalid, RuleBroken
from stockscan.services import counts
from stockscan.services.counts import Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountPlace
from tests.planned import assigned, count, order, place, plan, states, stocked, submit
from tests.shop import Shop


def test_a_count_from_plan_to_books(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    assert (opened.lines, opened.places, opened.called) == (1, 1, "CC-1")
    result = count(shop, opened, part, bin_, 10)
    assert (result["state"], result["count"]) == ("COUNTED", opened.id)
    assert submit(shop, opened)["state"] == "SUBMITTED"
    assert states(opened) == ["MATCHED"]
    done = counts.post(shop.context(), opened.id)
    assert (done["state"], states(opened)) == ("POSTED", ["POSTED"])
    assert shop.on_hand(part, bin_) == 10


def test_what_moves_between_count_and_posting_is_neither_lost_nor_doubled(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    count(shop, opened, part, bin_, 7)
    shop.ok("issue", part=part, location=bin_, quantity=3, reason="used")
    submit(shop, opened)
    shop.ok("receive", part=part, location=bin_, quantity=5)
    shop.approve(opened.id)
    assert shop.on_hand(part, bin_) == 9


def test_one_s_own_sheet_ends_the_counting_when_it_was_the_last(shop: Shop) -> None:
    one, part = stocked(shop)
    two, other = stocked(shop)
    mine, theirs = shop.cast.technician, shop.cast.storekeeper
    opened = plan(shop, one, two, counters=(mine.id, theirs.id))
    at = dict(zip(order(opened), (mine, theirs), strict=True))
    count(shop, opened, part, one, 10, by=at[place(shop, one)])
    assert submit(shop, opened, at[place(shop, one)], mine=True)["state"] == "OPEN"
    assert sorted(states(opened)) == ["MATCHED", "PENDING"]
    count(shop, opened, other, two, 10, by=at[place(shop, two)])
    assert submit(shop, opened, at[place(shop, two)], mine=True)["state"] == "SUBMITTED"


def test_bins_are_walked_in_natural_order_and_shared_evenly(shop: Shop) -> None:
    bins = [shop.bin(name) for name in ("A-10", "A-2", "A-1", "B-1")]
    people_ = (shop.cast.technician.id, shop.cast.storekeeper.id)
    opened = plan(shop, *bins, counters=people_, independent=True)
    with reading() as connection:
        rows = connection.execute(
            select(CountPlace.location_id, CountPlace.counter_id, CountPlace.second_id)
            .where(CountPlace.session_id == opened.id)
            .order_by(CountPlace.place_order)
        ).all()
    names = [bins[2], bins[1], bins[0], bins[3]]
    assert [row.location_id for row in rows] == [place(shop, code) for code in names]
    assert [row.counter_id for row in rows] == [people_[0]] * 2 + [people_[1]] * 2
    assert [row.second_id for row in rows] == [people_[1]] * 2 + [people_[0]] * 2


def test_a_cancelled_count_books_nothing(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_, bin_)
    count(shop, opened, part, bin_, 3)
    submit(shop, opened)
    for _ in range(2):
        assert counts.cancel(shop.context(), opened.id)["state"] == "CANCELLED"
    assert states(opened) == ["REJECTED", "NOT_COUNTED"]
    with pytest.raises(Conflict):
        shop.approve(opened.id)
    late = shop.do("count", count=opened.id, part=part, location=bin_, quantity=8, queued=True)
    assert late.status == "attention"
    assert shop.on_hand(part, bin_) == 10


def test_a_count_that_is_over_is_kept_on_its_own(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_, posts_itself=True)
    count(shop, opened, part, bin_, 10)
    assert submit(shop, opened)["state"] == "POSTED"
    late = shop.do("count", count=opened.id, part=part, location=bin_, quantity=10)
    assert late.status == "attention"
    assert (late.result or {})["count"] != opened.id
    with pytest.raises(Conflict):
        counts.cancel(shop.context(), opened.id)


def test_a_draft_waits_and_a_plan_that_holds_nothing_is_refused(shop: Shop) -> None:
    bin_, part = stocked(shop)
    draft = plan(shop, bin_, draft=True, counters=(shop.cast.technician.id,))
    assert (draft.state, draft.lines) == ("DRAFT", 0)
    kept = shop.do("count", count=draft.id, part=part, location=bin_, quantity=10)
    assert kept.status == "attention"
    started = counts.start_draft(shop.context(), draft.id)
    assert (started.state, started.lines) == ("OPEN", 1)
    assert assigned(draft) == shop.cast.technician.id
    assert counts.start_draft(shop.context(), draft.id) == started
    nothing = Plan(scope=Scope(parts=(shop.key(shop.part(), bin_).part_id,)))
    with pytest.raises(RuleBroken):
        counts.open_count(shop.context(), str(uuid.uuid4()), nothing)
    with pytest.raises(Invalid):
        plan(shop, bin_, counters=(shop.cast.viewer.id,))


def test_a_person_counts_a_record_for_one_count_at_a_time(shop: Shop) -> None:
    bin_, _ = stocked(shop)
    counter = (shop.cast.technician.id,)
    assert plan(shop, bin_, counters=counter).lines == 1
    second = plan(shop, bin_, counters=counter)
    assert (second.lines, second.left_out) == (0, 1)
    assert plan(shop, bin_).lines == 1


def test_recounts_that_nobody_made_wait_for_a_decision_when_the_whole_is_submitted(
    shop: Shop,
) -> None:
    one, part = stocked(shop)
    two, _ = stocked(shop)
    people_ = (shop.cast.technician, shop.cast.storekeeper)
    opened = plan(shop, one, two, counters=tuple(each.id for each in people_))
    by = dict(zip(order(opened), people_, strict=True))[place(shop, one)]
    count(shop, opened, part, one, 8, by=by)
    submit(shop, opened, by, mine=True)
    assert sorted(states(opened)) == ["NEEDS_RECOUNT", "PENDING", "PENDING"]
    submit(shop, opened)
    assert sorted(states(opened)) == ["NEEDS_REVIEW", "NOT_COUNTED", "NOT_COUNTED"]
    assert shop.approve(opened.id)["state"] == "POSTED"


def test_an_id_in_capital_letters_is_the_same_id(shop: Shop) -> None:
    bin_, _ = stocked(shop)
    scope, count_id = Scope(locations=(place(shop, bin_),)), str(uuid.uuid4())
    made = [
        counts.open_count(shop.context(), each, Plan(scope=scope))
        for each in (count_id.upper(), count_id)
    ]
    assert [each.id for each in made] == [count_id, count_id]
