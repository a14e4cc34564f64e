"""What the parts of planned maintenance will cost, by part and by month.

Budget = sum of demand x unit cost, each amount rounded once, so that rows and columns both add
up to the same total.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from stockscan.domain.figures import times
from stockscan.domain.reports.months import month_at


class Need(NamedTuple):
    """So much of a part, wanted on a day."""

    part_id: int
    day: date
    quantity_milli: int


class PartBudget(NamedTuple):
    """A part's share of a budget: quantity and value (1/10,000) by month."""

    quantity_milli: dict[int, int]
    value_e4: dict[int, int]

    @property
    def total_milli(self) -> int:
        """How much of it in all."""
        return sum(self.quantity_milli.values())

    @property
    def total_e4(self) -> int:
        """What that costs."""
        return sum(self.value_e4.values())


def budget(
    needs: Iterable[Need], cost_e4: Mapping[int, int], first: date, last: date
) -> dict[int, PartBudget]:
    """The needs from `first` to `last` priced, by part; a part without a cost counts as free."""
    wanted: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for need in needs:
        if first <= need.day <= last:
            wanted[need.part_id][month_at(need.day)] += need.quantity_milli
    return {
        part_id: PartBudget(
            dict(by_month),
            {month: times(milli, cost_e4.get(part_id, 0)) for month, milli in by_month.items()},
        )
        for part_id, by_month in wanted.items()
    }


def by_month(parts: Iterable[PartBudget]) -> dict[int, int]:
    """What all parts together cost in each month."""
    total: dict[int, int] = defaultdict(int)
    for part in parts:
        for month, value_e4 in part.value_e4.items():
            total[month] += value_e4
    return dict(total)
