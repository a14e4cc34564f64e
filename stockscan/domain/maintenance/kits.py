"""What a kit still needs, and which job is served first from what there is and what is coming.

Goods that expire serve only jobs that are due by then; what expires first is given out first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from stockscan.domain.maintenance import Readiness

# A part with less than this is needed in some of such jobs only.
CERTAIN_BP = 10_000


class Amounts(NamedTuple):
    """The figures of one line of a kit, in thousandths of the part's unit.

    `set_aside_milli` was reserved, together with what was used by then; `lying_milli` was picked
    and lies in the kit now.
    """

    needed_milli: int
    set_aside_milli: int = 0
    used_milli: int = 0
    lying_milli: int = 0

    @property
    def left_milli(self) -> int:
        """What is still to be used."""
        return max(0, self.needed_milli - self.used_milli)

    @property
    def reserved_milli(self) -> int:
        """What is reserved for the job and not used yet; never more than is left to use."""
        return max(0, min(self.set_aside_milli - self.used_milli, self.left_milli))

    @property
    def to_pick_milli(self) -> int:
        """What is still to be brought into the kit."""
        return max(0, self.left_milli - self.lying_milli)

    @property
    def held_milli(self) -> int:
        """What nobody else may count on: reserved, or in the kit already."""
        return max(self.reserved_milli, self.lying_milli)


class Want(NamedTuple):
    """What one open job wants of one part; not `certain` where only some of such jobs need it."""

    job_id: int
    part_id: int
    due_on: date | None
    amounts: Amounts
    certain: bool = True


class Batch(NamedTuple):
    """So much of a part on hand that can be used up to and with a day; None: it never expires."""

    last_on: date | None
    quantity_milli: int


# Part to what there is of it. Less than nothing is missing from what can be used longest.
Stock = Mapping[int, Iterable[Batch]]


class Arrival(NamedTuple):
    """So much of a part is ordered, and expected on a day where that is known."""

    part_id: int
    quantity_milli: int
    expected_on: date | None


class Missing(NamedTuple):
    """What a job lacks of a part; `is_coming` tells that all of it is ordered."""

    part_id: int
    short_milli: int
    expected_on: date | None
    is_coming: bool = False


class JobReadiness(NamedTuple):
    """Whether an open job's parts are there, and what is missing."""

    state: Readiness
    missing: tuple[Missing, ...] = ()


def serve(wants: Iterable[Want], stock: Stock) -> dict[tuple[int, int], int]:
    """How much each (job, part) gets of what is there, never more than is left to use.

    What lies in a kit is its job's, then what is reserved, whoever else is earlier; the rest goes
    by the day the job is due.
    What only some jobs need is given to none that does not hold it.
    """
    return _served(wants, stock)[0]


def within_reach(wants: Iterable[Want], stock: Stock, job_id: int) -> dict[int, int]:
    """Part to how much of it can be brought into a job's kit without taking it from others.

    What only some jobs need is taken along from what no job waits for.
    """
    wants = list(wants)
    got, shelves = _served(wants, stock)
    found = {}
    for want in wants:
        if want.job_id == job_id:
            spare = 0 if want.certain else shelves[want.part_id].there(want.due_on)
            reach = got[job_id, want.part_id] + spare - want.amounts.lying_milli
            found[want.part_id] = min(want.amounts.to_pick_milli, max(0, reach))
    return found


def promise(
    wants: Iterable[Want], stock: Stock, job_id: int, due_on: date | None
) -> dict[int, int]:
    """How much of each part a job due on a day may reserve in all: what no other job holds."""
    shelves = _shelves(stock)
    for want in sorted(wants, key=_turn):
        if want.job_id != job_id:
            shelves[want.part_id].take(want.amounts.held_milli, want.due_on)
    return {part_id: shelf.there(due_on) for part_id, shelf in shelves.items()}


def unmet(wants: Iterable[Want], stock: Stock) -> dict[int, int]:
    """Job to how much of what it holds is not there, over all its parts; the last due lack first.

    What lies in a kit is there for its job before all that is reserved.
    """
    shelves, lacking = _shelves(stock), defaultdict[int, int](int)
    queue = sorted(wants, key=_turn)
    for want in queue:
        shelves[want.part_id].take(want.amounts.lying_milli, want.due_on)
    for want in queue:
        reserved = want.amounts.held_milli - want.amounts.lying_milli
        lacking[want.job_id] += reserved - shelves[want.part_id].take(reserved, want.due_on)
    return {job_id: milli for job_id, milli in lacking.items() if milli}


def judge(
    wants: Sequence[Want], stock: Stock, arrivals: Iterable[Arrival]
) -> dict[int, JobReadiness]:
    """How ready each job is: what comes goes to those who lack it, in the order of their days."""
    got = serve(wants, stock)
    lines = _lines(arrivals)
    missing: defaultdict[int, list[Missing]] = defaultdict(list)
    for want in sorted(wants, key=_turn):
        short = want.amounts.left_milli - got[want.job_id, want.part_id]
        if want.certain and short > 0:
            missing[want.job_id].append(_expected(want.part_id, short, lines[want.part_id]))
    jobs = dict.fromkeys(want.job_id for want in wants)
    return {job_id: _judged(tuple(missing[job_id])) for job_id in jobs}


class _Shelf:
    """What is left of one part while it is given out."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        by_day = defaultdict[date, int](int)
        for last_on, milli in batches:
            by_day[last_on or date.max] += milli
        self._left: dict[date, int] = {}
        missing = -sum(milli for milli in by_day.values() if milli < 0)
        for day in sorted(by_day, reverse=True):
            there = max(0, by_day[day])
            self._left[day] = there - min(there, missing)
            missing -= min(there, missing)
        self._days = sorted(self._left)

    def there(self, due_on: date | None) -> int:
        """What is left that can be used on a day, or at once (None)."""
        return sum(milli for day, milli in self._left.items() if due_on is None or day >= due_on)

    def take(self, wanted_milli: int, due_on: date | None) -> int:
        """Take so much of that, or all of it; what expires first goes first."""
        left = wanted_milli
        for day in self._days if left > 0 else ():
            if due_on is None or day >= due_on:
                taken = min(left, self._left[day])
                self._left[day] -= taken
                left -= taken
        return wanted_milli - left


def _shelves(stock: Stock) -> defaultdict[int, _Shelf]:
    shelves = defaultdict[int, _Shelf](lambda: _Shelf(()))
    shelves.update((part_id, _Shelf(batches)) for part_id, batches in stock.items())
    return shelves


def _served(
    wants: Iterable[Want], stock: Stock
) -> tuple[dict[tuple[int, int], int], defaultdict[int, _Shelf]]:
    """What each (job, part) gets, and what is left after that."""
    got: dict[tuple[int, int], int] = {}
    shelves, queue = _shelves(stock), sorted(wants, key=_turn)
    given = [shelves[want.part_id].take(want.amounts.lying_milli, want.due_on) for want in queue]
    for want, lying in zip(queue, given, strict=True):
        reserved = want.amounts.held_milli - want.amounts.lying_milli
        held = lying + shelves[want.part_id].take(reserved, want.due_on)
        got[want.job_id, want.part_id] = min(held, want.amounts.left_milli)
    for want in queue:
        key = (want.job_id, want.part_id)
        lacks = want.amounts.left_milli - got[key] if want.certain else 0
        got[key] += shelves[want.part_id].take(lacks, want.due_on)
    return got, shelves


def _turn(want: Want) -> tuple[date, int]:
    return (want.due_on or date.max, want.job_id)


def _lines(arrivals: Iterable[Arrival]) -> defaultdict[int, list[Arrival]]:
    """What is coming of each part, the first to come last in its list."""
    lines: defaultdict[int, list[Arrival]] = defaultdict(list)
    for arrival in sorted(arrivals, key=lambda one: one.expected_on or date.max, reverse=True):
        lines[arrival.part_id].append(arrival)
    return lines


def _expected(part_id: int, short_milli: int, lines: list[Arrival]) -> Missing:
    """Take what is missing from the next that come; without enough, it has no day."""
    left, expected_on = short_milli, None
    while left > 0 and lines:
        line = lines.pop()
        taken = min(left, line.quantity_milli)
        left, expected_on = left - taken, line.expected_on
        if taken < line.quantity_milli:
            lines.append(line._replace(quantity_milli=line.quantity_milli - taken))
    return Missing(part_id, short_milli, None if left else expected_on, is_coming=not left)


def _judged(missing: tuple[Missing, ...]) -> JobReadiness:
    if not missing:
        return JobReadiness(Readiness.READY)
    coming = all(one.is_coming for one in missing)
    return JobReadiness(Readiness.WAITING if coming else Readiness.SHORT, missing)
