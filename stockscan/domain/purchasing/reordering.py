"""When to order a part again and how much: reorder point, safety stock, economic quantity.

The formulas are those of the textbooks (Heizer & Render, Taylor). Their results are floats, because
they are estimates; `suggest` turns them into whole thousandths, rounded up.
"""

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Final, NamedTuple

from stockscan.domain.figures import E4
from stockscan.domain.purchasing.projecting import whole_packs

# Pieces a year below which single demands are counted and not a bell curve drawn.
SLOW_A_YEAR: Final = 20
_YEAR_DAYS: Final = 365
_BP: Final = 10_000


@dataclass(frozen=True, slots=True)
class Use:
    """How a part is used, in units: so much a day, how much that varies, and its delivery in days.

    `daily_deviation` and `lead_deviation` are standard deviations.
    """

    daily: float
    daily_deviation: float
    lead_days: float
    lead_deviation: float = 0.0

    @property
    def yearly(self) -> float:
        """Units in a year."""
        return self.daily * _YEAR_DAYS

    @property
    def is_slow(self) -> bool:
        """Whether it is asked for so rarely that averages say nothing."""
        return self.yearly < SLOW_A_YEAR


class Economic(NamedTuple):
    """The order that costs least: how much, how often in a year, and what that costs in a year.

    In units and in money, exact; the cost is of ordering and keeping together.
    """

    quantity: float
    orders_a_year: float
    yearly_cost: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """When to order again and how much, with the figures on the way, in thousandths.

    `economic` is None where it can't be known (no price, or keeping costs nothing).
    """

    point_milli: int
    safety_milli: int
    quantity_milli: int
    economic: Economic | None
    is_slow: bool


@cache
def z_of(service_bp: int) -> float:
    """How many deviations keep a service level (basis points): 9500 gives 1.645."""
    return NormalDist().inv_cdf(service_bp / _BP)


def safety_stock(z: float, use: Use) -> float:
    """What to keep against what varies: z x sqrt(L s^2 + d^2 sL^2); z s sqrt(L) with a sure L."""
    of_demand = use.lead_days * use.daily_deviation**2
    of_delivery = use.daily**2 * use.lead_deviation**2
    return z * math.sqrt(of_demand + of_delivery)


def reorder_point(z: float, use: Use) -> float:
    """What is left when it is time to order: the use until delivery, and the safety stock."""
    return use.daily * use.lead_days + safety_stock(z, use)


def poisson_level(mean: float, service_bp: int) -> int:
    """The smallest k such that at most k are asked for with this certainty; order at k or less."""
    wanted = service_bp / _BP
    chance = total = math.exp(-mean)
    level = 0
    while total < wanted and chance > 0:
        level += 1
        chance *= mean / level
        total += chance
    return level


def economic_quantity(yearly: float, order_cost: float, keeping_cost: float) -> float:
    """The order that costs least in a year, sqrt(2 D S / H); H is to keep one unit for a year."""
    return math.sqrt(2 * yearly * order_cost / keeping_cost)


def orders_a_year(yearly: float, quantity: float) -> float:
    """How often that order is placed."""
    return yearly / quantity


def yearly_cost(yearly: float, quantity: float, order_cost: float, keeping_cost: float) -> float:
    """What ordering and keeping cost together in a year."""
    return yearly / quantity * order_cost + quantity / 2 * keeping_cost


@dataclass(frozen=True, slots=True)
class Costs:
    """What an order costs, the price of a unit (both 1/10,000), and what keeping stock costs.

    `keeping_bp` is basis points of the value in a year.
    """

    order_e4: int
    price_e4: int
    keeping_bp: int

    @property
    def keeping(self) -> float:
        """To keep one unit for a year."""
        return self.price_e4 / E4 * self.keeping_bp / _BP


@dataclass(frozen=True, slots=True)
class Kind:
    """How a part is counted and sold: the smallest amount of it and a pack, in thousandths."""

    least_milli: int = 1
    pack_milli: int = 1000


def suggest(use: Use, costs: Costs, service_bp: int, kind: Kind) -> Suggestion:
    """The reorder point and quantity that follow from how a part is used.

    A slow mover's point is the Poisson level of its use until delivery; its safety stock is what
    that is above the mean. The quantity is at least a pack.
    """
    point = _point(use, service_bp)
    economic = _economic(use.yearly, costs)
    wanted = economic.quantity if economic else 0.0
    return Suggestion(
        point_milli=_up(point, kind.least_milli),
        safety_milli=_up(max(0.0, point - use.daily * use.lead_days), kind.least_milli),
        quantity_milli=whole_packs(max(_up(wanted), 1), kind.pack_milli),
        economic=economic,
        is_slow=use.is_slow,
    )


def point_milli(use: Use, service_bp: int, least_milli: int) -> int:
    """The reorder point alone, as `suggest` gives it."""
    return _up(_point(use, service_bp), least_milli)


def _economic(yearly: float, costs: Costs) -> Economic | None:
    if not (yearly > 0 and costs.keeping > 0 and costs.order_e4 > 0):
        return None
    order_cost = costs.order_e4 / E4
    quantity = economic_quantity(yearly, order_cost, costs.keeping)
    return Economic(
        quantity,
        orders_a_year(yearly, quantity),
        yearly_cost(yearly, quantity, order_cost, costs.keeping),
    )


def _point(use: Use, service_bp: int) -> float:
    if use.is_slow:
        return float(poisson_level(use.daily * use.lead_days, service_bp))
    return reorder_point(z_of(service_bp), use)


def _up(units: float, step_milli: int = 1) -> int:
    """Units as thousandths, up to the next step; what is a rounding error of floats is none."""
    return whole_packs(math.ceil(round(units * 1000, 6)), step_milli)
