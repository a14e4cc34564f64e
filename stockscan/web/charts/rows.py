"""Things compared, one below the other: as bars, or as points on a line; each with its number."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from stockscan.web.charts.scale import PLAIN, Level, Look, Scale
from stockscan.web.charts.shapes import (
    Box,
    Chart,
    Dot,
    Drawing,
    Path,
    Words,
    chart,
    cut,
    room,
    said,
)

_ROW: Final = 31
_TALL: Final = 18
_NAMES: Final = 0.4  # of the width, at most


class Bar(NamedTuple):
    """One thing: its name, its number, how this is written, and "set", "warn" or "stop" if so."""

    name: str
    value: int
    text: str
    kind: str = ""


Mark = Callable[[Drawing, Bar, Scale, float], None]


def bars(title: str, rows: Sequence[Bar], look: Look = PLAIN) -> Chart:
    """A bar for each thing, in the given order; the look's level is a line across them."""
    return _compared(title, rows, look, _bar)


def dots(title: str, rows: Sequence[Bar], look: Look = PLAIN) -> Chart:
    """A point on a line for each thing: where how far apart they are says more than how much."""
    return _compared(title, rows, look, _point)


def _compared(title: str, rows: Sequence[Bar], look: Look, mark: Mark) -> Chart:
    more = [level.name for level in look.levels]
    label = said(title, [row.name for row in rows], [row.text for row in rows], *more)

    def draw(width: int) -> Drawing:
        return _drawn(width, rows, look, mark)

    return chart(title, label, draw, note=look.note, wide=look.wide)


def _drawn(width: int, rows: Sequence[Bar], look: Look, mark: Mark) -> Drawing:
    left = min(room([row.name for row in rows]), _NAMES * width) + 12
    right = width - room([row.text for row in rows]) - 14
    highest = max([1, *(row.value for row in rows), *(level.value for level in look.levels)])
    scale = Scale(0, highest, left, max(right, left + 20))
    foot = 18 if look.levels else 0
    drawing = Drawing(width, _ROW * len(rows) + foot)
    for level in look.levels:
        _across(drawing, level, scale)
    for at, row in enumerate(rows):
        y = at * _ROW + 4.0
        mark(drawing, row, scale, y)
        end = scale.at(max(row.value, 0))
        drawing.words.append(Words("", 0, y + 14, cut(row.name, left - 12)))
        drawing.words.append(Words("strong", end + 9, y + 14, row.text))
    return drawing


def _bar(drawing: Drawing, row: Bar, scale: Scale, y: float) -> None:
    long = max(scale.at(max(row.value, 0)) - scale.start, 1)
    drawing.boxes.append(Box(f"bar {row.kind}".strip(), scale.start, y, round(long, 1), _TALL))


def _point(drawing: Drawing, row: Bar, scale: Scale, y: float) -> None:
    middle, end = y + _TALL / 2, scale.at(max(row.value, 0))
    drawing.paths.append(Path("grid", f"M{scale.start:g} {middle:g}H{end:g}"))
    drawing.dots.append(Dot(f"dot {row.kind or 'ink'}", end, middle, 5))


def _across(drawing: Drawing, level: Level, scale: Scale) -> None:
    """The level as a line down the rows, its name below."""
    x, foot = scale.at(level.value), drawing.height - 16
    drawing.paths.append(Path("median", f"M{x:g} 0V{foot}"))
    half = room([level.name]) / 2
    middle = min(max(x, half), drawing.width - half)
    drawing.words.append(Words("", round(middle, 1), drawing.height - 3, level.name, "middle"))
