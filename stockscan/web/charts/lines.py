"""Lines over time: the one to follow in colour, others grey, the last value written on it."""

from collections.abc import Sequence
from typing import Final

from stockscan.web.charts.columns import Series, below, grid, line_of
from stockscan.web.charts.scale import PLAIN, Look, Scale, marks_of
from stockscan.web.charts.shapes import LINE, Chart, Dot, Drawing, Path, Words, chart, room, said

_HEIGHT: Final = 188
_TOP, _BOTTOM = 20.0, 158.0
# More points than this are a line without points.
_MOST_POINTS: Final = 31
_KINDS: Final = ("line", "line soft", "line thin", "line thin soft")


def lines(
    title: str, names: Sequence[str], series: Sequence[Series], look: Look = PLAIN
) -> Chart | None:
    """A line for each series through its known values; None where nothing is known."""
    known = [value for one in series for value in one.values if value is not None]
    if not known:
        return None
    marks = marks_of(known, look)

    def draw(width: int) -> Drawing:
        return _drawn(width, names, series, marks, look)

    return chart(title, _label(title, names, series, look), draw, note=look.note, wide=look.wide)


def _label(title: str, names: Sequence[str], series: Sequence[Series], look: Look) -> str:
    told = []
    for one in series:
        texts = ["" if value is None else look.shown(value) for value in one.values]
        told.append(said(one.name if len(series) > 1 else title, names, texts, *look.compared))
    return f"{title}. {' '.join(told)}" if len(series) > 1 else told[0]


def _drawn(
    width: int, names: Sequence[str], series: Sequence[Series], marks: Sequence[int], look: Look
) -> Drawing:
    left = room([look.marked(mark) for mark in marks]) + 10
    ends = [one.name for one in series] if len(series) > 1 else []
    middle = max(room(_last_texts(series, look)), room(names[-1:])) / 2
    right = width - max(room(ends) + 12 if ends else 0, middle, 8)
    scale = Scale(marks[0], marks[-1], _BOTTOM, _TOP)
    drawing = Drawing(width, _HEIGHT)
    grid(drawing, marks, scale, left, look)
    step = (right - left - 10) / max(len(names) - 1, 1)
    across = [round(right - step * (len(names) - 1 - at), 1) for at in range(len(names))]
    for level in look.levels:
        line_of(drawing, level, scale, left)
    for place, one in enumerate(series):
        kind = one.kind or _KINDS[place % len(_KINDS)]
        _line(drawing, one._replace(kind=kind), across, scale, stepped=look.stepped)
    _ends(drawing, series, across, scale, look)
    below(drawing, names, across, _HEIGHT - 8)
    return drawing


def _last_texts(series: Sequence[Series], look: Look) -> list[str]:
    lasts = [next((v for v in reversed(one.values) if v is not None), None) for one in series]
    return [look.shown(value) for value in lasts if value is not None]


def _line(
    drawing: Drawing, one: Series, across: Sequence[float], scale: Scale, *, stepped: bool
) -> None:
    known = [(x, y) for x, y in zip(across, one.values, strict=True) if y is not None]
    points = [(x, scale.at(value)) for x, value in known]
    if not points:
        return
    first, *others = points
    turn = "".join(f"H{x:g}V{y:g}" if stepped else f"L{x:g} {y:g}" for x, y in others)
    drawing.paths.append(Path(one.kind, f"M{first[0]:g} {first[1]:g}{turn}"))
    if len(points) <= _MOST_POINTS and not stepped and "soft" not in one.kind:
        drawing.dots.extend(Dot("point", x, y, 2.5) for x, y in points[:-1])


def _ends(
    drawing: Drawing,
    series: Sequence[Series],
    across: Sequence[float],
    scale: Scale,
    look: Look,
) -> None:
    """The last value of each line as a point with its number; of several lines their names."""
    taken: list[float] = []
    for place, one in enumerate(series):
        at = next((at for at in reversed(range(len(one.values))) if one.values[at] is not None), -1)
        if at < 0:
            continue
        value = one.values[at] or 0
        x, y = across[at], scale.at(value)
        if place == 0:
            short = look.stepped and value < 0
            drawing.dots.append(Dot("dot stop" if short else "dot", x, y, 5))
            falls = at > 0 and (one.values[at - 1] or 0) > value
            above = y + 22 if falls and y + 22 < _BOTTOM else y - 12
            drawing.words.append(Words("strong", x, round(above, 1), look.shown(value), "middle"))
        if len(series) > 1:
            lies = y + 4
            while any(abs(lies - other) < LINE for other in taken):
                lies += LINE
            taken.append(lies)
            drawing.words.append(Words("strong" if place == 0 else "", x + 10, lies, one.name))
