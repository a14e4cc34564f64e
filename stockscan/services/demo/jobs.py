"""The jobs of the sample's year: services, repairs and breakdowns, and how the year ends.

It ends with work planned and bought ahead: some of it ready, some short of parts, some on its way,
with faults that somebody reported this morning and a machine that nobody needs any more.
"""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any, Final, Protocol

from stockscan.domain.figures import MILLI
from stockscan.services.demo.catalogue import Machine, table

# The models whose services are jobs of a plan.
SERVICED: Final = frozenset(
    row["model"] for row in table("plans") if row["name"].startswith("Serv")
)
REPORTERS: Final = ("vera", "katerina", "juergen", "dana", "tomasz")
WHAT: Final = ("Strange noise", "Does not start", "Leaks", "Something broke off", "Stops by itself")
# A machine that was given away, and how many days before the end.
GONE: Final = "SC-01"
GONE_DAYS: Final = 70
# What is reported on the last day: the machine, what is wrong, who says so, whether it stands.
REPORTED: Final = (
    ("RT-02", "Leaks oil at the lift cylinder", "katerina", True),
    ("FL-04", "Horn is dead", "vera", False),
    ("PT-13", "Strange noise from the load wheels", "juergen", False),
)
# Days before the end on which work is planned ahead, parts are asked for and bought, and come.
PLANNED_DAYS: Final = (12, 1)
ASKED: Final = {
    32: (("BAT-24V", "2"),),
    14: (("HF6553", "24"), ("EF3314", "40"), ("OIL-15W40", "208"), ("STRAP-16", "6")),
}
BOUGHT_DAYS: Final = (31, 11)
CAME_DAY: Final = 5


class Year(Protocol):
    """What of the year the jobs need: its day, its dice, and the way to tell what happens."""

    day: int
    days: int
    random: Random
    stock: dict[tuple[str, str], int]

    def tell(self, who: str, kind: str, **fields: Any) -> str:
        """Add an event some seconds after the one before; returns its name."""

    def wait(self, least_min: int, most_min: int) -> None:
        """Let time pass."""


class Jobs:
    """Thinks up the jobs of a year; a job goes by the name of the event that made it."""

    def __init__(self, year: Year) -> None:
        self.year = year

    def service(self, technician: str, machine: Machine) -> str:
        """A service begins."""
        plan = next(row for row in table("plans") if row["model"] == machine.model)
        return self.year.tell("marco", "create_job", asset=machine.tag, title=plan["name"],
                              assigned=technician)  # fmt: skip

    def fault(self, technician: str, machine: Machine, *, stands: bool = False) -> str:
        """Somebody says that something is wrong, and somebody comes."""
        random = self.year.random
        reporter = random.choice([name for name in REPORTERS if name != technician])
        job = self.year.tell(reporter, "report_fault", asset=machine.tag,
                             what=random.choice(WHAT), stands=stands)  # fmt: skip
        self.year.wait(*((90, 300) if stands else (10, 60)))
        return job

    def finish(self, technician: str, job: str, minutes: int, **said: str) -> None:
        """The job is done."""
        self.year.tell(technician, "finish_job", job=job, minutes=minutes, **said)

    def planned(self) -> Iterator[Callable[[], object]]:
        """What happens on a fixed day before the end."""
        left = self.year.days - self.year.day
        if left == GONE_DAYS:
            yield self._give_away
        if left in PLANNED_DAYS:
            yield partial(self.year.tell, "ines", "plan_ahead")
        if left in ASKED:
            yield partial(self.year.tell, "marco", "ask_for", parts=ASKED[left])
        if left in BOUGHT_DAYS:
            yield self._buy
        if left == CAME_DAY:
            yield self._come_in
        if left == 0:
            yield self._this_morning

    def _give_away(self) -> None:
        self.year.stock["SQ-B120", "C-02-3"] -= 2 * MILLI
        self.year.tell("ines", "set_status", asset=GONE, status="retired",
                       reason="The sweeper does its work")  # fmt: skip
        self.year.tell("marco", "dispose", part="SQ-B120", location="C-02-3", quantity="2",
                       how="sold", proceeds="40.00", recipient="Harms")  # fmt: skip

    def _buy(self) -> None:
        self.year.tell("ines", "approve_orders")
        self.year.tell(
            "marco", "place_orders", leave=1 if self.year.days - self.year.day < 20 else 0
        )

    def _come_in(self) -> None:
        """The order that is late stays late; of the others one comes, and half of another."""
        self.year.tell("marco", "take_in", order=1, percent=100)
        self.year.tell("marco", "take_in", order=1, percent=50)
        self.year.tell("lukas", "do_jobs", jobs=2)

    def _this_morning(self) -> None:
        self.year.tell("ines", "hand_out", to="dana", jobs=4)
        self.year.tell("ines", "hand_out", to="tomasz", jobs=2)
        self.year.tell("marco", "keep_kits", jobs=3)
        for asset, what, who, stands in REPORTED:
            self.year.tell(who, "report_fault", asset=asset, what=what, stands=stands)
        self.year.tell("dana", "ask_for", parts=(("BAT-12V", "2"),))
