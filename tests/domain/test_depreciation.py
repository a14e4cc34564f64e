"""Straight-line depreciation against published schedules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.depreciation import book_value, months_after, months_between, year_ends

BOUGHT = date(2020, 3, 15)


def value_after(years: int, *, cost: int, salvage: int, life_years: int) -> int:
    return (
        book_value(
            cost_minor=cost * 100,
            salvage_minor=salvage * 100,
            life_months=life_years * 12,
            bought=BOUGHT,
            today=BOUGHT.replace(year=BOUGHT.year + years),
        )
        // 100
    )


@pytest.mark.parametrize(
    ("years", "worth"),
    [(0, 10_000), (1, 8_400), (2, 6_800), (3, 5_200), (4, 3_600), (5, 2_000), (9, 2_000)],
)
def test_ten_thousand_to_two_thousand_in_five_years(years: int, worth: int) -> None:
    assert value_after(years, cost=10_000, salvage=2_000, life_years=5) == worth


@pytest.mark.parametrize(("years", "worth"), [(1, 13_100), (2, 9_200), (3, 5_300), (4, 1_400)])
def test_seventeen_thousand_to_fourteen_hundred_in_four_years(years: int, worth: int) -> None:
    assert value_after(years, cost=17_000, salvage=1_400, life_years=4) == worth


def test_nothing_is_written_off_before_it_was_bought_or_when_it_gains() -> None:
    before = date(2020, 1, 1)
    assert book_value(
        cost_minor=5_00, salvage_minor=0, life_months=12, bought=BOUGHT, today=before
    ) == (5_00)
    later = date(2030, 1, 1)
    assert book_value(
        cost_minor=5_00, salvage_minor=9_00, life_months=12, bought=BOUGHT, today=later
    ) == (5_00)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2020, 3, 15), date(2020, 4, 14), 0),
        (date(2020, 3, 15), date(2020, 4, 15), 1),
        (date(2020, 1, 31), date(2020, 2, 29), 0),
        (date(2020, 1, 31), date(2020, 3, 1), 1),
        (date(2020, 3, 15), date(2019, 3, 15), -12),
    ],
)
def test_months_count_when_their_day_is_reached(start: date, end: date, months: int) -> None:
    assert months_between(start, end) == months


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 1200))
def test_a_month_is_full_on_the_first_day_that_counts_it(start: date, count: int) -> None:
    full = months_after(start, count)
    assert months_between(start, full) == count
    if count:
        assert months_between(start, full - timedelta(days=1)) == count - 1


def test_the_years_of_a_life_end_with_the_life() -> None:
    assert year_ends(date(2024, 2, 29), 30) == [
        date(2025, 3, 1),
        date(2026, 3, 1),
        date(2026, 8, 29),
    ]
    assert year_ends(BOUGHT, 6) == [date(2020, 9, 15)]
