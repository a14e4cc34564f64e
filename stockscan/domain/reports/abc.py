"""The usage curve: parts by what was used of them, and what share of all they make up together."""

from collections.abc import Mapping
from dataclasses import dataclass

from stockscan.domain.counts.classes import classes
from stockscan.domain.figures import divide


@dataclass(frozen=True, slots=True)
class Ranked:
    """A part number on the curve: what was used of it, and the share of all up to and with it."""

    number: str
    used_e4: int
    share_bp: int
    together_bp: int
    abc_class: str


def ranked(used_e4: Mapping[str, int]) -> list[Ranked]:
    """What was used, the most first (ties by number), with the classes that follow from it.

    What was not used at all has no place on the curve. Survey 4.3.
    """
    found, before = [], 0
    used = {number: value for number, value in used_e4.items() if value > 0}
    total, classed = sum(used.values()), classes(used)
    for number, value in sorted(used.items(), key=lambda pair: (-pair[1], pair[0])):
        before += value
        share, together = (divide(each * 10_000, total) for each in (value, before))
        found.append(Ranked(number, value, share, together, classed[number]))
    return found
