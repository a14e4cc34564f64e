"""What every report is: a finding, its figures and pictures, its tables, and how it was reckoned.

A report is filled by its own file (see `door.report`) and shown by one page. Its numbers lead to
the rows behind them; what a table shows is what its file holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from stockscan.domain.figures import E4, divide
from stockscan.domain.tables import Column, Holds
from stockscan.web.charts import Chart
from stockscan.web.filters import MINUS, currency, day, money, qty, when
from stockscan.web.listing import Listing

# As many lines as a page shows of a table; its file has all.
SHOWN: Final = 100
_WHOLE_FROM_E4: Final = 100 * E4


class Cell(NamedTuple):
    """One value, where its rows are, a second line, and "ok", "warn" or "stop" if it means so."""

    value: Any
    link: str = ""
    sub: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its head, what it holds, its name in files, and where it stands.

    `where` is "" for everywhere, "desk" for wide screens, "file" for files alone.
    """

    title: str
    holds: Holds = Holds.TEXT
    name: str = ""
    where: str = ""

    @property
    def in_files(self) -> Column:
        """The column as a file has it."""
        return Column(self.name or self.title.lower().replace(" ", "_"), self.holds)

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.holds not in {Holds.TEXT, Holds.FLAG, Holds.DAY, Holds.TIME}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report; `row` makes the cells of an item, one for each column, when shown."""

    name: str
    title: str
    columns: Sequence[Col]
    items: Sequence[Any]
    row: Callable[[Any], Sequence[Any]]
    note: str = ""
    empty: str = "Nothing in this time."
    start: int = 0

    @property
    def heads(self) -> list[Col]:
        """The columns that the page shows."""
        return [column for column in self.columns if column.where != "file"]

    @property
    def lines(self) -> list[list[tuple[Col, Cell]]]:
        """What this page shows: of each line its cells, with their columns."""
        return [
            [pair for pair in zip(self.columns, self.cells(item), strict=True) if pair[0] in heads]
            for heads in [self.heads]
            for item in self.items[self.start : self.start + SHOWN]
        ]

    @property
    def next(self) -> int:
        """Where the next page begins, 0 where this is the last."""
        following = self.start + SHOWN
        return following if following < len(self.items) else 0

    def cells(self, item: Any) -> list[Cell]:
        """One line, every value a cell."""
        return [each if isinstance(each, Cell) else Cell(each) for each in self.row(item)]


class Tile(NamedTuple):
    """A figure above the charts: its name, the reading, its unit, and a line below."""

    name: str
    text: str
    unit: str = ""
    line: str = ""
    kind: str = ""
    link: str = ""


class Ask(NamedTuple):
    """A filter as a field: typed, chosen from `options`, or a month or day (`kind`)."""

    name: str
    label: str
    hint: str = ""
    options: Mapping[str, str] | None = None
    kind: str = "text"


class Way(NamedTuple):
    """One of a few ways to look at a report: a segment above it, with what it sets."""

    name: str
    sets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """One report as its page shows it.

    `finding` is the sentence that says what the figures mean, `kind` its tone; `note` says how the
    figures were reckoned, `narrowed` what the filters name (for the chips that take them off).
    """

    finding: str
    listing: Listing
    kind: str = ""
    tiles: Sequence[Tile] = ()
    charts: Sequence[Chart | None] = ()
    tables: Sequence[Table] = ()
    note: str = ""
    asks: Sequence[Ask] = ()
    ways: Sequence[Sequence[Way]] = ()
    narrowed: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[tuple[str, str]] = ()

    def is_way(self, way: Way) -> bool:
        """Whether the page looks this way now."""
        return all(self.listing.asked[name] == value for name, value in way.sets.items())

    def table(self, name: str) -> Table | None:
        """The table of that name."""
        return next((each for each in self.tables if each.name == name), None)


def shown(value: Any, holds: Holds) -> str:
    """A value as pages show it; nothing is a dash."""
    return "–" if value is None else _SHOWN[holds](value)


def amount(value_e4: int, *, whole: bool = False) -> str:
    """Money with its sign, in tiles and sentences; `whole` without cents, from a hundred up."""
    if whole and abs(value_e4) >= _WHOLE_FROM_E4:
        return money(divide(value_e4, E4) * E4, currency()).rpartition(".")[0]
    return money(value_e4, currency())


def percent(share_bp: int | None) -> str:
    """A share with a digit behind the point: 9712 -> "97.1 %"."""
    if share_bp is None:
        return "–"
    tenths = divide(share_bp, 10)
    return f"{MINUS if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10} %"


def ratio(hundredths: int | None) -> str:
    """A ratio in hundredths: 757 -> "7.57"."""
    return "–" if hundredths is None else f"{hundredths / 100:,.2f}".replace("-", MINUS)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its word: "1 part", "1,204 parts"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _day(value: date) -> str:
    return day(value)


_SHOWN: Final[dict[Holds, Callable[[Any], str]]] = {
    Holds.TEXT: str,
    Holds.WHOLE: lambda value: f"{value:,}".replace("-", MINUS),
    Holds.FLAG: lambda value: "yes" if value else "no",
    Holds.DAY: _day,
    Holds.TIME: when,
    Holds.MILLI: qty,
    Holds.MINOR: lambda value: amount(value * 100),
    Holds.E4: amount,
    Holds.PERCENT: percent,
    Holds.RATIO: ratio,
}
