"""Figures are read strictly, shown shortly, and never lose a thousandth."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import (
    divide,
    format_cost,
    format_money,
    format_quantity,
    from_us,
    iso,
    parse_cost,
    parse_money,
    parse_quantity,
    times,
    to_us,
)

MILLI = st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("raw", "milli"),
    [(2, 2000), (2.0, 2000), ("2", 2000), ("2.5", 2500), ("2,5", 2500), (" 7 ", 7000),
     ("0.001", 1), (1e3, 1_000_000), (0.1, 100), (Decimal("0.3"), 300)],
)  # fmt: skip
def test_reads_a_quantity(raw: object, milli: int) -> None:
    assert parse_quantity(raw) == milli


@pytest.mark.parametrize(
    "raw",
    [None, True, "", "two", "1.0005", 0, "-1", "1e10", float("nan"), float("inf"), "NaN",
     "Infinity", [], {}, "1.000.000", "0x10", "1 000"],
)  # fmt: skip
def test_refuses_what_is_no_quantity(raw: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_quantity(raw)
    assert caught.value.field == "quantity"


def test_zero_only_where_counted() -> None:
    assert parse_quantity(0, zero=True) == 0
    with pytest.raises(Invalid):
        parse_quantity(0)


@given(MILLI)
def test_a_quantity_survives_being_shown(milli: int) -> None:
    assert parse_quantity(format_quantity(milli)) == milli


@given(st.text(max_size=40) | st.floats() | st.booleans() | st.none() | st.integers())
def test_reading_anything_either_works_or_is_invalid(raw: object) -> None:
    for parse in (parse_quantity, parse_cost, lambda value: parse_money(value, field="cost")):
        try:
            assert isinstance(parse(raw), int)
        except Invalid as error:
            assert error.field  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("value", "shown"), [(250_000, "25.00"), (0, "0.00"), (-12_345, "-1.23"), (5, "0.00")]
)
def test_shows_money(value: int, shown: str) -> None:
    assert format_money(value) == shown


@pytest.mark.parametrize(
    ("cost", "shown"), [(184_000, "18.40"), (125, "0.0125"), (10_000, "1.00"), (12_340, "1.234")]
)
def test_shows_a_cost_with_two_to_four_digits(cost: int, shown: str) -> None:
    assert format_cost(cost) == shown


@given(st.integers(-(10**30), 10**30), st.integers(-(10**12), 10**12).filter(bool))
def test_division_rounds_half_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = divide(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**10))
def test_value_is_odd_in_the_quantity(milli: int, cost: int) -> None:
    assert times(-milli, cost) == -times(milli, cost)


@given(st.integers(0, 4_102_444_800_000_000))
def test_a_moment_survives(moment_us: int) -> None:
    assert to_us(from_us(moment_us)) == moment_us
    assert datetime.fromisoformat(iso(moment_us)) == from_us(moment_us)


def test_moments_of_one_length_sort_as_text() -> None:
    assert iso(1_000_000) == "1970-01-01T00:00:01.000000Z"
    assert to_us(datetime(2026, 11, 22, 10, 0, 0, 5, tzinfo=UTC)) % 1_000_000 == 5


@pytest.mark.parametrize("amount", ["9.000", "120.500", "9,000"])
def test_money_with_a_thousands_separator_is_asked_for_again(amount: str) -> None:
    with pytest.raises(Invalid, match="without a thousands separator"):
        parse_money(amount, field="cost")
    assert parse_money("9000", field="cost") == 900_000
    assert parse_money("9000.000", field="cost") == 900_000
