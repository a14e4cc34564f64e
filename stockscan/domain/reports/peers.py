"""Who stands out: the cost of each asset against the median of the others of its model.

An asset is never part of what it is compared with: a mean that holds the asset itself hides it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from stockscan.domain.figures import divide

WHOLE_BP = 10_000


class Limits(NamedTuple):
    """From where on a difference is worth a look: so many times the others, and so much money."""

    ratio_bp: int
    least_e4: int


class Compared(NamedTuple):
    """What an asset cost, the median of the others, and the ratio in basis points.

    Without others there is no median; where the others cost nothing there is no ratio.
    """

    cost_e4: int
    others_e4: int | None
    ratio_bp: int | None
    flagged: bool

    @property
    def above_e4(self) -> int:
        """How much it cost above the others; negative where it cost less."""
        return self.cost_e4 - (self.cost_e4 if self.others_e4 is None else self.others_e4)


def compare(costs_e4: Mapping[int, int], limits: Limits) -> dict[int, Compared]:
    """Each asset of a model against the median of the others."""
    ranked = sorted((cost_e4, asset_id) for asset_id, cost_e4 in costs_e4.items())
    ordered = [cost_e4 for cost_e4, _ in ranked]
    return {
        asset_id: _against(cost_e4, _median_without(ordered, at), limits)
        for at, (cost_e4, asset_id) in enumerate(ranked)
    }


def median(ordered: list[int]) -> int | None:
    """The median of ascending numbers, the half between two rounded away from zero."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(ordered[middle - 1] + ordered[middle], 2)


def _median_without(ordered: list[int], at: int) -> int | None:
    """The median of the others, looked up and not sorted anew: a model may have thousands."""
    left = len(ordered) - 1
    if left < 1:
        return None
    middle = left // 2

    def nth(index: int) -> int:
        return ordered[index if index < at else index + 1]

    return nth(middle) if left % 2 else divide(nth(middle - 1) + nth(middle), 2)


def _against(cost_e4: int, others_e4: int | None, limits: Limits) -> Compared:
    if others_e4 is None:
        return Compared(cost_e4, None, None, flagged=False)
    ratio_bp = divide(cost_e4 * WHOLE_BP, others_e4) if others_e4 > 0 else None
    often = ratio_bp is None or cost_e4 * WHOLE_BP >= limits.ratio_bp * others_e4
    much = cost_e4 - others_e4 >= max(limits.least_e4, 1)
    return Compared(cost_e4, others_e4, ratio_bp, flagged=often and much)
