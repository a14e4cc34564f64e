"""Moving average: the textbook vector, and what holds for every history."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.figures import E4, times
from stockscan.domain.valuation import Worth, settle, value_at_average


def receive(worth: Worth, quantity_milli: int, cost_e4: int) -> Worth:
    value = times(quantity_milli, cost_e4)
    settled = settle(worth, quantity_milli=quantity_milli, value_e4=value, receipt_cost_e4=cost_e4)
    return settled.worth


def issue(worth: Worth, quantity_milli: int) -> Worth:
    value = value_at_average(worth, -quantity_milli)
    return settle(worth, quantity_milli=-quantity_milli, value_e4=value).worth


def test_the_waterway_vector() -> None:
    """9,200 @ 9.71, +6,300 @ 10.23, -7,400, +8,200 @ 10.69, -11,100 (quizlet 634164174)."""
    worth = receive(Worth(), 9_200_000, 97_100)
    worth = receive(worth, 6_300_000, 102_300)
    assert worth.average_e4 == 99_214  # 9.92135
    worth = receive(issue(worth, 7_400_000), 8_200_000, 106_900)
    assert worth.average_e4 == 103_080  # 10.30804
    worth = issue(worth, 11_100_000)
    assert worth.quantity_milli == 5_200_000
    assert round(worth.value_e4 / 100) == 5_360_178  # 53,601.78


def test_a_price_never_reprices_what_is_gone() -> None:
    worth = receive(Worth(), 2000, 1 * E4)
    gone = value_at_average(worth, -1000)
    worth = receive(issue(worth, 1000), 1000, 9 * E4)
    assert (gone, worth.average_e4) == (-1 * E4, 5 * E4)


def test_an_issue_below_zero_leaves_at_the_last_average() -> None:
    worth = issue(receive(Worth(), 1000, 2 * E4), 3000)
    assert worth == Worth(-2000, -4 * E4, 2 * E4)


def test_a_receipt_that_ends_negative_stock_sets_the_average() -> None:
    below = Worth(-2000, -4 * E4, 2 * E4)
    settled = settle(below, quantity_milli=5000, value_e4=15 * E4, receipt_cost_e4=3 * E4)
    assert settled.worth == Worth(3000, 9 * E4, 3 * E4)
    assert settled.revaluation_e4 == 9 * E4 - (15 - 4) * E4


def test_a_few_thousandths_do_not_blow_their_rounding_up() -> None:
    left = Worth(quantity_milli=1, value_e4=14, average_e4=13_700)
    assert value_at_average(left, 9000) == times(9000, 13_700)
    assert value_at_average(left, -9000) == times(-9000, 13_700)
    assert value_at_average(left, -1) == -14


MOVES = st.lists(
    st.tuples(st.booleans(), st.integers(1, 10**7), st.integers(0, 10**8)), max_size=30
)


@given(MOVES)
def test_value_is_quantity_times_average(moves: list[tuple[bool, int, int]]) -> None:
    worth = Worth()
    for comes, quantity, cost in moves:
        worth = receive(worth, quantity, cost) if comes else issue(worth, quantity)
        off = abs(worth.value_e4 * 1000 - worth.quantity_milli * worth.average_e4)
        assert 2 * off <= max(abs(worth.quantity_milli), 1000)
        if worth.quantity_milli == 0:
            assert worth.value_e4 == 0


@given(MOVES)
def test_nothing_is_worth_more_than_it_cost(moves: list[tuple[bool, int, int]]) -> None:
    """While stock lasts, the average lies between the lowest and the highest price paid."""
    worth, paid = Worth(), []
    for comes, quantity, cost in moves:
        if comes:
            worth = receive(worth, quantity, cost)
            paid.append(cost)
        elif quantity <= worth.quantity_milli:
            worth = issue(worth, quantity)
        if worth.quantity_milli:
            exact = Fraction(worth.value_e4 * 1000, worth.quantity_milli)
            # Each row was rounded by half a 1/10,000 at most.
            slack = Fraction(1000 * len(moves), worth.quantity_milli)
            assert min(paid) - slack <= exact <= max(paid) + slack


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), st.integers(0, 10**8))
def test_the_last_unit_takes_what_is_left(takings: list[int], cost: int) -> None:
    worth = receive(Worth(), sum(takings), cost)
    for taken in takings:
        worth = issue(worth, taken)
    assert (worth.quantity_milli, worth.value_e4) == (0, 0)
