"""How much of a part there will be, day by day, and what must be bought so that it lasts.

The projected available balance: PAB(t) = on hand that is not expired by t + what comes by t - what
is needed by t. What was needed before a lot expires was taken from that lot, so it isn't missed a
second time when the rest of the lot expires.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Policy:
    """How a part is bought: what is to stay, in which packs, at least how many, and how long ahead.

    What is needed on a day is ordered `lead_days` + `buffer_days` before it, and everything is
    looked at each `review_days`.
    """

    safety_milli: int = 0
    least_milli: int = 0
    pack_milli: int = 1000
    lead_days: int = 0
    buffer_days: int = 0
    review_days: int = 1

    def order_by(self, need_by: date) -> date:
        """The last day on which it can be ordered without haste."""
        days = self.lead_days + self.buffer_days
        return need_by - timedelta(days=min(days, (need_by - date.min).days))

    def last_day_to_decide(self, today: date) -> date:
        """What is needed up to this day must be raised now: the next review would be too late."""
        return today + timedelta(days=self.review_days + self.lead_days + self.buffer_days)


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is of a part and what comes and goes by day, in thousandths.

    `expiring` is the part of `on_hand_milli` that can't be used any more from a day on.
    """

    on_hand_milli: int = 0
    expiring: Mapping[date, int] = field(default_factory=dict)
    coming: Mapping[date, int] = field(default_factory=dict)
    needed: Mapping[date, int] = field(default_factory=dict)


class Level(NamedTuple):
    """What happens on a day, and the projected available balance at its end."""

    day: date
    needed_milli: int
    coming_milli: int
    expired_milli: int
    left_milli: int


class Shortage(NamedTuple):
    """What must be bought, until when, and the figures that it follows from.

    The figures are those up to and with the day `covers`. `late_days` is how many days ago it
    should have been ordered, 0 while there is time.
    """

    need_by: date
    order_by: date
    covers: date
    quantity_milli: int
    needed_milli: int
    on_hand_milli: int
    coming_milli: int
    expired_milli: int
    safety_milli: int
    late_days: int


def project(supply: Supply, today: date, until: date) -> Iterator[Level]:
    """Today, then each day to `until` on which something happens; what is overdue happens today."""
    left = supply.on_hand_milli
    expired = lost = used = 0
    for day in _days(supply, today, until):
        gone = _on(supply.expiring, day, today)
        expired += gone
        spoilt = max(0, expired - used - lost) if gone else 0
        lost += spoilt
        arrives, needed = _on(supply.coming, day, today), _on(supply.needed, day, today)
        used += needed
        left += arrives - needed - spoilt
        yield Level(day, needed, arrives, spoilt, left)


def shortages(supply: Supply, policy: Policy, today: date, until: date) -> Iterator[Shortage]:
    """Each day on which less than the safety stock would be left, with what to buy for it.

    In order of time; each counts on those before it being bought. By the rule: of max(the usual
    order, what lacks) the next whole pack.
    """
    bought = needed = arrived = lost = 0
    for level in project(supply, today, until):
        needed += level.needed_milli
        arrived += level.coming_milli
        lost += level.expired_milli
        lacks = policy.safety_milli - level.left_milli - bought
        if lacks <= 0:
            continue
        quantity = whole_packs(max(policy.least_milli, lacks), policy.pack_milli)
        order_by = policy.order_by(level.day)
        yield Shortage(
            need_by=level.day,
            order_by=order_by,
            covers=level.day,
            quantity_milli=quantity,
            needed_milli=needed,
            on_hand_milli=supply.on_hand_milli,
            coming_milli=arrived + bought,
            expired_milli=lost,
            safety_milli=policy.safety_milli,
            late_days=max(0, (today - order_by).days),
        )
        bought += quantity


def to_raise(supply: Supply, policy: Policy, today: date, until: date) -> Shortage | None:
    """What must be asked for now: all shortages that can't wait for the next review, as one.

    Needed by the day of the first one. None where nothing has to be ordered yet. When it is on
    order, asking again gives None.
    """
    last = min(until, policy.last_day_to_decide(today))
    found = list(shortages(supply, policy, today, last))
    if not found:
        return None
    first, end = found[0], found[-1]
    total = sum(each.quantity_milli for each in found)
    coming = end.coming_milli - (total - end.quantity_milli)
    return end._replace(
        need_by=first.need_by,
        order_by=first.order_by,
        quantity_milli=total,
        coming_milli=coming,
        late_days=first.late_days,
    )


def whole_packs(quantity_milli: int, pack_milli: int) -> int:
    """The quantity, up to the next whole pack."""
    return -(-quantity_milli // pack_milli) * pack_milli


def _days(supply: Supply, today: date, until: date) -> list[date]:
    days = {day for days in (supply.expiring, supply.coming, supply.needed) for day in days}
    return sorted({today, *(day for day in days if today < day <= until)})


def _on(amounts: Mapping[date, int], day: date, today: date) -> int:
    """What is due on a day; today also what was due before."""
    if day > today:
        return amounts.get(day, 0)
    return sum(amount for due, amount in amounts.items() if due <= today)
