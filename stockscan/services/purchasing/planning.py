"""What must be bought so that coming work finds its parts: the figures, for all parts at once."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.purchasing.projecting import Shortage, Supply, shortages, to_raise
from stockscan.store.maintenance.demand import Demand
from stockscan.store.maintenance.forecast import Forecast
from stockscan.store.purchasing.available import expiring, usable
from stockscan.store.purchasing.coming import Coming, coming
from stockscan.store.purchasing.leads import longest_lead
from stockscan.store.purchasing.policies import Buying, buying
from stockscan.store.purchasing.rows import MOST_NAMED
from stockscan.store.purchasing.wanted import with_safety
from stockscan.store.settings import Settings

# Nobody plans further ahead than this, however long a delivery takes.
FURTHEST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Planned:
    """A part with what there is and will be of it, and how it is bought, from today to a day."""

    part_id: int
    supply: Supply
    bought: Buying
    today: date
    until: date

    def due(self) -> Shortage | None:
        """What has to be asked for now."""
        return to_raise(self.supply, self.bought.policy, self.today, self.until)

    def first(self) -> Shortage | None:
        """The first day on which it will be short."""
        return next(shortages(self.supply, self.bought.policy, self.today, self.until), None)


@dataclass(frozen=True, slots=True)
class Needs:
    """What work will need up to a day: part to day to quantity; parts to be kept need nothing."""

    until: date
    by_part: Mapping[int, Mapping[date, int]]

    def of(self, part_ids: Collection[int]) -> "Needs":
        """Of these parts alone."""
        return Needs(self.until, {part_id: self.by_part[part_id] for part_id in part_ids})

    def but(self, part_ids: AbstractSet[int]) -> "Needs":
        """Of all but these parts."""
        return self.of(self.by_part.keys() - part_ids) if part_ids else self


def horizon(connection: Connection | Session, settings: Settings, today: date) -> date:
    """How far ahead is looked: as far as the settings say, and as the longest delivery needs."""
    lead = longest_lead(connection, settings)
    days = max(
        settings.plan_ahead_days, lead + settings.order_buffer_days + settings.order_review_days
    )
    return today + timedelta(days=min(FURTHEST_DAYS, days))


def needs_from(work: Iterable[Demand], until: date, part_ids: Collection[int]) -> Needs:
    """What this work needs of a few parts."""
    days: dict[int, dict[date, int]] = {part_id: {} for part_id in part_ids}
    for need in work:
        of_part = days[need.part_id]
        of_part[need.day] = of_part.get(need.day, 0) + need.quantity_milli
    return Needs(until, days)


def forecast(connection: Connection | Session, settings: Settings, today: date) -> Forecast:
    """What work will need as far as is planned ahead."""
    return Forecast(connection, today, horizon(connection, settings, today))


def tight(connection: Connection | Session, needed: Forecast, today: date) -> Needs:
    """What work will need of the parts of which there is not enough here for all of it.

    Only these can be short, whatever comes; most parts are passed over by two sums.
    """
    until, kept = needed.until, with_safety(connection)
    here, expire = usable(connection, today), expiring(connection, today)
    wanted = needed.totals()
    for part_id, milli in kept.items():
        wanted[part_id] = wanted.get(part_id, 0) + milli
    lost = {
        part_id: sum(milli for day, milli in days.items() if day <= until)
        for part_id, days in expire.items()
    }
    short = [
        part_id
        for part_id, milli in wanted.items()
        if here.get(part_id, 0) - lost.get(part_id, 0) < milli
    ]
    return Needs(until, {part_id: needed.of(part_id) for part_id in short})


def plan(
    connection: Connection | Session, settings: Settings, today: date, needed: Needs
) -> list[Planned]:
    """What there is and will be of the parts that are needed, in the order of parts."""
    named = needed.by_part if len(needed.by_part) <= MOST_NAMED else None
    bought = buying(connection, settings, needed.by_part)
    # In this order what is received meanwhile counts twice, and is asked for a day later where it
    # has to be. In the other one it would count for nothing, and be asked for again.
    arrive = by_day((line, line.counts_from(today)) for line in coming(connection, named))
    here, expire = usable(connection, today, named), expiring(connection, today, named)
    planned = []
    for part_id in sorted(bought):
        supply = Supply(
            here.get(part_id, 0),
            expire.get(part_id, {}),
            arrive.get(part_id, {}),
            needed.by_part[part_id],
        )
        planned.append(Planned(part_id, supply, bought[part_id], today, needed.until))
    return planned


def by_day(dated: Iterable[tuple[Coming, date]]) -> dict[int, dict[date, int]]:
    """What comes, each line on its day: part to day to how much."""
    days: dict[int, dict[date, int]] = {}
    for line, day in dated:
        of_part = days.setdefault(line.part_id, {})
        of_part[day] = of_part.get(day, 0) + line.left_milli
    return days
