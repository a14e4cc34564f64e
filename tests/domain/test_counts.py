"""Tolerance, verdicts, the way, the question before or after, and the cut that answers make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts import (
    Attempt,
    Contradiction,
    Side,
    Tolerance,
    Verdict,
    cut,
    judge,
    likely_side,
    walking_order,
)
from stockscan.domain.counts.walking import shares

SIDES = st.none() | st.sampled_from(Side)


@pytest.mark.parametrize(
    ("abc_class", "off", "accepted"),
    [("A", 1, True), ("A", 2, False), ("B", 3, True), ("B", 4, False), ("C", 5, True),
     ("C", 6, False), ("unknown", 5, True)],
)  # fmt: skip
def test_percentages_by_class(abc_class: str, off: int, accepted: bool) -> None:
    for sign in (1, -1):
        assert Tolerance().allows(
            variance_milli=sign * off * 1000, book_milli=100_000, cost_e4=1, abc_class=abc_class
        ) is accepted  # fmt: skip


def test_an_empty_book_has_no_percentage() -> None:
    assert not Tolerance().allows(variance_milli=1, book_milli=0, cost_e4=0)
    assert Tolerance(absolute_milli=1).allows(variance_milli=1, book_milli=0, cost_e4=0)


def test_value_limits_what_the_quantity_allows() -> None:
    """100 on the books, 96 counted at 12.50: 4 % is inside, 50.00 is over 40.00."""
    tolerance = Tolerance(value_e4=400_000)
    assert not tolerance.allows(variance_milli=-4000, book_milli=100_000, cost_e4=125_000)
    assert tolerance.allows(variance_milli=-3000, book_milli=100_000, cost_e4=125_000)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_short_by_at_least_that_much_means_before(variance: int, taken: int) -> None:
    side = likely_side(variance_milli=variance, taken_milli=taken)
    assert (side is Side.BEFORE) == (-variance >= taken)


@given(st.lists(SIDES, max_size=8))
def test_a_cut_separates_the_answers_or_they_contradict(answers: list[Side | None]) -> None:
    movements = list(enumerate(answers))
    try:
        before, certain = cut(movements)
    except Contradiction:
        first_after = answers.index(Side.AFTER)
        assert Side.BEFORE in answers[first_after:]
        return
    assert Side.AFTER not in answers[:before]
    assert Side.BEFORE not in answers[before:]
    if None not in answers:
        assert certain


def test_open_questions_leave_the_cut_open() -> None:
    assert cut([(1, Side.BEFORE), (2, None), (3, Side.AFTER)]) == (2, False)
    assert cut([(1, Side.BEFORE), (2, Side.AFTER)]) == (1, True)
    assert cut([]) == (0, True)


def test_places_are_walked_through_the_tree_and_by_number() -> None:
    tree = {
        1: (None, "Site"), 2: (1, "B"), 3: (1, "a"), 4: (2, "B-1"),
        5: (3, "A-10"), 6: (3, "A-2"), 7: (3, "A-02 left"), 8: (None, "A-1"),
    }  # fmt: skip
    assert walking_order(tree, [2, 4, 5, 6, 7, 8]) == [8, 6, 7, 5, 2, 4]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 6))
def test_a_way_is_shared_in_order_and_nobody_gets_much_more(
    weights: list[int], people: int
) -> None:
    taken = shares(weights, people)
    assert taken == sorted(taken)
    assert taken[0] >= 0
    assert taken[-1] < people
    even = sum(weights) / people
    for person in set(taken):
        mine = sum(weight for weight, who in zip(weights, taken, strict=True) if who == person)
        assert mine <= even + max(weights)


@pytest.mark.parametrize(
    ("variances", "counters", "most", "verdict"),
    [
        ([0], 1, 2, Verdict.ACCEPT),
        ([-2], 1, 2, Verdict.RECOUNT),
        ([-2], 1, 1, Verdict.REVIEW),
        ([-2, 0], 1, 2, Verdict.ACCEPT),
        ([-2, -2], 1, 3, Verdict.REVIEW),
        ([-2, -1], 1, 3, Verdict.RECOUNT),
        ([0], 2, 2, Verdict.WAIT),
        ([0, 0], 2, 2, Verdict.ACCEPT),
        ([0, -1], 2, 3, Verdict.RECOUNT),
        ([0, -1, 0], 2, 3, Verdict.ACCEPT),
    ],
)
def test_attempts_lead_to_a_verdict(
    variances: list[int], counters: int, most: int, verdict: Verdict
) -> None:
    attempts = [Attempt(variance, acceptable=variance == 0) for variance in variances]
    assert judge(attempts, counters=counters, most=most) is verdict


def test_a_tolerance_survives_its_keeping() -> None:
    kept = Tolerance(absolute_milli=7, basis_points=(("A", 1), ("B", 2), ("C", 3)), value_e4=9)
    assert Tolerance.from_json(kept.to_json()) == kept
    assert Tolerance.from_json("{}") == Tolerance()
