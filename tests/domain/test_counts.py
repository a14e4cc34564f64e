"""Tolerance, the question before or after, and the one cut that answers make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts import Contradiction, Side, Tolerance, cut, likely_side

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
