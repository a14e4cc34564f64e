"""The picture of a record: the books as a step line, each count as a point, its distance between.

Everything is worked out here; the template only writes it down as an SVG.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from stockscan.domain.figures import MICRO, MILLI, from_us
from stockscan.services.counts import Story
from stockscan.store.counts.stories import Attempt
from stockscan.web.charts.scale import round_step
from stockscan.web.counts.words import said, signed
from stockscan.web.filters import qty

WIDE: Final = 656
NARROW: Final = 326
HEIGHT: Final = 188
_TOP, _BOTTOM, _SIGN, _LINE = 14.0, 158.0, 7.0, 15.0

_MINUTE_US: Final = 60 * MICRO
# Between two marks of the time scale: minutes, hours, days, weeks.
_STEPS_US: Final = [
    minutes * _MINUTE_US
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 10_080, 43_200)
]
# How many times as high as the differences a picture may be for what went before them.
_MOST_TIMES: Final = 3
_ORDINALS: Final = ("First", "second", "third", "fourth", "fifth")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the picture: `x` is its start, or its end where `at_end`."""

    x: float
    y: float
    text: str
    kind: str = ""
    at_end: bool = False

    @property
    def left(self) -> float:
        """Where it begins, about."""
        return self.x - self.width if self.at_end else self.x

    @property
    def width(self) -> float:
        """How wide it is, about."""
        return _SIGN * len(self.text)

    def meets(self, other: "Words") -> bool:
        """Whether two texts would lie on each other."""
        apart = self.left > other.left + other.width or other.left > self.left + self.width
        return not apart and abs(self.y - other.y) < _LINE


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn picture; `label` says its numbers to who can't see it."""

    width: int
    label: str
    line: str
    gaps: str
    dots: list[tuple[float, float]]
    grid: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    left: float
    words: list[Words] = field(default_factory=list)
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Scale:
    """Times and quantities as points of the picture."""

    low_us: int
    high_us: int
    low_milli: int
    high_milli: int
    left: float
    width: int

    def x(self, at_us: int) -> float:
        share = (at_us - self.low_us) / (self.high_us - self.low_us)
        return round(self.left + 12 + share * (self.width - self.left - 12), 1)

    def y(self, quantity_milli: int) -> float:
        share = (quantity_milli - self.low_milli) / (self.high_milli - self.low_milli)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def draw(story: Story | None, width: int = WIDE) -> Chart | None:
    """The picture of a story; None where nobody counted yet."""
    if story is None or not story.attempts:
        return None
    steps = worth_drawing(list(_steps(story)), story.attempts)
    levels = [book for _, book in steps] + [one.counted_milli for one in story.attempts]
    marks = _marks(min(levels), max(levels))
    left = 12 + _SIGN * max(len(qty(mark)) for mark in marks)
    scale = _Scale(*_span(story, steps), marks[0], marks[-1], left, width)
    return Chart(
        width=width,
        label=label_of(story),
        line=_path(scale, steps),
        gaps="".join(_gap(scale, one) for one in story.attempts if one.variance_milli),
        dots=[(scale.x(one.counted_us), scale.y(one.counted_milli)) for one in story.attempts],
        grid=[(scale.y(mark), qty(mark)) for mark in reversed(marks)],
        ticks=[(scale.x(at_us), text) for at_us, text in _times(scale)],
        left=left,
        words=_words(scale, story, steps),
    )


def label_of(story: Story) -> str:
    """The numbers of the picture in words."""
    steps = list(_steps(story))
    told = steps if len(steps) <= 12 else [steps[0], steps[-1]]
    whole = _is_long(steps[0][0], story.attempts[-1].counted_us)
    books = [
        f"{qty(book)} {'from' if number else 'at'} {_clock(at_us, whole=whole)}"
        for number, (at_us, book) in enumerate(told)
    ]
    counts = [
        f"{_ORDINALS[min(number, 4)]} count {qty(one.counted_milli)}"
        f" at {_clock(one.counted_us, whole=whole)}"
        for number, one in enumerate(story.attempts)
    ]
    return f"Books: {', '.join(books)}. {', '.join(counts)}."


def _steps(story: Story) -> Iterator[tuple[int, int]]:
    """What the books held, from when on."""
    book = story.book_before_milli
    first_us = min([one.counted_us for one in story.attempts[:1]] + _instants(story)[:1])
    yield first_us, book
    for move in story.moves:
        if move.quantity_milli:
            book += move.quantity_milli
            yield move.effective_us, book


def worth_drawing(
    steps: list[tuple[int, int]], attempts: Sequence[Attempt]
) -> list[tuple[int, int]]:
    """The steps from where on the differences can be seen: not from far above or below them."""
    before = sum(at_us <= attempts[0].counted_us for at_us, _ in steps)
    start = max(before - 1, 0)
    levels = [book for _, book in steps[start:]] + [one.counted_milli for one in attempts]
    most = _MOST_TIMES * max(max(levels) - min(levels), MILLI)
    while start and max(*levels, steps[start - 1][1]) - min(*levels, steps[start - 1][1]) <= most:
        start -= 1
        levels.append(steps[start][1])
    return steps[start:]


def _instants(story: Story) -> list[int]:
    return [move.effective_us for move in story.moves]


def _span(story: Story, steps: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From when to when the picture goes: all that happened, and a little more."""
    instants = [at_us for at_us, _ in steps] + [one.counted_us for one in story.attempts]
    low, high = min(instants), max(instants)
    more = max((high - low) // 8, 2 * _MINUTE_US) if low < high else 15 * _MINUTE_US
    return low - more, high + more


def _path(scale: _Scale, steps: Sequence[tuple[int, int]]) -> str:
    start = f"M{scale.left + 12:g} {scale.y(steps[0][1]):g}"
    turns = [f"H{scale.x(at_us):g}V{scale.y(book):g}" for at_us, book in steps[1:]]
    return f"{start}{''.join(turns)}H{scale.width}"


def _gap(scale: _Scale, one: Attempt) -> str:
    """The distance between the books and a count, without touching either."""
    x, book, counted = scale.x(one.counted_us), scale.y(one.book_milli), scale.y(one.counted_milli)
    away = 6 if counted < book else -6
    return f"M{x:g} {book:g}V{counted + away:g}"


def _marks(low_milli: int, high_milli: int) -> list[int]:
    """About five round quantities that enclose these two."""
    step = round_step(max(high_milli - low_milli, 4) / 5)
    if low_milli % MILLI == high_milli % MILLI == 0:
        step = max(step, MILLI)
    first, last = low_milli // step * step, -(-high_milli // step) * step
    if 2 * (last - high_milli) < step or last - first < 2 * step:
        last += step  # there is room for words above the line
    return list(range(first, last + 1, step))


def _times(scale: _Scale) -> Iterator[tuple[int, str]]:
    """Round times of the local day, as many as have room."""
    room = 7 if scale.width >= WIDE else 4
    whole = scale.high_us - scale.low_us
    step = next((each for each in _STEPS_US if whole // each <= room), whole // room)
    shift = _local(scale.low_us).utcoffset() or timedelta()
    shift_us = shift // timedelta(microseconds=1)
    at_us = -(-(scale.low_us + shift_us) // step) * step - shift_us
    by_day = step >= 1440 * _MINUTE_US
    while at_us <= scale.high_us:
        moment = _local(at_us)
        text = f"{moment.day} {moment:%b}" if by_day else f"{moment.hour}:{moment:%M}"
        yield at_us, text
        at_us += step


def _words(scale: _Scale, story: Story, steps: Sequence[tuple[int, int]]) -> list[Words]:
    """The texts that have room: counts first, then what moved. All of it is in the table too."""
    dots = [(scale.x(one.counted_us), scale.y(one.counted_milli)) for one in story.attempts]
    taken = [Words(x - _SIGN, y + 5, "  ") for x, y in dots]
    placed = list(taken)
    whole = _is_long(steps[0][0], story.attempts[-1].counted_us)
    for one, (x, y) in zip(story.attempts, dots, strict=True):
        name = one.counter.split(maxsplit=1)[0]
        text = f"{qty(one.counted_milli)} · {name}, {_clock(one.counted_us, whole=whole)}"
        _place(placed, scale, _beside(x, y + 5, text, "strong", away=13))
        if one.variance_milli:
            middle = (y + scale.y(one.book_milli)) / 2 + 5
            off = signed(one.variance_milli)
            _place(placed, scale, reversed(_beside(x, middle, off, "short", away=8)))
    _place(placed, scale, _name(scale, steps))
    if scale.width >= WIDE:
        moves = [move for move in story.moves if move.quantity_milli]
        drawn = moves[len(moves) - len(steps) + 1 :]
        for move, (at_us, book) in zip(drawn, steps[1:], strict=True):
            x, y = scale.x(at_us) + 9, scale.y(book)
            _place(placed, scale, [Words(x, y - 12, said(move)), Words(x, y + 18, said(move))])
    return placed[len(taken) :]


def _name(scale: _Scale, steps: Sequence[tuple[int, int]]) -> list[Words]:
    """The name of the line: above its first level where that is long enough, or at its end."""
    ends = scale.x(steps[1][0]) if len(steps) > 1 else scale.width
    at_end = Words(scale.width, scale.y(steps[-1][1]) - 8, "Books", "strong", at_end=True)
    first = Words(scale.left + 24, scale.y(steps[0][1]) - 8, "Books", "strong")
    return [first, at_end] if first.left + first.width < ends else [at_end]


def _beside(x: float, y: float, text: str, kind: str, *, away: int) -> list[Words]:
    return [Words(x + away, y, text, kind), Words(x - away, y, text, kind, at_end=True)]


def _place(placed: list[Words], scale: _Scale, choices: Iterable[Words]) -> None:
    """Write a text where there is room for it; nowhere else."""
    for words in choices:
        inside = scale.left <= words.left and words.left + words.width <= scale.width
        if inside and not any(words.meets(other) for other in placed):
            placed.append(words)
            return


def _is_long(low_us: int, high_us: int) -> bool:
    """Whether a time alone would not say which day."""
    return _local(low_us).date() != _local(high_us).date()


def _clock(at_us: int, *, whole: bool) -> str:
    moment = _local(at_us)
    clock = f"{moment.hour}:{moment:%M}"
    return f"{moment.day} {moment:%b} {clock}" if whole else clock


def _local(at_us: int) -> datetime:
    return from_us(at_us).astimezone()
