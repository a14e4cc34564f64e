"""In which order somebody walks past places: through the tree, A-2 before A-10."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")

# What a name is sorted by: numbers by their value, letters without their case.
Step = tuple[tuple[int, int, str], ...]


def natural(name: str) -> Step:
    """What to sort a name by, so that A-2 comes before A-10."""
    return tuple(_step(piece) for piece in _DIGITS.split(name) if piece)


def walking_order(tree: Mapping[int, tuple[int | None, str]], wanted: Iterable[int]) -> list[int]:
    """The wanted places in walking order; `tree` says the parent and the name of every place."""
    known: dict[int, tuple[Step, ...]] = {}

    def path(place_id: int) -> tuple[Step, ...]:
        if place_id not in known:
            parent_id, name = tree[place_id]
            around = () if parent_id is None else path(parent_id)
            known[place_id] = (*around, natural(name))
        return known[place_id]

    return sorted(wanted, key=lambda place_id: (path(place_id), place_id))


def shares(weights: Iterable[int], people: int) -> list[int]:
    """Who of so many people takes each of some stretches, in order, so that all have as much.

    Everyone gets one stretch of the way, as even as the weights allow.
    """
    listed = list(weights)
    total, passed, taken = sum(listed), 0, []
    for weight in listed:
        # By the middle of the stretch: the last one is never given to nobody.
        taken.append((2 * passed + weight) * people // (2 * total) if total else 0)
        passed += weight
    return taken


def _step(piece: str) -> tuple[int, int, str]:
    if piece[0] in "0123456789":
        digits = piece.lstrip("0")
        return (0, len(digits), digits)
    return (1, 0, piece.casefold())
