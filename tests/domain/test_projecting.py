"""The projected balance and what must be bought: the survey's vectors, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.purchasing.projecting import (
    Policy,
    Shortage,
    Supply,
    project,
    shortages,
    to_raise,
    whole_packs,
)

TODAY = date(2026, 11, 22)
UNTIL = TODAY + timedelta(days=92)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_laptops_that_reach_battery_age() -> None:
    """Survey 4.8: 12 due on 10 December, 3 here, 2 on order, 1 to keep: 8, three days late."""
    supply = Supply(on_hand_milli=3000, coming={on(2): 2000}, needed={date(2026, 12, 10): 12_000})
    policy = Policy(safety_milli=1000, lead_days=14, buffer_days=7)
    found = to_raise(supply, policy, TODAY, UNTIL)
    assert found == Shortage(
        need_by=date(2026, 12, 10),
        order_by=date(2026, 11, 19),
        covers=date(2026, 12, 10),
        quantity_milli=8000,
        needed_milli=12_000,
        on_hand_milli=3000,
        coming_milli=2000,
        expired_milli=0,
        safety_milli=1000,
        late_days=3,
    )


@pytest.mark.parametrize(
    ("least", "pack", "quantity"),
    [(0, 1000, 8000), (0, 5000, 10_000), (10_000, 1000, 10_000), (10_000, 4000, 12_000)],
)
def test_rounds_up_to_packs(least: int, pack: int, quantity: int) -> None:
    supply = Supply(on_hand_milli=5000, needed={on(18): 12_000})
    policy = Policy(1000, least, pack, lead_days=14, buffer_days=7)
    found = to_raise(supply, policy, TODAY, UNTIL)
    assert found is not None
    assert found.quantity_milli == quantity


@pytest.mark.parametrize(("review", "raised"), [(1, False), (2, False), (3, True)])
def test_waits_until_the_last_review_that_is_early_enough(review: int, raised: bool) -> None:
    supply = Supply(needed={on(24): 1000})
    policy = Policy(lead_days=14, buffer_days=7, review_days=review)
    assert (to_raise(supply, policy, TODAY, UNTIL) is not None) is raised
    assert [each.order_by for each in shortages(supply, policy, TODAY, UNTIL)] == [on(3)]


def test_three_trucks_by_the_month() -> None:
    """Survey 4.8: 6 filters on each of the days 10, 40 and 70; 18 in all."""
    supply = Supply(needed={on(10): 6000, on(40): 6000, on(70): 6000})
    found = list(shortages(supply, Policy(), TODAY, UNTIL))
    assert [(each.need_by, each.quantity_milli) for each in found] == [
        (on(10), 6000), (on(40), 6000), (on(70), 6000),
    ]  # fmt: skip
    assert [level.left_milli for level in project(supply, TODAY, UNTIL)][-1] == -18_000


def test_a_lot_that_expires_before_it_is_needed() -> None:
    supply = Supply(on_hand_milli=5000, expiring={on(6): 5000}, needed={on(10): 4000})
    found = to_raise(supply, Policy(lead_days=14), TODAY, UNTIL)
    assert found is not None
    assert (found.quantity_milli, found.expired_milli, found.need_by) == (4000, 5000, on(10))


def test_what_was_used_before_its_lot_expires_is_not_missed_twice() -> None:
    supply = Supply(on_hand_milli=10_000, expiring={on(20): 10_000}, needed={on(10): 7000})
    assert [(each.day, each.left_milli) for each in project(supply, TODAY, UNTIL)] == [
        (TODAY, 10_000), (on(10), 3000), (on(20), 0),
    ]  # fmt: skip
    assert to_raise(supply, Policy(lead_days=30), TODAY, UNTIL) is None


def test_what_is_overdue_is_needed_today() -> None:
    supply = Supply(on_hand_milli=1000, coming={on(-4): 1000}, needed={on(-9): 3000})
    [level] = project(supply, TODAY, UNTIL)
    assert (level.day, level.left_milli) == (TODAY, -1000)


amounts = st.dictionaries(st.integers(-3, 120).map(on), st.integers(1, 20_000), max_size=8)
policies = st.builds(
    Policy,
    safety_milli=st.integers(0, 5000),
    least_milli=st.sampled_from([0, 3000, 10_000]),
    pack_milli=st.sampled_from([1, 1000, 2500]),
    lead_days=st.integers(0, 60),
    buffer_days=st.integers(0, 14),
    review_days=st.integers(1, 7),
)
supplies = st.builds(
    lambda loose, lots, coming, needed: Supply(loose + sum(lots.values()), lots, coming, needed),
    loose=st.integers(0, 15_000),
    lots=st.dictionaries(st.integers(1, 100).map(on), st.integers(1, 9000), max_size=3),
    coming=amounts,
    needed=amounts,
)


def bought(supply: Supply, found: Shortage) -> Supply:
    """The same with what was raised on order, to come when it is needed."""
    coming = dict(supply.coming)
    coming[found.need_by] = coming.get(found.need_by, 0) + found.quantity_milli
    return Supply(supply.on_hand_milli, supply.expiring, coming, supply.needed)


@given(supplies, policies)
def test_after_raising_nothing_is_short_that_could_not_have_waited(
    supply: Supply, policy: Policy
) -> None:
    last = min(UNTIL, policy.last_day_to_decide(TODAY))
    found = to_raise(supply, policy, TODAY, UNTIL)
    after = bought(supply, found) if found else supply
    need_by = found.need_by if found else TODAY
    left = [each.left_milli for each in project(after, TODAY, last) if each.day >= need_by]
    assert all(each >= policy.safety_milli for each in left)
    assert to_raise(after, policy, TODAY, UNTIL) is None


@given(supplies, policies)
def test_buys_whole_packs_and_no_more_than_it_must(supply: Supply, policy: Policy) -> None:
    for each in shortages(supply, policy, TODAY, UNTIL):
        lacks = (
            each.needed_milli + each.safety_milli + each.expired_milli
            - each.on_hand_milli - each.coming_milli
        )  # fmt: skip
        assert lacks > 0
        assert each.quantity_milli == whole_packs(max(policy.least_milli, lacks), policy.pack_milli)
        assert each.quantity_milli % policy.pack_milli == 0


@given(supplies)
def test_walks_the_days_once_and_in_order(supply: Supply) -> None:
    days = [level.day for level in project(supply, TODAY, UNTIL)]
    assert days[0] == TODAY
    assert days == sorted(set(days))
    assert all(day <= UNTIL for day in days)
