"""Round numbers beside a chart, and where a number stands between them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

_STEPS: Final = (1, 2, 2.5, 5, 10)
_MOST_MARKS: Final = 5


@dataclass(frozen=True, slots=True)
class Level:
    """A number to compare with: a target, a limit or a median, and what it is called."""

    value: int
    name: str
    kind: str = "limit"


@dataclass(frozen=True, slots=True)
class Look:
    """How the numbers of a chart are shown.

    `unit` is what 1 is among the values (1000 for thousandths, 10,000 for amounts), `write` shows
    one in words, `level` is a line to compare with. `wide` takes the whole width of a desk.
    Without `from_zero` the scale begins near the lowest value, for shares that are all high;
    `stepped` holds each value until the next one, as stock does.
    """

    unit: int = 1
    write: Callable[[int], str] | None = None
    level: Level | None = None
    note: str = ""
    wide: bool = False
    from_zero: bool = True
    stepped: bool = False

    @property
    def shown(self) -> Callable[[int], str]:
        """How a number is written on the chart."""
        return self.write or self.marked

    @property
    def marked(self) -> Callable[[int], str]:
        """How a number is written beside the chart, where there is little room."""
        return lambda value: compact(value, self.unit)

    @property
    def levels(self) -> list[Level]:
        """The line to compare with, if there is one."""
        return [self.level] if self.level else []

    @property
    def compared(self) -> list[str]:
        """The line to compare with, in words."""
        return [f"{each.name} {self.shown(each.value)}" for each in self.levels]


PLAIN: Final = Look()


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from `low` to `high` along pixels from `start` to `end`."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number stands."""
        share = (value - self.low) / max(self.high - self.low, 1)
        return round(self.start + share * (self.end - self.start), 1)


def round_step(least: float, unit: int = 1) -> int:
    """The smallest round distance between marks that is no less; whole `unit`s where it can be."""
    power = unit
    while power > 1 and power * 2 > least:
        power //= 10
    while power * 10 < least:
        power *= 10
    return next(int(power * times) for times in _STEPS if int(power * times) >= least)


def round_marks(low: int, high: int, *, unit: int = 1) -> list[int]:
    """A few round numbers, lowest first, that enclose these two; whole `unit`s where it can be.

    `unit` is what one is: 1000 for quantities in thousandths, 10,000 for amounts.
    """
    step = round_step(max(high - low, 1) / (_MOST_MARKS - 1), unit)
    first, last = low // step * step, -(-high // step) * step
    return list(range(first, max(last, first + step) + 1, step))


def marks_of(values: Iterable[int | None], look: Look) -> list[int]:
    """Round marks that enclose what is drawn, zero among them unless the look says otherwise."""
    known = [value for value in values if value is not None]
    known += [each.value for each in look.levels]
    if look.from_zero:
        known += [0, look.unit] if max(known, default=0) >= 0 else [0]
    return round_marks(min(known), max(known), unit=look.unit)


def spread(start: float, end: float, many: int) -> list[float]:
    """The middles of so many equal shares of a stretch."""
    share = (end - start) / max(many, 1)
    return [round(start + share * (at + 0.5), 1) for at in range(many)]


def some(many: int, most: int) -> list[int]:
    """Evenly chosen places, the last one among them, no more than have room."""
    step = -(-many // max(most, 1))
    return list(range(many - 1, -1, -max(step, 1)))[::-1]


def compact(value: int, unit: int) -> str:
    """A number as an axis shows it: "800", "1.5k", "2M", "−0.5"."""
    amount, minus = abs(value) / unit, "−" if value < 0 else ""
    for size, sign in ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k")):
        if amount >= size:
            return f"{minus}{amount / size:.3g}{sign}"
    return f"{minus}{amount:.3g}"
