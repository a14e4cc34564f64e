"""Geometry of what the server draws: numbers in, coordinates out, no words and no colours."""

from dataclasses import dataclass

from stockscan.domain.figures import E4

_LEFT, _WIDTH = 1.0, 324.0
_TICKS = 15
_STEPS = (1, 1.5, 2, 3, 4, 5, 7.5, 10)
_HEADROOM = 1.2
_SIGN_WIDTH = 7.2  # of one sign of the gauge's text, about


@dataclass(frozen=True, slots=True)
class Gauge:
    """A linear gauge on a 326 x 56 grid: filled up to the mark, and beyond it."""

    scale_e4: int
    fill_width: float
    over_width: float
    mark_x: float
    label_x: float
    ticks: list[tuple[float, bool]]


def gauge(amount_e4: int, mark_e4: int, reach_e4: int = 0) -> Gauge:
    """`amount_e4` drawn against the limit `mark_e4`; the scale ends at a round number.

    It reaches to `reach_e4` at least.
    """
    scale_e4 = _round_above(max(max(amount_e4, mark_e4, E4) * _HEADROOM, reach_e4))
    amount, mark = (_WIDTH * max(value, 0) / scale_e4 for value in (amount_e4, mark_e4))
    step = _WIDTH / _TICKS
    return Gauge(
        scale_e4=scale_e4,
        fill_width=round(min(amount, mark), 1),
        over_width=round(max(amount - mark, 0), 1),
        mark_x=round(_LEFT + mark, 1),
        label_x=round(_between_the_ends(_LEFT + mark, mark_e4, scale_e4), 1),
        ticks=[(round(_LEFT + step * index, 1), index % 5 == 0) for index in range(_TICKS + 1)],
    )


def _round_above(amount_e4: float) -> int:
    """The next round amount: 1, 1.5, 2, 3 … times a power of ten."""
    power = E4
    while power * 10 < amount_e4:
        power *= 10
    return next(int(power * step) for step in _STEPS if power * step >= amount_e4)


def _between_the_ends(x: float, mark_e4: int, scale_e4: int) -> float:
    """Where the mark's words stand without touching those at the ends."""
    half = _SIGN_WIDTH * len(f"book value {mark_e4 // E4:,}") / 2
    right = _LEFT + _WIDTH - _SIGN_WIDTH * len(f"{scale_e4 // E4:,}") - half - 8
    return max(_LEFT + _SIGN_WIDTH + half + 8, min(x, right))
