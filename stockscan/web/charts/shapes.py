"""What a chart is made of: lines, boxes, points and words, each with the class that colours it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# The widths that a chart is drawn at, so that its words are never scaled much: across a desk, half
# of it, and a phone. The style sheet shows the one that fits.
WIDE: Final = 984
HALF: Final = 468
NARROW: Final = 326
# One sign of the charts' 13 px text, and a line of it, about.
SIGN: Final = 7.0
LINE: Final = 15.0


class Path(NamedTuple):
    """A line, as SVG's `d` has it."""

    kind: str
    d: str


class Box(NamedTuple):
    """A filled rectangle."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Dot(NamedTuple):
    """A point."""

    kind: str
    x: float
    y: float
    r: float = 4


class Words(NamedTuple):
    """A text at its start, middle or end."""

    kind: str
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One size of a chart; later shapes lie on earlier ones, words on everything."""

    width: int
    height: int
    paths: list[Path] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in each size; `label` says its numbers to who can't see it, `note` its unit."""

    title: str
    note: str
    label: str
    sizes: list[tuple[str, Drawing]]

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of a desk."""
        return len(self.sizes) > 2


def chart(
    title: str, label: str, draw: Callable[[int], Drawing], *, note: str = "", wide: bool = False
) -> Chart:
    """A chart drawn at each of its widths, by the class that shows it."""
    widths = [("at-half", HALF), ("at-narrow", NARROW)]
    if wide:
        widths.insert(0, ("at-wide", WIDE))
    return Chart(title, note, label, [(kind, draw(width)) for kind, width in widths])


def said(title: str, names: Sequence[str], texts: Sequence[str], *more: str) -> str:
    """The numbers of a chart in words: all of a few, of many the first and the last."""
    pairs = [f"{name} {text}" for name, text in zip(names, texts, strict=True) if text]
    told = pairs if len(pairs) <= 16 else [*pairs[:3], "and so on to", pairs[-1]]
    return f"{title}: {', '.join(told) or 'nothing'}{''.join(f'; {each}' for each in more)}."


def room(texts: Sequence[str]) -> float:
    """How wide the longest of some texts is, about."""
    return SIGN * max((len(text) for text in texts), default=0)


def cut(text: str, width: float) -> str:
    """A text that is no wider than so many pixels, about."""
    most = max(int(width / SIGN), 2)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
