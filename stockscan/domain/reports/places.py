"""What lies at a place is worth: its share of what all of a part is worth, at one moment."""

from collections.abc import Mapping
from typing import NamedTuple

from stockscan.domain.figures import divide
from stockscan.domain.reports.months import Months


class Held(NamedTuple):
    """How much of a part lies at a place, and how much of it there is in all and what it is worth.

    Or by how much these changed.
    """

    here_milli: int = 0
    quantity_milli: int = 0
    value_e4: int = 0

    @property
    def worth_e4(self) -> int:
        """What lies there is worth, at the average of all of it; nothing where there is none."""
        if self.quantity_milli <= 0:
            return 0
        return divide(self.value_e4 * self.here_milli, self.quantity_milli)

    def less(self, change: "Held") -> "Held":
        """As it was before a change."""
        return Held(*(now - by for now, by in zip(self, change, strict=True)))


def held_at_ends(now: Held, changes: Mapping[int, Held], months: Months) -> list[Held]:
    """What lay there when some months began and at the end of each of them.

    From what there is now, less what changed in each month since.
    """
    held, ends = now, []
    for month in sorted(changes, reverse=True):
        if month > months.last:
            held = held.less(changes[month])
    for month in range(months.last, months.first - 1, -1):
        ends.append(held)
        held = held.less(changes.get(month, Held()))
    return [held, *reversed(ends)]
