"""What an exported table is made of: named columns, and rows that are read as they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field as field_of
from dataclasses import fields as fields_of
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import CTE, Connection, Text, cast, literal, select
from sqlalchemy.orm import aliased

from stockscan.domain.maintenance.jobs import job_name
from stockscan.domain.tables import Column, Holds
from stockscan.store import fields
from stockscan.store.catalogue.paging import Query
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import Job

Row = Sequence[Any]
T = TypeVar("T")

CUSTOM_PREFIX: Final = "custom: "
# Rows that are fetched at once: enough to be quick, few enough to stay small.
ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a list is wanted: all of it, the things with these codes, or what a list page shows.

    `filters` are those of the page, by the names that `listing` gives them; with none of them
    retired things are in it too. `today` is the day of book values; what only some may know of
    people stays out unless `with_people`. What is hidden from the person who counts it `blind` is
    left out or empty.
    """

    today: date
    codes: tuple[str, ...] = ()
    filters: Mapping[str, str] = field_of(default_factory=dict)
    with_people: bool = False
    blind: Blindness = SEEING


@dataclass(frozen=True, slots=True)
class Table:
    """A table on its way out; its rows can be read once, while the connection is open."""

    columns: tuple[Column, ...]
    rows: Iterable[Row]


# Each by its name, made when its turn comes.
Tables = Iterable[tuple[str, Callable[[], Table]]]


@dataclass(frozen=True, slots=True)
class Field:
    """A column, what to select for it and, where that is not it yet, how it is shown."""

    column: Column
    source: Any
    shown: Callable[[Any], Any] | None = None


def field(
    name: str,
    source: Any,
    holds: Holds = Holds.TEXT,
    shown: Callable[[Any], Any] | None = None,
) -> Field:
    """A column of that name with what to select for it."""
    return Field(Column(name, holds), source, shown)


def of_job() -> Field:
    """The column of the job that a row is about, by what people call it; empty for none."""
    return field("job", Job.number, shown=lambda number: number and job_name(number))


def picked(listed: Iterable[Field]) -> Query:
    """A select of the fields, in their order."""
    return select(*(each.source for each in listed))


def table(
    connection: Connection,
    listed: Sequence[Field],
    query: Query,
    more: Sequence[Column] = (),
    fill: Callable[[Row], Iterable[Any]] | None = None,
) -> Table:
    """The table of a query that selects these fields first.

    What it selects behind them goes to `fill`, which makes the values of the columns `more` of it.
    """
    width = len(listed)
    shows = [(place, each.shown) for place, each in enumerate(listed) if each.shown]

    def shape(row: Row) -> Row:
        values = list(row[:width])
        for place, show in shows:
            values[place] = show(values[place])
        return [*values, *fill(row[width:])] if fill else values

    columns = (*(each.column for each in listed), *more)
    return Table(columns, map(shape, _streamed(connection, query)))


def _streamed(connection: Connection, query: Query) -> Iterator[Row]:
    """The rows of a query, a few hundred in memory at a time."""
    with closing(connection.execute(query.execution_options(yield_per=ROWS))) as rows:
        yield from rows


def only(query: Query, code: Any, asked: Asked) -> Query:
    """The query without the things whose code nobody asked for."""
    return query.where(code.in_(asked.codes)) if asked.codes else query


def filters_of(kind: Callable[..., T], asked: Asked) -> T:
    """The filters of a list, of this kind, that were asked for."""
    known = {each.name for each in fields_of(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in asked.filters.items() if name in known})


def places() -> CTE:
    """Every place with its `depth` in the tree and its `path`: "Main site / Rack A / A-01"."""
    path, depth = cast(Location.name, Text).label("path"), literal(0).label("depth")
    top = select(Location.id, path, depth).where(Location.parent_id.is_(None))
    tree = top.cte("tree", recursive=True)
    inner = aliased(Location)
    longer = tree.c.path + " / " + cast(inner.name, Text)
    below = select(inner.id, longer, tree.c.depth + 1).where(inner.parent_id == tree.c.id)
    return tree.union_all(below)


def paths(connection: Connection) -> Callable[[int | None], str | None]:
    """The path of a place by its number; there are far fewer places than rows that name them."""
    place = places()
    rows = connection.execute(select(place.c.id, place.c.path))
    return {number: path for number, path in rows}.get  # noqa: C416 - rows are no pairs to mypy


def own_fields(
    connection: Connection, thing: str
) -> tuple[list[Column], Callable[[str], Iterable[str]]]:
    """A column for each of the company's own fields, and how to fill them from `custom`."""
    known = fields.every(connection, thing)
    columns = [Column(f"{CUSTOM_PREFIX}{name}") for name in fields.texts(known, "{}")]
    return columns, lambda stored: fields.texts(known, stored).values()
