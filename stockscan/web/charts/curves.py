"""A curve of shares: how much of the whole the first so many make up, and where it is cut."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from stockscan.web.charts.scale import Scale
from stockscan.web.charts.shapes import Chart, Drawing, Path, Words, chart

_HEIGHT: Final = 228
_TOP, _BOTTOM = 12.0, 184.0
_WHOLE: Final = 10_000
_MOST: Final = 200


class Cut(NamedTuple):
    """Where a part of the curve ends, in basis points of the width, and what it is called."""

    at_bp: int
    name: str


def curve(
    title: str,
    points: Sequence[tuple[int, int]],
    cuts: Sequence[Cut],
    *,
    label: str,
    across: str,
    note: str = "",
) -> Chart:
    """Shares in basis points (along, up), ascending, across a desk; `across` names the axis below.

    `label` says what the curve shows, for who can't see it.
    """

    def draw(width: int) -> Drawing:
        return _drawn(width, _thinned(points), cuts, across)

    return chart(title, label, draw, note=note, wide=True)


def _drawn(
    width: int, points: Sequence[tuple[int, int]], cuts: Sequence[Cut], across: str
) -> Drawing:
    left, drawing = 44.0, Drawing(width, _HEIGHT)
    over, up = Scale(0, _WHOLE, left, width - 22), Scale(0, _WHOLE, _BOTTOM, _TOP)
    for share in range(0, _WHOLE + 1, 2_500):
        y = up.at(share)
        drawing.paths.append(Path("grid", f"M{left:g} {y:g}H{width - 22}"))
        drawing.words.append(Words("", left - 8, y + 4, str(share // 100), "end"))
        drawing.words.append(Words("", over.at(share), _BOTTOM + 20, str(share // 100), "middle"))
    before = 0
    for part in cuts:
        x, middle = over.at(part.at_bp), over.at((before + part.at_bp) / 2)
        if part.at_bp < _WHOLE:
            drawing.paths.append(Path("median", f"M{x:g} {_TOP:g}V{_BOTTOM:g}"))
        drawing.words.append(Words("strong", middle, _BOTTOM - 8, part.name, "middle"))
        before = part.at_bp
    turns = "".join(f"L{over.at(along):g} {up.at(share):g}" for along, share in points)
    drawing.paths.append(Path("line", f"M{over.at(0):g} {up.at(0):g}{turns}"))
    drawing.words.append(Words("", (left + width - 22) / 2, _HEIGHT - 6, across, "middle"))
    return drawing


def _thinned(points: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """No more points than can be seen; the steep beginning keeps all of its own."""
    step = max(len(points) // _MOST, 1)
    last = len(points) - 1
    return [p for at, p in enumerate(points) if at < _MOST or at % step == 0 or at == last]
