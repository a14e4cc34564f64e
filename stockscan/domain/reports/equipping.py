"""What to have in stock before new machines arrive: their parts lists against the stock."""

from typing import NamedTuple


class Line(NamedTuple):
    """A line of a parts list: how many a machine has, for how long they last, and if it stands
    still without one."""

    quantity_milli: int
    life_months: int | None
    critical: bool


def wanted_milli(lines: list[Line], machines: int, months: int, planned_milli: int = 0) -> int:
    """What so many new machines need of a part in their first months.

    Every change that falls due in these months by its life, or what the model's plans take on one
    machine (`planned_milli`) where that is more; and one set of what a machine stands still
    without: that has to lie there before it breaks.
    """
    changes = sum(
        line.quantity_milli * machines * (months // line.life_months)
        for line in lines
        if line.life_months
    )
    spare = max((line.quantity_milli for line in lines if line.critical), default=0)
    return max(changes, planned_milli * machines, spare)


def to_buy_milli(wanted: int, free: int, pack_milli: int) -> int:
    """What is missing of what is wanted, in whole packs; stock that others need is not free."""
    missing = wanted - max(free, 0)
    pack = max(pack_milli, 1)
    return -(-missing // pack) * pack if missing > 0 else 0
