"""Digests: the few things that wait for somebody, kind by kind, and the letter that tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stockscan.domain.access import Actor, Permission


class Digest(StrEnum):
    """What a digest tells of."""

    LOW = "low"
    OVERDUE = "overdue"
    JOBS = "jobs"
    SHORT = "short"
    COUNTS = "counts"
    WARRANTIES = "warranties"


TITLES: Final = {
    Digest.LOW: "Low stock",
    Digest.OVERDUE: "Not brought back",
    Digest.JOBS: "Jobs overdue",
    Digest.SHORT: "Jobs short of parts",
    Digest.COUNTS: "Counts due",
    Digest.WARRANTIES: "Warranties ending",
}
# What people read about who may do something about it.
_NEEDS: Final = {Digest.COUNTS: Permission.COUNT_PLAN}
MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what it is, what is the matter, and the path of its page."""

    title: str
    detail: str
    path: str


@dataclass(frozen=True, slots=True)
class Section:
    """The first `lines` of all `total` things of a kind, and the path of the list of all."""

    kind: Digest
    lines: tuple[Line, ...]
    total: int
    path: str

    @property
    def title(self) -> str:
        """What the kind is called."""
        return TITLES[self.kind]

    @property
    def more(self) -> int:
        """How many are not among the lines."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which digests somebody wants by e-mail: each day, or on Mondays."""

    kinds: frozenset[Digest] = frozenset()
    weekly: bool = False

    def wants(self, today: date) -> bool:
        """Whether a letter is due on this day, if there is anything to tell."""
        return bool(self.kinds) and (not self.weekly or today.weekday() == MONDAY)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is sent: plain text."""

    subject: str
    text: str


def offered(actor: Actor) -> tuple[Digest, ...]:
    """The kinds that are for this person's role."""
    return tuple(kind for kind in Digest if kind not in _NEEDS or actor.may(_NEEDS[kind]))


def letter(sections: Sequence[Section], company: str, address: str, today: date) -> Letter:
    """What is sent of these sections; `address` is ours, for the links, or empty."""
    counts = ", ".join(f"{each.title.lower()} {each.total}" for each in sections)
    blocks = [f"{company}, {today:%A} {today.day} {today:%B %Y}"]
    blocks += [_block(section, address) for section in sections]
    blocks.append(f"You chose these letters. Choose others: {address}/profile")
    return Letter(f"{company}: {counts}", "\n\n".join(blocks) + "\n")


def _block(section: Section, address: str) -> str:
    lines = [f"{section.title} ({section.total})"]
    lines += [f"- {line.title}: {line.detail}" for line in section.lines]
    more = f"{section.more} more: " if section.more else ""
    return "\n".join([*lines, f"  {more}{address}{section.path}"])
