"""The year of the sample warehouse: every movement, thought up from a fixed seed, nothing stored.

The same start and end always give the same history, so playing it again changes nothing.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from stockscan.domain.figures import E4, MILLI, divide, format_cost, format_quantity, from_us
from stockscan.services.demo.catalogue import Machine, Stocked, Usual, machines, stocked
from stockscan.services.demo.clocks import readings
from stockscan.services.demo.events import Event
from stockscan.services.demo.jobs import GONE, PLANNED_DAYS, SERVICED, Jobs
from stockscan.services.demo.marks import Marks
from stockscan.services.demo.stocktaking import Stocktaking

# The name of the event that ends every history.
LAST: Final = "history/end"
SEED: Final = 20_260_307
SECOND_US: Final = 1_000_000
HOUR_US: Final = 3600 * SECOND_US
DAY_US: Final = 24 * HOUR_US
SUNDAY: Final = 6
MONDAY: Final = 0

TECHNICIANS: Final = ("dana", "tomasz", "jiri", "priya", "lukas")
STOREKEEPERS: Final = ("marco", "agnieszka")
# What is used up at the packing tables and docks, and how much of it at once.
USED_UP: Final = {
    "Consumables": (2, 12), "Fasteners": (5, 40), "Cleaning": (1, 2), "IT and labels": (1, 3),
    "Fluids": (1, 5), "Electrical": (1, 8), "Machine tool": (1, 1),
}  # fmt: skip
REASONS: Final = ("Packing tables", "Dock supplies", "Workshop use", "Cleaning round", "Set up")
OVERFLOW: Final = ("E-01-1", "E-01-2", "E-01-3", "E-02-1", "E-02-2", "E-02-3", "D-03-3")
LENT: Final = ("TW-01", "TW-02", "TW-03", "TW-04", "LT-05", "LP-03", "PT-13", "PT-14")
DOCKS: Final = ("Dock 1", "Dock 2", "Dock 3", "Dock 4", "Charging station", "Workshop")
PARKED: Final = ("FL-01", "FL-02", "FL-03", "FL-04", "FL-05", "FL-06", "FL-07", "RT-01", "RT-03")
LASTING: Final = (("LT-01", "ines"), ("LT-02", "marco"), ("LT-03", "vera"), ("LT-04", "agnieszka"))

# FL-07 is worn out: what broke, and after which share of the year.
WORN: Final = "FL-07"
BREAKDOWNS: Final = (
    (0.08, "TCS-22"), (0.19, "HPS-40"), (0.31, "BP-216"), (0.43, "BAT-12V"), (0.55, "MC-1244"),
    (0.68, "TCS-22"), (0.79, "HPS-40"), (0.90, "SS-074"),
)  # fmt: skip
MISTAKES: Final = (0.37, 0.72, 0.93)

# How the year ends: what is not reordered any more and what is left of it.
FROZEN_DAYS: Final = 25
LEFT: Final = {
    "HPS-40": 0, "BP-216": 1, "BAT-48V": 1, "OIL-15W40": 49, "VB-A42": 4, "STRAP-16": 3,
    "PH-203": 1, "HF6710": 1,
}  # fmt: skip
NOT_LENT_DAYS: Final = 18
LATE: Final = (("TW-02", "juergen", 8, 2), ("LT-05", "priya", 11, 3))

Job = Callable[[], object]


def history(start_us: int, end_us: int) -> list[Event]:
    """All that happened from `start_us` (opening stock) until before `end_us`, oldest first."""
    told = [*_Year(start_us, end_us).live(), *readings(start_us, end_us)]
    return sorted(told, key=lambda event: event.at_us)


class _OverError(Exception):
    """The end of the history is reached."""


class _Year:
    """Keeps the stock in mind while it makes up the days, so that nobody takes what is not there.

    Stock is in thousandths by part and bin; `self.now_us` only ever grows.
    """

    def __init__(self, start_us: int, end_us: int) -> None:
        self.random = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.start_us, self.now_us, self.end_us = start_us, start_us, end_us
        self.day, self.days = 0, max(1, (end_us - start_us) // DAY_US)
        self.events: list[Event] = []
        self.parts = {part.number: part for part in stocked()}
        self.machines = {machine.tag: machine for machine in machines()}
        self.stock: dict[tuple[str, str], int] = {}
        self.marks = Marks()
        self.stocktaking = Stocktaking(self)
        self.jobs = Jobs(self)
        self.price_e4 = {part.number: part.cost_e4 for part in stocked()}
        self.arriving: dict[str, int] = {}
        self.back_on: dict[str, int] = {}
        self.services: dict[str, int] = {}

    def live(self) -> list[Event]:
        """Live through all days; what the end cuts off never happened."""
        self._open()
        try:
            for day in range(1, self.days + 1):
                self.day = day
                self._live_day()
        except _OverError:
            pass
        fields = {"asset": WORN, "location": "Dock 4", "note": "Mast drifts under load"}
        return [*self.events, Event(LAST, self.end_us, "marco", "move_asset", fields)]

    # --- days ---------------------------------------------------------------------------------

    def _open(self) -> None:
        for part in self.parts.values():
            self._receive(part, part.opening_milli, note="Opening stock")
        for tag, person in LASTING:
            self.tell("marco", "check_out", asset=tag, to_person=person)
        self.tell("marco", "check_out", asset="TB-01", to_asset="RT-01", note="Mounted in the cab")

    def _live_day(self) -> None:
        opens_us, closes_us = self._hours()
        jobs = list(self._jobs(from_us(opens_us).date()))
        times = sorted(self.random.randrange(opens_us, closes_us) for _ in jobs)
        for at_us, job in zip(times, jobs, strict=True):
            self.now_us = max(self.now_us, at_us)
            job()

    def _hours(self) -> tuple[int, int]:
        """The working hours of the day; the last day works until now."""
        if self.day == self.days:
            return self.end_us - 8 * HOUR_US, self.end_us - HOUR_US // 4
        midnight_us = (self.start_us // DAY_US + self.day) * DAY_US
        return midnight_us + 5 * HOUR_US, midnight_us + 15 * HOUR_US

    def _jobs(self, today: date) -> Iterator[Job]:
        """What is to be done today, in the order in which it is done."""
        yield from self._planned()
        yield from self.stocktaking.jobs(today)
        yield from self.jobs.planned()
        if today.weekday() == SUNDAY and self.day != self.days:
            return
        yield from self._returns()
        yield from self._deliveries()
        for machine in self.machines.values():
            if self._is_due(machine, today):
                yield partial(self._service, machine)
        chances = (
            (0.10, self._repair), (0.60, self._use_up), (0.25, self._use_up),
            (0.20, self._transfer), (0.27, partial(self._lend, today)), (0.10, self._park),
        )  # fmt: skip
        yield from (job for chance, job in chances if self.random.random() < chance)

    def _planned(self) -> Iterator[Job]:
        """What happens on a fixed day of any year."""
        yield from (
            partial(self._break_down, number)
            for share, number in BREAKDOWNS
            if self._is(int(share * self.days))
        )
        if any(self._is(int(share * self.days)) for share in MISTAKES):
            yield self._mistake
        for tag, person, out_days, late_days in LATE:
            if self._is(self.days - out_days):
                due_on = from_us(self.end_us).date() - timedelta(late_days)
                yield partial(self.tell, "marco", "check_out", asset=tag, to_person=person,
                              due_on=due_on.isoformat())  # fmt: skip
        if self._is(self.days - 1):
            yield from (partial(self._run_short, number) for number in LEFT)
        if self.day == self.days:
            yield partial(self._service, self.machines[WORN], "dana")
            yield from (self._use_up, self._repair, self._use_up)

    def _is(self, day: int) -> bool:
        """Whether a planned day is today; a short history has all that lies before it on day 1."""
        return self.day == max(1, day)

    def _returns(self) -> Iterator[Job]:
        for tag in [tag for tag, due in self.back_on.items() if due <= self.day]:
            del self.back_on[tag]
            yield partial(self.tell, "marco", "check_in", asset=tag, location="Workshop",
                          condition=4)  # fmt: skip

    def _deliveries(self) -> Iterator[Job]:
        for number in [number for number, due in self.arriving.items() if due <= self.day]:
            del self.arriving[number]
            part = self.parts[number]
            if not (number in LEFT and self.day > self.days - FROZEN_DAYS):
                yield partial(self._receive, part, part.order_milli)

    def _is_due(self, machine: Machine, today: date) -> bool:
        """Whether its service is today; what falls on a Sunday is done on Monday."""
        if not machine.service_days:
            return False
        days_since = self._turn_of(machine) % machine.service_days
        return days_since == 0 or (days_since == 1 and today.weekday() == MONDAY)

    def _turn_of(self, machine: Machine) -> int:
        """The day by the machine's own calendar: not all are serviced at once."""
        return self.day + 13 * list(self.machines).index(machine.tag)

    # --- jobs ---------------------------------------------------------------------------------

    def _service(self, machine: Machine, technician: str = "") -> None:
        """A service by the parts list; a job, where the model has a plan for it."""
        number = self.services[machine.tag] = self.services.get(machine.tag, 0) + 1
        technician = technician or self.random.choice(TECHNICIANS)
        if machine.model in SERVICED and self.days - self.day <= PLANNED_DAYS[0]:
            return  # it is planned by then
        job = self.jobs.service(technician, machine) if machine.model in SERVICED else ""
        for usual in machine.usual:
            if usual.every and number % usual.every == 0:
                self._install(technician, machine, usual, f"Service {number}", job)
        if job:
            self.jobs.finish(technician, job, self.random.randint(45, 110))

    def _repair(self) -> None:
        """Something broke that no service would have replaced."""
        machine = self.random.choice([
            each for tag, each in self.machines.items() if tag not in (WORN, GONE)
        ])  # fmt: skip
        usual = self.random.choice([usual for usual in machine.usual if not usual.every])
        technician = self.random.choice(TECHNICIANS)
        if self.parts[usual.part].cost_e4 > 500 * E4:
            return
        job = self.jobs.fault(technician, machine)
        mark = self._install(technician, machine, usual, "Repair", job)
        self.jobs.finish(technician, job, self.random.randint(20, 150), cause="Wear")
        if mark is not None and self.random.random() < 0.15:
            self.wait(20, 60)
            part = self.parts[usual.part]
            self._put(part, part.bin, usual.quantity_milli)
            self.marks.coming_back(part, mark, usual.quantity_milli)
            self.tell(technician, "return_part", asset=machine.tag, part=usual.part,
                       quantity=format_quantity(usual.quantity_milli), location=part.bin,
                       condition=5, note="Was not needed after all", **mark)  # fmt: skip

    def _break_down(self, number: str) -> None:
        machine = self.machines[WORN]
        usual = next(usual for usual in machine.usual if usual.part == number)
        technician = self.random.choice(TECHNICIANS)
        job = self.jobs.fault(technician, machine, stands=True)
        self._install(technician, machine, usual, "Repair", job)
        self.jobs.finish(technician, job, self.random.randint(60, 240), cause="Damage")

    def _install(
        self, who: str, machine: Machine, usual: Usual, note: str, job: str
    ) -> dict[str, str] | None:
        """Install a part if it is there; the lot or serial that was taken, None if it is not."""
        part = self.parts[usual.part]
        mark = self._take(part, part.bin, usual.quantity_milli)
        if mark is not None:
            self.tell(who, "install", asset=machine.tag, part=usual.part, note=note,
                      quantity=format_quantity(usual.quantity_milli), **mark,
                      **({"work": job} if job else {}))  # fmt: skip
        return mark

    def _use_up(self) -> None:
        part = self.random.choice([
            part for part in self.parts.values() if part.category in USED_UP
        ])  # fmt: skip
        least, most = USED_UP[part.category]
        self._issue(part, self.random.randint(least, most) * MILLI, self.random.choice(REASONS))

    def _issue(self, part: Stocked, quantity_milli: int, reason: str) -> None:
        at = self.random.choice([
            bin_ for number, bin_ in self.stock if number == part.number
        ])  # fmt: skip
        mark = self._take(part, at, quantity_milli)
        if mark is not None:
            self.tell(self.random.choice(STOREKEEPERS), "issue", part=part.number, location=at,
                       quantity=format_quantity(quantity_milli), reason=reason,
                       **mark)  # fmt: skip

    def _transfer(self) -> None:
        """Overstock goes to Bremen, or comes back to the bin where everyone looks for it."""
        number, source = self.random.choice(self._unmarked())
        part = self.parts[number]
        # Only a part of it, in whole units.
        quantity_milli = self.stock[number, source] // MILLI // 3 * MILLI
        target = self.random.choice(OVERFLOW) if source == part.bin else part.bin
        if not quantity_milli or part.unit != "pcs":
            return
        if self._take(part, source, quantity_milli) is not None:
            self._put(part, target, quantity_milli)
            self.tell(self.random.choice(STOREKEEPERS), "transfer", part=number,
                       from_location=source, to_location=target,
                       quantity=format_quantity(quantity_milli))  # fmt: skip

    def _receive(self, part: Stocked, quantity_milli: int, **said: str) -> None:
        """Goods come in at a price that creeps up, in whole cents."""
        percent = self.random.randint(990, 1024)
        self.price_e4[part.number] = max(
            100, divide(self.price_e4[part.number] * percent, 1000 * 100) * 100
        )
        self._put(part, part.bin, quantity_milli)
        for fields in self.marks.arriving(part, quantity_milli, from_us(self.now_us).date()):
            self.tell("marco", "receive", part=part.number, location=part.bin,
                       unit_cost=format_cost(self.price_e4[part.number]), **fields,
                       **said)  # fmt: skip

    def _mistake(self) -> None:
        """Ten times too many typed in, noticed, taken back and done right."""
        part = self.random.choice([part for part in self.parts.values() if part.abc_class == "C"])
        wrong = self.tell("marco", "receive", part=part.number, location=part.bin,
                           quantity=format_quantity(10 * part.order_milli),
                           unit_cost=format_cost(self.price_e4[part.number]))  # fmt: skip
        self.wait(1, 3)
        self.tell("marco", "reverse", operation=wrong, note="One zero too many")
        self._receive(part, part.order_milli)

    def _lend(self, today: date) -> None:
        """A tool goes out for some days; the ones that will be late at the end stay in before."""
        late = {tag for tag, *_ in LATE} if self.day > self.days - NOT_LENT_DAYS else set()
        free = [tag for tag in LENT if tag not in self.back_on and tag not in late]
        if not free:
            return
        tag, for_days = self.random.choice(free), self.random.randint(1, 5)
        self.back_on[tag] = self.day + for_days
        self.tell("marco", "check_out", asset=tag, to_person=self.random.choice(TECHNICIANS),
                   due_on=(today + timedelta(for_days)).isoformat())  # fmt: skip

    def _park(self) -> None:
        tag, dock = self.random.choice(PARKED), self.random.choice(DOCKS)
        self.tell(self.random.choice(STOREKEEPERS), "move_asset", asset=tag, location=dock)

    # --- stock --------------------------------------------------------------------------------

    def _run_short(self, number: str) -> None:
        """Use a part up to what shall be left of it, so that there is something to reorder."""
        part = self.parts[number]
        for (held, at), quantity_milli in list(self.stock.items()):
            left_milli = LEFT[number] * MILLI if at == part.bin else 0
            if held == number and quantity_milli > left_milli:
                self._take(part, at, quantity_milli - left_milli)
                self.tell("marco", "issue", part=number, location=at, reason="Repairs in Bremen",
                           quantity=format_quantity(quantity_milli - left_milli))  # fmt: skip

    def _put(self, part: Stocked, at: str, quantity_milli: int) -> None:
        self.stock[part.number, at] = self.stock.get((part.number, at), 0) + quantity_milli

    def _unmarked(self) -> list[tuple[str, str]]:
        """Where parts lie that have neither lots nor serials."""
        return [(number, at) for number, at in self.stock if not self.parts[number].tracking]

    def _take(self, part: Stocked, at: str, quantity_milli: int) -> dict[str, str] | None:
        """Take something if it is there, and order more when it runs low.

        The fields that name its lot or serial; None if there is not enough.
        """
        held_milli = self.stock.get((part.number, at), 0)
        mark = self.marks.leaving(part, quantity_milli) if held_milli >= quantity_milli else None
        if mark is None:
            return None
        self.stock[part.number, at] = held_milli - quantity_milli
        left_milli = self.stock.get((part.number, part.bin), 0)
        if left_milli <= part.reorder_milli and part.number not in self.arriving:
            self.arriving[part.number] = self.day + part.lead_days + self.random.randint(0, 4)
        return mark

    # --- telling ------------------------------------------------------------------------------

    def tell(self, who: str, kind: str, **fields: Any) -> str:
        """Add an event some seconds after the one before; returns its name."""
        self.wait(0, 2)
        if self.now_us >= self.end_us:
            raise _OverError
        event = Event(f"history/{len(self.events)}", self.now_us, who, kind, fields)
        self.events.append(event)
        return event.name

    def wait(self, least_min: int, most_min: int) -> None:
        """Let time pass."""
        self.now_us += self.random.randint(least_min * 60 + 8, most_min * 60 + 50) * SECOND_US
