"""Figures of stock against published examples: ABC, turnover, carrying cost, service level."""

import pytest

from stockscan.domain.figures import E4
from stockscan.domain.reports.abc import ranked
from stockscan.domain.reports.carrying import Carrying, capital
from stockscan.domain.reports.running import Moment, Out, Run, Span, run, service_level
from stockscan.domain.reports.turnover import average, days_of_inventory, turnover

DAY = 86_400_000_000
# Heizer and Render, Operations Management, exercise 12.1: annual usage value by item.
HEIZER = {
    "#10286": 90_000, "#11526": 77_000, "#12760": 26_350, "#10867": 15_001, "#10500": 12_500,
    "#12572": 8_502, "#14075": 1_200, "#01036": 850, "#01307": 504, "#10572": 150,
}  # fmt: skip


def test_the_usage_curve_of_heizer_and_render() -> None:
    curve = ranked({number: value * E4 for number, value in HEIZER.items()})
    assert sum(each.used_e4 for each in curve) == 232_057 * E4
    assert [each.number for each in curve[:3]] == ["#10286", "#11526", "#12760"]
    assert curve[0].share_bp == 3_878
    assert [each.together_bp for each in curve[:6]] == [3_878, 7_197, 8_332, 8_978, 9_517, 9_883]
    assert [each.abc_class for each in curve] == [*"AAA", *"BB", *"CCCCC"]
    assert curve[-1].together_bp == 10_000


def test_the_usage_curve_of_boreki() -> None:
    """quesba.com 835410: total 1,087,500; where the first seven of them stand."""
    values = {
        "G2": 450_000, "F3": 250_000, "A2": 150_000, "C7": 67_500, "D1": 60_000, "B8": 48_000,
        "E9": 20_000, "others": 19_000, "more": 13_000, "rest": 10_000,
    }  # fmt: skip
    curve = ranked(values)
    assert sum(values.values()) == 1_087_500
    assert [(each.number, each.together_bp) for each in curve[:7]] == [
        ("G2", 4_138), ("F3", 6_437), ("A2", 7_816), ("C7", 8_437), ("D1", 8_989), ("B8", 9_430),
        ("E9", 9_614),
    ]  # fmt: skip


def test_ties_go_by_number_and_nothing_is_not_on_the_curve() -> None:
    curve = ranked({"B": 50, "A": 50, "C": 0, "D": -3})
    assert [(each.number, each.together_bp) for each in curve] == [("A", 5_000), ("B", 10_000)]
    assert ranked({}) == []


@pytest.mark.parametrize(
    ("used", "worth", "turns", "days"),
    [
        # techwhiff.com 130: 7.57 and 48.2 days; 9.46 and 38.6.
        (445_300, (61_704, 55_904), 757, 4820),
        (518_300, (47_914, 61_704), 946, 3860),
        # quesba.com 304938: 8.15 and 44.79.
        (3_934_005, (482_700,), 815, 4479),
    ],
)
def test_turnover_and_days(used: int, worth: tuple[int, ...], turns: int, days: int) -> None:
    held = average([each * E4 for each in worth])
    assert turnover(used * E4, held) == turns
    assert days_of_inventory(used * E4, held, 365) == pytest.approx(days, abs=1)


def test_without_consumption_or_stock_there_is_no_figure() -> None:
    assert turnover(100, 0) is None
    assert days_of_inventory(0, 100, 365) is None
    assert turnover(0, 100) == 0
    assert average([]) == 0


def test_carrying_cost() -> None:
    """theprimecalculator.com: 30k + 10k + 15k + 8 % of 500k = 95,000 = 19 %."""
    held = 500_000 * E4
    cost = Carrying(30_000 * E4, 10_000 * E4, 15_000 * E4, capital(held, 800), held)
    assert cost.total_e4 == 95_000 * E4
    assert cost.share_bp == 1_900
    assert Carrying(1, 0, 0, 0, 0).share_bp is None


def follow(opening_milli: int, *moved: tuple[int, int, str], was_kept: bool = True) -> Run:
    """Follow a part through (day, change, "" or what came: "in" or "ordered"), over 30 days."""
    moments, on_hand = [], opening_milli
    for day, change, came in moved:
        after = on_hand + change
        moments.append(Moment(day * DAY, on_hand, after, came != "", came == "ordered"))
        on_hand = after
    span = Span(0, 30 * DAY, opening_milli, on_hand, was_kept)
    found = run(moments, span)
    crossing = [
        each
        for each in moments
        if each.is_delivery or (each.before_milli > 0) != (each.after_milli > 0)
    ]
    assert run(crossing, span) == found
    return found


def test_a_part_runs_out_and_is_saved_once() -> None:
    """4 there; 2 used; an order of 5 comes in time and is needed; later it runs out for 10 days."""
    found = follow(
        4_000,
        (1, -2_000, ""),
        (5, 5_000, "ordered"),
        (9, -4_000, ""),
        (12, -3_000, ""),
        (22, 6_000, "ordered"),
    )
    assert found.outs == [Out(12 * DAY, 22 * DAY)]
    assert found.out_us == 10 * DAY
    assert (found.deliveries, found.in_time) == (2, 1)
    assert found.avoided_us == [5 * DAY]


def test_what_was_not_needed_avoided_nothing() -> None:
    assert follow(4_000, (1, 5_000, "ordered")).avoided_us == []
    assert follow(4_000, (1, 5_000, "in"), (2, -6_000, "")).avoided_us == []


def test_out_from_the_start_counts_where_the_part_was_kept() -> None:
    kept = follow(0, (6, 1_000, "in"))
    new = follow(0, (6, 1_000, "in"), was_kept=False)
    assert (kept.out_us, kept.in_time, kept.outs) == (6 * DAY, 0, [])
    assert new.out_us == 0
    still = follow(1_000, (1, -1_000, ""))
    assert (still.out_us, still.outs) == (29 * DAY, [Out(DAY, None)])


def test_service_level_is_the_share_of_deliveries_in_time() -> None:
    assert service_level(19, 20) == 9_500
    assert service_level(0, 0) is None
