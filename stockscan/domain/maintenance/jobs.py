"""Jobs by their rules: what they are called, what is ticked off, what an hour of them costs."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from stockscan.domain.figures import MICRO, divide

# What went wrong, for who taps instead of typing: on the machine's fault page.
FAULTS: Final = (
    "Does not start",
    "Stops by itself",
    "Strange noise",
    "Leaks",
    "Something broke off",
    "Error on the display",
)
# Why it failed, for who signs off; what is typed besides stands behind a colon.
CAUSES: Final = (
    "Wear",
    "Damage",
    "Wrong use",
    "Dirt",
    "Bad part",
    "Electrical",
    "Not found",
)
LONGEST_MINUTES: Final = 100_000

_NUMBER: Final = re.compile(r"(?:J\s*-?\s*)?([0-9]{1,9})", re.IGNORECASE)
_MINUTE_US: Final = 60 * MICRO
_HOUR_US: Final = 3600 * MICRO


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of a checklist; `by` is the name of who ticked it at `at_us`, "" while open."""

    text: str
    by: str = ""
    at_us: int = 0

    @property
    def is_done(self) -> bool:
        """Whether it is ticked."""
        return bool(self.by)


def job_name(number: int) -> str:
    """What people call a job: "J-12"."""
    return f"J-{number}"


def number_in(reference: str) -> int | None:
    """The number in "J-12", "j12" or "12"; None for what is no job's name."""
    found = _NUMBER.fullmatch(reference.strip())
    return int(found[1]) if found else None


def checklist(lines: Iterable[str]) -> str:
    """A fresh checklist of these lines, as the row keeps it; empty lines are left out."""
    return encoded([Tick(line.strip()) for line in lines if line.strip()])


def encoded(ticks: Iterable[Tick]) -> str:
    """A checklist as the row keeps it."""
    return json.dumps([asdict(tick) for tick in ticks], ensure_ascii=False)


def decoded(text: str) -> list[Tick]:
    """The lines of a checklist that a row keeps."""
    return [Tick(**line) for line in json.loads(text)]


def cause_text(cause: str, words: str) -> str:
    """Why it failed, as it is kept: one of `CAUSES`, what was typed, or both."""
    return ": ".join(text for text in (cause, words.strip()) if text)


def minutes_between(from_us: int, until_us: int) -> int:
    """Whole minutes from one instant to another, rounded up: who began has worked a minute."""
    return max(0, -(-(until_us - from_us) // _MINUTE_US))


def labour_minor(minutes: int, hour_minor: int) -> int:
    """What so many minutes of work cost in cents, rounded half away from zero."""
    return divide(minutes * hour_minor, 60)


def down_minor(from_us: int, until_us: int, hour_minor: int) -> int:
    """What standing still from one instant to another cost in cents, by the hour."""
    return divide(max(0, until_us - from_us) * hour_minor, _HOUR_US)
