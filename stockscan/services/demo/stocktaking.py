"""The counts of the sample's year: a rack every third week, ever more right, and how the year ends.

It ends with a count whose lines somebody has to decide about, one that two people are at, and one
that is planned.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, Protocol

from stockscan.domain.counts import Tolerance
from stockscan.domain.figures import MILLI, format_quantity, from_us
from stockscan.services.demo.catalogue import LEVELS, Stocked, table
from stockscan.services.demo.marks import Marks

SEED: Final = 20_260_412
COUNT_DAY: Final = 1
EVERY_WEEKS: Final = 3
# Racks are taken in turn with this stride, so that every hall comes up every few counts.
STRIDE: Final = 7
# How many records are wrong at the beginning of the year, and at its end.
WRONG_AT_FIRST: Final = 0.16
WRONG_AT_LAST: Final = 0.01
COUNTERS: Final = ("marco", "tomasz", "dana", "agnieszka")
WINDOW_MS: Final = 240_000

# The count to decide about: four fork pins lie one bin further, a bolt set is gone, and somebody
# took two slide pads while they were counted.
RACK: Final = "C-04"
PIN: Final = ("FP-25", "C-04-2", "C-04-3", 4)
LOST: Final = ("LB-BACK", "C-04-3", 1)
TAKEN: Final = ("SP-MAST", "C-04-3", 2)
# The count that goes on: where it is, and how many lines each of the two has done.
RUNNING: Final = ("E-01", "E-02")
DONE: Final = {"marco": 4, "dana": 2}


class Year(Protocol):
    """What of the year the counts need: its day, its stock, and the way to tell what happens."""

    day: int
    days: int
    now_us: int
    parts: dict[str, Stocked]
    stock: dict[tuple[str, str], int]
    marks: Marks

    def tell(self, who: str, kind: str, **fields: Any) -> str:
        """Add an event some seconds after the one before; returns its name."""

    def wait(self, least_min: int, most_min: int) -> None:
        """Let time pass."""


class Stocktaking:
    """Thinks up the counts of a year, rack by rack."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.random = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.racks = [rack for place in table("places") for rack in place["racks"].split()]
        self.taken = 0

    def jobs(self, today: date) -> Iterator[partial[None]]:
        """What is counted today."""
        left_days = self.year.days - self.year.day
        is_turn = today.isocalendar().week % EVERY_WEEKS == 0
        if today.weekday() == COUNT_DAY and is_turn and left_days > 1:
            yield partial(self._rack)
        if self.year.day == max(1, self.year.days - 1):
            yield partial(self._to_decide)
        if left_days == 0:
            yield partial(self._running)

    def _rack(self) -> None:
        """One rack is counted blind; who counts again agrees, and Ines decides."""
        self.taken += 1
        rack = self.racks[self.taken * STRIDE % len(self.racks)]
        first, second = self.random.sample(COUNTERS, 2)
        count = self._plan(f"Rack {rack}", (rack,), (first,))
        again: list[tuple[str, str, int]] = []
        for number, at in self._keys_of(rack):
            off_milli = self._off()
            self._say(count, first, number, at, off_milli)
            if self._needs_more(number, at, off_milli):
                again.append((number, at, off_milli))
            else:
                self.year.stock[number, at] = self._counted_milli(number, at, off_milli)
        self._end(count)
        for number, at, off_milli in again:
            self._say(count, second, number, at, off_milli)
            self.year.stock[number, at] = self._counted_milli(number, at, off_milli)
        if again:
            self.year.wait(20, 90)
            self.year.tell("ines", "approve", count=count)

    def _to_decide(self) -> None:
        """Two people count one rack on their own, while it is worked with."""
        count = self._plan("Mast and forks, Hall 2", (RACK,), ("marco", "tomasz"), independent=True)
        number, at, next_door, pins = PIN
        off = {(number, at): -pins, (LOST[0], LOST[1]): -LOST[2]}
        for who in ("marco", "tomasz"):
            for key in self._keys_of(RACK):
                if who == "tomasz" and key == TAKEN[:2]:
                    self._take_meanwhile()
                window: dict[str, Any] = {"window_ms": WINDOW_MS} if key == TAKEN[:2] else {}
                self._say(count, who, *key, off_milli=off.get(key, 0) * MILLI, **window)
            self.year.tell(who, "count", part=number, location=next_door, quantity=str(pins),
                           count=count)  # fmt: skip
        self._end(count)

    def _take_meanwhile(self) -> None:
        number, at, quantity = TAKEN
        self.year.stock[number, at] -= quantity * MILLI
        self.year.tell("agnieszka", "issue", part=number, location=at, quantity=str(quantity),
                       reason="Workshop use")  # fmt: skip

    def _running(self) -> None:
        """Two people are at it; the next one is planned."""
        count = self._plan("Packing and cleaning, Bremen", RUNNING, tuple(DONE))
        for who, lines in DONE.items():
            self.year.tell(who, "count_some", count=count, lines=lines)
        due_on = from_us(self.year.now_us).date() + timedelta(days=6)
        self._plan("Hall 1, every filter", ("B-11", "B-12"), ("marco",), draft=True,
                   due_on=due_on.isoformat())  # fmt: skip

    # --- telling ------------------------------------------------------------------------------

    def _plan(self, name: str, racks: tuple[str, ...], people: tuple[str, ...], **more: Any) -> str:
        bins = [f"{rack}-{level}" for rack in racks for level in range(1, LEVELS + 1)]
        return self.year.tell("ines", "plan_count", name=name, bins=bins, people=people, **more)

    def _say(self, count: str, who: str, number: str, at: str, off_milli: int, **more: Any) -> None:
        """Somebody counts a part in a bin, lot by lot, or its serials."""
        for said in self._numbers(number, at, off_milli):
            self.year.tell(who, "count", part=number, location=at, count=count, **said, **more)

    def _numbers(self, number: str, at: str, off_milli: int) -> Iterator[dict[str, Any]]:
        there = self.year.marks.there(number)
        tracking = self.year.parts[number].tracking
        if tracking == "serial":
            yield {"serials": list(there)} if there else {"quantity": "0"}
        elif tracking == "lot":
            for lot, left_milli in there.items():
                yield {"lot": lot, "quantity": format_quantity(left_milli)}
        else:
            yield {"quantity": format_quantity(self._counted_milli(number, at, off_milli))}

    def _end(self, count: str) -> None:
        self.year.wait(1, 5)
        self.year.tell("ines", "submit_count", count=count)

    # --- the shelf ----------------------------------------------------------------------------

    def _keys_of(self, rack: str) -> list[tuple[str, str]]:
        """What lies, or belongs, in the bins of a rack."""
        keys = {key for key, left in self.year.stock.items() if left or self._belongs(*key)}
        return sorted((key for key in keys if key[1].startswith(f"{rack}-")), key=lambda k: k[::-1])

    def _belongs(self, number: str, at: str) -> bool:
        return self.year.parts[number].bin == at

    def _counted_milli(self, number: str, at: str, off_milli: int) -> int:
        book_milli = self.year.stock[number, at]
        if self.year.parts[number].tracking:
            return book_milli
        return max(0, book_milli + off_milli)

    def _needs_more(self, number: str, at: str, off_milli: int) -> bool:
        """Whether the count is too far off to be booked by itself."""
        part, book_milli = self.year.parts[number], self.year.stock[number, at]
        variance_milli = self._counted_milli(number, at, off_milli) - book_milli
        return variance_milli != 0 and not Tolerance().allows(
            variance_milli=variance_milli,
            book_milli=book_milli,
            cost_e4=part.cost_e4,
            abc_class=part.abc_class,
        )

    def _off(self) -> int:
        """How far off the books are at one record: mostly not at all."""
        passed = self.year.day / self.year.days
        wrong = WRONG_AT_FIRST + (WRONG_AT_LAST - WRONG_AT_FIRST) * passed
        if self.random.random() >= wrong:
            return 0
        return self.random.choice((-1, -1, -2, 1)) * MILLI
