"""Reorder points, safety stocks and order quantities against the survey's vectors (4.1, 4.2)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.purchasing.reordering import (
    Costs,
    Kind,
    Use,
    economic_quantity,
    orders_a_year,
    poisson_level,
    reorder_point,
    safety_stock,
    suggest,
    yearly_cost,
    z_of,
)

CARPET = Use(daily=30, daily_deviation=5, lead_days=10)
COMPUTERS = Use(daily=2.5, daily_deviation=1.2, lead_days=25)


def test_the_table_of_z() -> None:
    assert z_of(9_000) == pytest.approx(1.2816, abs=1e-4)
    assert z_of(9_500) == pytest.approx(1.6449, abs=1e-4)


@pytest.mark.parametrize(
    ("use", "z", "safety", "point"),
    [
        (CARPET, 1.65, 26.09, 326.1),
        (CARPET, z_of(9_500), 26.007, 326.007),
        (COMPUTERS, 1.28, 7.68, 70.18),
        (COMPUTERS, z_of(9_000), 7.689, 70.189),
        (Use(100, 20, 7, 2), 1.65, 341.4, 1041.4),
        (Use(500, 150, 3, 1), 1.88, 1059.3, 2559.3),
        (Use(100, 0, 8, 2), 1.645, 329.0, 1129.0),  # by the week: 800 + 1.645 x 200
    ],
)
def test_reorder_points(use: Use, z: float, safety: float, point: float) -> None:
    assert safety_stock(z, use) == pytest.approx(safety, abs=0.06)
    assert reorder_point(z, use) == pytest.approx(point, abs=0.06)


def test_the_root_with_both_deviations() -> None:
    assert safety_stock(1.0, Use(100, 20, 7, 2)) == pytest.approx(math.sqrt(42_800))
    assert safety_stock(1.0, Use(500, 150, 3, 1)) == pytest.approx(563.47, abs=0.005)


@pytest.mark.parametrize(
    ("mean", "levels"),
    [(0.5, (1, 2, 3)), (1, (2, 3, 4)), (2, (4, 5, 6)), (5, (8, 9, 11))],
)
def test_slow_movers_by_poisson(mean: float, levels: tuple[int, int, int]) -> None:
    assert tuple(poisson_level(mean, bp) for bp in (9_000, 9_500, 9_900)) == levels


@pytest.mark.parametrize(
    ("yearly", "order", "keeping", "quantity"),
    [(1000, 10, 0.5, 200), (1200, 10, 0.5, 219.09), (36_500, 50, 2.5, 1208.3)],
)
def test_economic_quantities(yearly: float, order: float, keeping: float, quantity: float) -> None:
    assert economic_quantity(yearly, order, keeping) == pytest.approx(quantity, abs=0.05)


def test_what_the_economic_quantity_costs() -> None:
    """Sharp Inc.: 5 orders a year, 50 working days apart, 100 for ordering and keeping."""
    assert orders_a_year(1000, 200) == 5
    assert 250 / orders_a_year(1000, 200) == 50
    assert yearly_cost(1000, 200, 10, 0.5) == 100


def test_suggests_in_thousandths_and_whole_packs() -> None:
    sharp = Use(daily=1000 / 365, daily_deviation=0, lead_days=0)
    found = suggest(
        sharp, Costs(order_e4=100_000, price_e4=50_000, keeping_bp=1_000), 9_500, Kind()
    )
    assert (found.point_milli, found.quantity_milli, found.is_slow) == (0, 200_000, False)
    assert found.economic == pytest.approx((200, 5, 100))
    packed = suggest(sharp, Costs(100_000, 50_000, 1_000), 9_500, Kind(pack_milli=150_000))
    assert packed.quantity_milli == 300_000
    carpet = suggest(CARPET, Costs(0, 0, 800), 9_500, Kind())
    assert carpet.point_milli == 326_008
    assert carpet.quantity_milli == 1000
    by_piece = suggest(CARPET, Costs(0, 0, 800), 9_500, Kind(least_milli=1000))
    assert (by_piece.point_milli, by_piece.safety_milli) == (327_000, 27_000)
    assert carpet.economic is None


def test_suggests_whole_pieces_for_slow_movers() -> None:
    spare = Use(daily=10 / 365, daily_deviation=0.2, lead_days=36.5)
    found = suggest(spare, Costs(250_000, 890_000, 800), 9_500, Kind(1000))
    assert found.is_slow
    assert (found.point_milli, found.safety_milli) == (3000, 2000)


@given(st.floats(0.01, 60), st.integers(5_000, 9_990))
def test_a_poisson_level_is_the_smallest_that_does(mean: float, service_bp: int) -> None:
    def chance(level: int) -> float:
        logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(level + 1))
        return sum(math.exp(each) for each in logs)

    level = poisson_level(mean, service_bp)
    assert chance(level) >= service_bp / 10_000 - 1e-9
    assert level == 0 or chance(level - 1) < service_bp / 10_000 + 1e-9


@given(st.floats(0.06, 500), st.floats(0, 100), st.floats(0, 90), st.floats(0, 20))
def test_more_certainty_never_needs_less(
    daily: float, deviation: float, lead: float, lead_deviation: float
) -> None:
    use = Use(daily, deviation, lead, lead_deviation)
    points = [reorder_point(z_of(bp), use) for bp in (5_000, 9_000, 9_900)]
    assert points == sorted(points)
    assert points[0] == pytest.approx(daily * lead)
