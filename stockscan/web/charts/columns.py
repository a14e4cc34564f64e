"""Columns over time, one on another where there are several series, with their sums on top."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from stockscan.web.charts.scale import PLAIN, Level, Look, Scale, marks_of, some, spread
from stockscan.web.charts.shapes import (
    SIGN,
    Box,
    Chart,
    Drawing,
    Path,
    Words,
    chart,
    room,
    said,
)

_HEIGHT: Final = 188
_BOTTOM: Final = 158.0
_LEGEND: Final = 20.0
_TOP: Final = 22.0
_WIDEST: Final = 34.0
# What colours a series by its place: the first is what one looks at.
SHADES: Final = ("set", "s2", "s3", "s4", "s5")


class Series(NamedTuple):
    """One line or colour of a chart; `values` has None where nothing is known."""

    name: str
    values: Sequence[int | None]
    kind: str = ""


def columns(
    title: str, names: Sequence[str], series: Sequence[Series], look: Look = PLAIN
) -> Chart:
    """A column for each name; several series stand on each other, their names above."""
    sums = [sum(each.values[at] or 0 for each in series) for at in range(len(names))]
    parts = [f"{one.name} {look.shown(sum(v or 0 for v in one.values))}" for one in series]
    more = [*look.compared, *(parts if len(series) > 1 else [])]
    label = said(title, names, [look.shown(total) for total in sums], *more)

    def draw(width: int) -> Drawing:
        return _drawn(width, names, series, sums, look)

    return chart(title, label, draw, note=look.note, wide=look.wide)


def _drawn(
    width: int, names: Sequence[str], series: Sequence[Series], sums: Sequence[int], look: Look
) -> Drawing:
    marks = marks_of(sums, look)
    left = room([look.marked(mark) for mark in marks]) + 10
    legend = int(_LEGEND) if len(series) > 1 else 0
    drawing = Drawing(width, _HEIGHT + legend)
    scale = Scale(marks[0], marks[-1], _BOTTOM + legend, _TOP + legend)
    middles = spread(left, width, len(names))
    grid(drawing, marks, scale, left, look)
    thick = min(_WIDEST, (width - left) / max(len(names), 1) * 0.66)
    for at, middle in enumerate(middles):
        drawing.boxes.extend(_column(series, at, middle - thick / 2, thick, scale))
    _on_top(drawing, sums, middles, scale, look)
    below(drawing, names, middles, drawing.height - 8)
    for level in look.levels:
        line_of(drawing, level, scale, left)
    if legend:
        _legend(drawing, series, left)
    return drawing


def _column(series: Sequence[Series], at: int, x: float, thick: float, scale: Scale) -> list[Box]:
    """The boxes of one column, from zero upwards; what is negative stands below the zero line."""
    boxes, above, under = [], 0, 0
    for place, one in enumerate(series):
        value = one.values[at] or 0
        start = above if value >= 0 else under
        above, under = (above + value, under) if value >= 0 else (above, under + value)
        ends = sorted((scale.at(start), scale.at(start + value)))
        if value:
            kind = one.kind or SHADES[place % len(SHADES)]
            tall = round(max(ends[1] - ends[0], 0.5), 1)
            boxes.append(Box(f"bar {kind}", round(x, 1), ends[0], round(thick, 1), tall))
    return boxes


def grid(drawing: Drawing, marks: Sequence[int], scale: Scale, left: float, look: Look) -> None:
    """A hairline and its number for each mark; zero stands out where something lies below it."""
    for mark in marks:
        y = scale.at(mark)
        kind = "zero" if mark == 0 > marks[0] else "grid"
        drawing.paths.append(Path(kind, f"M{left:g} {y:g}H{drawing.width}"))
        drawing.words.append(Words("", left - 8, y + 4, look.marked(mark), "end"))


def below(drawing: Drawing, names: Sequence[str], middles: Sequence[float], y: float) -> None:
    """As many names below as have room, the last one among them."""
    if not names:
        return
    across = middles[-1] - middles[0] if len(middles) > 1 else drawing.width
    most = int(across / (room(names) + SIGN * 2)) + 1
    for at in some(len(names), most):
        half = room([names[at]]) / 2
        x = min(middles[at], drawing.width - half)
        drawing.words.append(Words("", round(x, 1), y, names[at], "middle"))


def line_of(drawing: Drawing, level: Level, scale: Scale, left: float) -> None:
    """The line of a level across the chart, with its name."""
    y = scale.at(level.value)
    drawing.paths.append(Path(level.kind, f"M{left:g} {y:g}H{drawing.width}"))
    drawing.words.append(Words("", left + 6, y - 5, level.name))


def _on_top(
    drawing: Drawing,
    sums: Sequence[int],
    middles: Sequence[float],
    scale: Scale,
    look: Look,
) -> None:
    """The sums on the columns: all of them where there is room, else the highest and the last."""
    share = middles[1] - middles[0] if len(middles) > 1 else float(drawing.width)
    texts = [look.marked(total) for total in sums]
    chosen = set(range(len(sums)))
    if room(texts) + 4 > share:
        highest = max(chosen, key=lambda at: sums[at], default=0)
        last = len(sums) - 1
        near = (last - highest) * share < room(texts) + SIGN
        chosen = {highest} if near else {highest, last}
    for at in sorted(chosen & set(range(len(sums)))):
        if sums[at]:
            y = scale.at(max(sums[at], 0)) - 6
            x = min(middles[at], drawing.width - room([texts[at]]) / 2)
            drawing.words.append(Words("strong", round(x, 1), round(y, 1), texts[at], "middle"))


def _legend(drawing: Drawing, series: Sequence[Series], left: float) -> None:
    x = left
    for place, one in enumerate(series):
        kind = one.kind or SHADES[place % len(SHADES)]
        drawing.boxes.append(Box(f"bar {kind}", round(x, 1), 2, 12, 12))
        drawing.words.append(Words("", round(x + 17, 1), 13, one.name))
        x += 17 + room([one.name]) + SIGN * 2
