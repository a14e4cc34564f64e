"""Peers, repair or replace, budgets, obsolete stock and unusual use against worked numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4
from stockscan.domain.reports.anomalies import Way, anomaly
from stockscan.domain.reports.budget import Need, budget, by_month
from stockscan.domain.reports.equipping import Line, to_buy_milli, wanted_milli
from stockscan.domain.reports.months import month_at
from stockscan.domain.reports.obsolete import (
    Fleet,
    Life,
    Listing,
    Lists,
    ModelLine,
    OwnLine,
    PlanLine,
    Surplus,
    changes_left,
    excess,
    listings,
)
from stockscan.domain.reports.peers import Limits, compare, median
from stockscan.domain.reports.quarters import Quarter, quarter_of, read_quarter
from stockscan.domain.reports.replacing import Inputs, Says, weigh

LIMITS = Limits(ratio_bp=20_000, least_e4=100 * E4)
TODAY = date(2026, 11, 22)


def test_the_article_a_machine_of_8000_beside_one_of_2000() -> None:
    found = compare({1: 8_000 * E4, 2: 2_000 * E4}, LIMITS)
    assert (found[1].ratio_bp, found[1].flagged) == (40_000, True)
    assert (found[2].ratio_bp, found[2].flagged) == (2_500, False)
    # A mean that held the asset itself would say 1.6 and miss it.
    assert found[1].others_e4 == 2_000 * E4


@pytest.mark.parametrize(
    ("costs", "flagged"),
    [
        ([200, 100, 100], [True, False, False]),
        ([199, 100, 100], [False, False, False]),
        ([199, 99, 99], [True, False, False]),
        ([100, 0, 0], [True, False, False]),
        ([99, 0, 0], [False, False, False]),
        ([5_000], [False]),
        ([0, 0], [False, False]),
    ],
)
def test_what_stands_out_is_twice_the_others_and_a_hundred_more(
    costs: list[int], flagged: list[bool]
) -> None:
    found = compare({at: cost * E4 for at, cost in enumerate(costs)}, LIMITS)
    assert [found[at].flagged for at in range(len(costs))] == flagged


@given(st.lists(st.integers(-(10**9), 10**12), min_size=2, max_size=30))
def test_each_is_compared_with_the_median_of_exactly_the_others(costs: list[int]) -> None:
    found = compare(dict(enumerate(costs)), LIMITS)
    for at, cost in enumerate(costs):
        others = sorted(costs[:at] + costs[at + 1 :])
        assert (found[at].cost_e4, found[at].others_e4) == (cost, median(others))


def test_the_two_ways_disagree_about_the_constructed_machine() -> None:
    given_ = Inputs(300_000, 2, 250_000, 2_000_000, 200_000, 8, 80_000)
    said = weigh(given_)
    assert (said.repair_year_minor, said.new_year_minor) == (400_000, 305_000)
    assert (said.repair_bp, said.rule, said.yearly) == (1_500, Says.REPAIR, Says.REPLACE)
    assert (said.agree, said.saved_minor) == (False, 95_000)


@pytest.mark.parametrize(
    ("repair", "says"), [(999_999, Says.REPAIR), (1_000_000, Says.REPLACE), (0, Says.REPAIR)]
)
def test_the_rule_turns_at_exactly_half_of_a_new_one(repair: int, says: Says) -> None:
    assert weigh(Inputs(repair, 2, 0, 2_000_000, 0, 8, 0)).rule is says


def test_without_a_price_neither_says_anything() -> None:
    said = weigh(Inputs(300_000, 2, 250_000, 0, 0, 8, 0))
    assert (said.rule, said.yearly, said.agree) == (None, None, False)


def test_a_budget_is_demand_times_cost_and_adds_up_both_ways() -> None:
    """Three trucks, two filters each on days 10, 40 and 70: 18; and twelve batteries."""
    filters = [Need(1, date(2027, 1, 10), 6_000), Need(1, date(2027, 2, 9), 6_000),
               Need(1, date(2027, 3, 11), 6_000)]  # fmt: skip
    batteries = [Need(2, date(2026, 12, 31), 5_000), Need(2, date(2027, 1, 1), 12_000)]
    quarter = Quarter(2027, 1)
    found = budget([*filters, *batteries], {1: 184_000, 2: 893_333}, quarter.first, quarter.last)
    assert (found[1].total_milli, found[1].total_e4) == (18_000, 3_312_000)
    assert (found[2].total_milli, found[2].total_e4) == (12_000, 10_719_996)
    months = by_month(found.values())
    assert sum(months.values()) == sum(part.total_e4 for part in found.values())
    assert months[month_at(date(2027, 1, 1))] == 1_104_000 + 10_719_996


def test_obsolete_is_what_only_the_retired_need() -> None:
    laptop = Life(date(2023, 12, 10), 48)
    lists = Lists(
        models=[ModelLine(1, 10, "", 1_000, 36), ModelLine(2, 20, "", 1_000, 36),
                ModelLine(3, 30, "", 2_000, None)],
        own=[],
        plans=[],
    )  # fmt: skip
    # Model 10 is retired, 20 is in use, of 30 none has come yet.
    found = listings(lists, Fleet({10: 200, 20: 5}, {20: {laptop: 5}}), TODAY)
    obsolete = excess(4_000, 200_000, found[1])
    assert obsolete == (Surplus.OBSOLETE, 4_000, 200_000)
    # Each of the five gets one battery more, at 36 of its 48 months.
    assert found[2] == Listing(1, 1, 5_000)
    assert excess(5_000, 250_000, found[2]) is None
    assert excess(8_000, 400_000, found[2]) == (Surplus.PARTIAL, 3_000, 150_000)
    assert excess(9_000, 1, found[3]) is None
    assert excess(9_000, 1, Listing(0, 0, 0)) is None


def test_a_machine_s_own_line_stands_for_its_model_s() -> None:
    life = Life(None, None)
    model = [ModelLine(1, 10, "left", 1_000, None)]
    fleet = Fleet({10: 1}, {10: {life: 1}})
    without = OwnLine(1, 10, "left", 0, None, True, life)
    assert listings(Lists(model, [without], []), fleet, TODAY)[1].alive == 0
    retired = without._replace(in_use=False, quantity_milli=1_000)
    assert listings(Lists([], [retired], []), fleet, TODAY)[1] == Listing(1, 0, 0)
    kept = listings(Lists([], [retired], [PlanLine(1, alive=True)]), fleet, TODAY)[1]
    assert (kept.lines, kept.alive) == (2, 1)


@pytest.mark.parametrize(
    ("life", "age", "part", "left"),
    [
        (48, 30, 36, 1),
        (48, 36, 36, 0),
        (72, 0, 36, 1),
        (36, 0, 36, 0),
        (96, 10, 30, 3),
        (96, 95, 30, 0),
    ],
)
def test_a_part_is_changed_at_each_full_life_before_the_machine_s_end(
    life: int, age: int, part: int, left: int
) -> None:
    assert changes_left(life, age, part) == left


@pytest.mark.parametrize(
    ("used", "before", "way"),
    [
        (8_000, [2_000] * 12, Way.MORE),
        (3_000, [2_000] * 12, None),
        (0, [4_000] * 12, Way.LESS),
        (4_000, [0] * 12, Way.MORE),
        (8_000, [], None),
    ],
)
def test_use_is_odd_when_it_is_twice_or_half_the_usual(
    used: int, before: list[int], way: Way | None
) -> None:
    found = anomaly([used], before, 50 * E4, LIMITS)
    assert (found.way if found else None) == way
    # A quarter goes by the same limits: three such months.
    quarter = anomaly([used] * 3, before, 50 * E4, LIMITS)
    assert (quarter.way if quarter else None) == way


def test_new_machines_want_what_falls_due_and_one_set_of_what_stops_them() -> None:
    battery, fuse = Line(1_000, 6, False), Line(2_000, None, True)
    assert wanted_milli([battery], 10, 12) == 20_000
    assert wanted_milli([fuse], 10, 12) == 2_000
    assert wanted_milli([battery, fuse], 1, 5) == 2_000
    assert wanted_milli([battery], 10, 12, planned_milli=32_000) == 320_000
    assert wanted_milli([], 3, 12, planned_milli=8_000) == 24_000
    assert to_buy_milli(20_000, 7_000, 5_000) == 15_000
    assert to_buy_milli(2_000, 2_000, 1_000) == 0
    # What others need is no stock of theirs, but not to be bought for them here either.
    assert to_buy_milli(2_000, -9_000, 1_000) == 2_000


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_quarters_of_the_year(day: date, text: str) -> None:
    found = quarter_of(day)
    assert (found.text, read_quarter(text)) == (text, found)
    assert found.first <= day <= found.last
    assert found.after.before == found == found.before.after
    assert (found.after.first - found.last).days == 1


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "26-Q1", "2026-Q", "9999-Q1", "2026-Q12"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_quarter(text)
