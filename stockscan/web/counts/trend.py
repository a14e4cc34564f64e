"""Geometry of a trend of shares: points in, coordinates out, on a grid of 468 x 168."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stockscan.domain.counts.accuracy import WHOLE
from stockscan.services.counts.accuracy import Point

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 448.0, 20.0, 140.0
_MOST_LINES: Final = 5
_MOST_NAMES: Final = 6
# Between two lines of the grid, in basis points.
_STEPS: Final = (50, 100, 200, 500, 1_000, 2_000, 2_500)


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured span: where it stands, and what it says in basis points."""

    x: float
    y: float
    share_bp: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A line chart: the grid as (y, basis points), the names below as (x, name), line and dots."""

    grid: list[tuple[float, int]]
    names: list[tuple[float, str]]
    path: str
    dots: list[Dot]
    target_y: float


def trend(points: Sequence[Point], target_bp: int) -> Trend | None:
    """The chart of what was measured; None where nothing was. Spans without a count are bridged."""
    shares = [point.measured.records_bp for point in points]
    known = [share for share in shares if share is not None]
    if not known:
        return None
    grid = _grid(min(*known, target_bp))
    low_bp = grid[0]

    def y(share_bp: int) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (share_bp - low_bp) / (WHOLE - low_bp), 1)

    across = [_x(at, len(points)) for at in range(len(points))]
    dots = [Dot(x, y(bp), bp) for x, bp in zip(across, shares, strict=True) if bp is not None]
    named = zip(across, (point.span.name for point in points), strict=True)
    return Trend(
        grid=[(y(share_bp), share_bp) for share_bp in grid],
        names=_some(list(named)),
        path="M" + "L".join(f"{dot.x} {dot.y}" for dot in dots),
        dots=dots,
        target_y=y(target_bp),
    )


def _grid(lowest_bp: int) -> list[int]:
    """Round shares from below the lowest up to 100 %, lowest first."""
    for step in _STEPS:
        low_bp = min(lowest_bp, WHOLE - step) // step * step
        lines = list(range(low_bp, WHOLE + 1, step))
        if len(lines) <= _MOST_LINES and lines[-1] == WHOLE:
            return lines
    return [0, WHOLE]


def _x(at: int, number: int) -> float:
    """A single point stands at the right end, where the newest one is."""
    return round(_RIGHT - (_RIGHT - _LEFT) * (number - 1 - at) / max(number - 1, 1), 1)


def _some(names: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """As many as fit below, the newest one among them."""
    step = -(-len(names) // _MOST_NAMES)
    return names[::-1][::step][::-1]
