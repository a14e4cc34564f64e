"""Count sheets on paper: which lines of which bins stand on which page."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines `first` up to before `end` of a bin, on one page; the bin may go on before it."""

    bin: int
    first: int
    end: int


def cut(bins: Sequence[Sequence[int]], room: int, frame: int) -> list[list[Stretch]]:
    """Pages of bins in their order, from the height of each line.

    A bin takes `frame` besides its lines on every page that it is on. One that fits on a page is
    not torn apart; a longer one starts on a page of its own. No page is higher than `room`, unless
    a single line is.
    """
    pages: list[list[Stretch]] = []
    left = 0
    for number, heights in enumerate(bins):
        whole = frame + sum(heights)
        if whole > left:
            pages.append([])
            left = room
        first = 0
        for at, height in enumerate(heights):
            taken = frame + sum(heights[first : at + 1])
            if taken > left and at > first:
                pages[-1].append(Stretch(number, first, at))
                pages.append([])
                left, first, taken = room, at, frame + height
        pages[-1].append(Stretch(number, first, len(heights)))
        left -= frame + sum(heights[first:])
    return pages
