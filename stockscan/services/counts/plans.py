"""What somebody wants counted, and what opening it made."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stockscan.domain.counts import Tolerance
from stockscan.domain.counts.scope import Scope
from stockscan.domain.figures import E4, MINOR
from stockscan.store.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants counted, by whom, and how it is judged.

    `counters` are people, by id, who share the way; empty means whoever comes. With `independent`
    two people count each record on their own. A `tolerance` of None is the company's. `draft`
    keeps the plan for later: nothing is to be counted before it is started.
    """

    name: str = ""
    scope: Scope = field(default_factory=Scope)
    counters: tuple[int, ...] = ()
    independent: bool = False
    blind: bool = True
    max_attempts: int = 2
    tolerance: Tolerance | None = None
    posts_itself: bool = False
    due_on: date | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A count that is there now: its name on the sheets, how much it is, and what it leaves out.

    `left_out` records were not taken because the same person has them to count already.
    """

    id: str
    number: int
    code: str
    state: str
    lines: int
    places: int
    left_out: int = 0

    @property
    def called(self) -> str:
        """How people call it, as CC-118."""
        return f"CC-{self.number}"

    def json(self) -> dict[str, Any]:
        """As the API says it."""
        return {"id": self.id, "number": self.called, "code": self.code, "state": self.state}


def usual_tolerance(settings: Settings) -> Tolerance:
    """How far a count may lie off by the company's settings."""
    minor = settings.count_tolerance_minor
    return Tolerance(
        absolute_milli=settings.count_tolerance_milli,
        basis_points=(
            ("A", settings.count_tolerance_a_bp),
            ("B", settings.count_tolerance_b_bp),
            ("C", settings.count_tolerance_c_bp),
        ),
        value_e4=None if minor is None else minor * (E4 // MINOR),
    )
