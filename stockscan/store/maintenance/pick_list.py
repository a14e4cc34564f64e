"""The kit of one job as its pages show it: figures, what is missing, and the way to walk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.maintenance.kits import (
    Batch,
    JobReadiness,
    Missing,
    judge,
    within_reach,
)
from stockscan.domain.purchasing import RequisitionState
from stockscan.store.counts.blindness import SEEING, Blindness, hidden_parts
from stockscan.store.counts.opening import walking_order
from stockscan.store.maintenance import kit_bins
from stockscan.store.maintenance.at_hand import at_hand
from stockscan.store.maintenance.kit_bins import Take
from stockscan.store.maintenance.kits import KitLine, kit_lines, wants
from stockscan.store.maintenance.readiness import arrivals
from stockscan.store.purchasing.coming import coming


@dataclass(frozen=True, slots=True)
class KitRow:
    """A line of a kit with what the stock says of it.

    `usable_milli` is on hand over all bins and not expired; None for what is not kept in stock,
    and where it is hidden. `asked_milli` is asked for and not ordered yet. `lies` says where in
    the kit it lies, `takes` where the rest comes from.
    """

    line: KitLine
    usable_milli: int | None
    missing: Missing | None
    asked_milli: int
    lies: tuple[Take, ...]
    takes: tuple[Take, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether who reads this counts the part blind."""
        return self.line.stocked and self.usable_milli is None

    @property
    def there_milli(self) -> int:
        """What of what is left to use is there for this job, as far as that may be told."""
        short_milli = self.missing.short_milli if self.missing else 0
        there_milli = self.line.amounts.left_milli - short_milli
        # What only some jobs need is never missing.
        return there_milli if self.usable_milli is None else min(there_milli, self.usable_milli)

    @property
    def can_be_kept(self) -> bool:
        """Whether there is more for this job than is kept for it."""
        known = self.usable_milli is not None
        return known and self.there_milli > self.line.amounts.reserved_milli

    @property
    def unasked_milli(self) -> int:
        """What is missing, not on its way and not asked for either."""
        if self.missing is None or self.missing.is_coming:
            return 0
        return max(0, self.missing.short_milli - self.asked_milli)


@dataclass(frozen=True, slots=True)
class Stop:
    """One bin on the way, and what to take there."""

    code: str
    name: str
    takes: tuple[tuple[KitRow, Take], ...]


@dataclass(frozen=True, slots=True)
class Kit:
    """The kit of a job; `ready` is None where something is hidden, and for a job that is over."""

    rows: tuple[KitRow, ...]
    ready: JobReadiness | None
    way: tuple[Stop, ...]

    @property
    def left_in_kit(self) -> tuple[KitRow, ...]:
        """The lines of which something lies in the kit."""
        return tuple(row for row in self.rows if row.lies)


def kit(
    connection: Connection | Session, today: date, job_id: int, blind: Blindness = SEEING
) -> Kit:
    """The kit of a job, open or not."""
    lines = kit_lines(connection, job_id)
    parts = {line.part_id for line in lines if line.stocked}
    hidden = hidden_parts(connection, blind, parts)
    queue, there = wants(connection, parts), at_hand(connection, today, parts)
    ready = judge(queue, there, arrivals(connection, parts)).get(job_id)
    missing = {one.part_id: one for one in ready.missing} if ready else {}
    asked = _asked_for(connection, job_id)
    in_kit = kit_bins.in_kit(connection, job_id, [line.part_id for line in lines])
    visible = parts - hidden
    seen = [line for line in lines if line.part_id in visible]
    due_on = next((want.due_on for want in queue if want.job_id == job_id), None)
    reach = within_reach(queue, there, job_id)
    takes = _takes(connection, seen, reach, max(today, due_on or today))
    takes |= _blind_takes(connection, [line for line in lines if line.part_id in hidden])
    rows = tuple(
        KitRow(
            line,
            _total(there.get(line.part_id, ())) if line.part_id in visible else None,
            None if line.part_id in hidden else missing.get(line.part_id),
            asked.get(line.part_id, 0),
            tuple(in_kit[line.part_id]),
            takes.get(line.part_id, ()),
        )
        for line in lines
    )
    return Kit(rows, None if hidden else ready, _way(connection, rows))


def _asked_for(connection: Connection | Session, job_id: int) -> dict[int, int]:
    """Part to how much is asked for and not ordered yet, for this job or for none."""
    found: defaultdict[int, int] = defaultdict(int)
    for line in coming(connection):
        if line.state != RequisitionState.ORDERED and line.job_id in {None, job_id}:
            found[line.part_id] += line.left_milli
    return found


def _total(batches: Iterable[Batch]) -> int:
    return sum(batch.quantity_milli for batch in batches)


def _takes(
    connection: Connection | Session,
    lines: Sequence[KitLine],
    wanted: Mapping[int, int],
    day: date,
) -> dict[int, tuple[Take, ...]]:
    goods = kit_bins.free_goods(connection, [line.part_id for line in lines])
    return {
        line.part_id: kit_bins.takes(
            goods[line.part_id], wanted.get(line.part_id, 0), day, line.home_id
        )
        for line in lines
    }


def _blind_takes(
    connection: Connection | Session, lines: Sequence[KitLine]
) -> dict[int, tuple[Take, ...]]:
    """What is still needed, from the part's own bin: that tells nothing of what lies there."""
    homes = kit_bins.places_of(connection, [line.home_id for line in lines if line.home_id])
    return {
        line.part_id: (Take(line.home_id, *homes[line.home_id], line.amounts.to_pick_milli, None),)
        for line in lines
        if line.home_id and line.amounts.to_pick_milli
    }


def _way(connection: Connection | Session, rows: Iterable[KitRow]) -> tuple[Stop, ...]:
    """The bins to walk past, in order, each with what is to be taken there."""
    at: defaultdict[int, list[tuple[KitRow, Take]]] = defaultdict(list)
    for row in rows:
        for take in row.takes:
            at[take.location_id].append((row, take))
    order = walking_order(connection, at) if at else []
    firsts = {place_id: at[place_id][0][1] for place_id in order}
    return tuple(
        Stop(firsts[each].location_code, firsts[each].location, tuple(at[each])) for each in order
    )
