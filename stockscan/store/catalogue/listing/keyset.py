"""Sorting a list and paging through it by keyset: each page costs the same, however far on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, func, literal, select, tuple_

from stockscan.domain.codes import as_code
from stockscan.domain.errors import Invalid
from stockscan.domain.finding import words_in
from stockscan.store.catalogue.paging import Query
from stockscan.store.catalogue.search import matching

T = TypeVar("T")

# Beyond this the exact number tells people nothing and costs a walk over all rows.
MOST_COUNTED: Final = 1000
# Up to so many things that have the words are sorted.
FEW: Final = 5000


@dataclass(frozen=True, slots=True)
class Order:
    """The order (by, id) of a table, from the smallest or from the largest.

    `by` must be spelled as in the index of migration 0007, or each page sorts the whole table.
    """

    table: Any
    by: Any
    descending: bool = False

    def sort(self, query: Query) -> Query:
        """The query in this order."""
        columns = (self.by, self.table.id)
        return query.order_by(*(column.desc() if self.descending else column for column in columns))

    def beyond(self, connection: Connection, query: Query, key: Any) -> Query:
        """Only the rows behind the one for which `key`, a condition, is true.

        Raises `Invalid` when no row has it any more.
        """
        last = connection.execute(select(self.by, self.table.id).where(key)).first()
        if last is None:
            raise Invalid("That page is gone. Start at the first one.", field="after")
        here = tuple_(self.by, self.table.id)
        there = tuple_(*(literal(value) for value in last))
        # Said twice, because SQLite enters an index of expressions by the plain comparison alone.
        if self.descending:
            return query.where(self.by <= last[0], here < there)
        return query.where(self.by >= last[0], here > there)


def order_of(table: Any, sorts: Mapping[str, Any], sort: str) -> Order:
    """The order that an address names: "name", or "-name" for the other way round.

    Raises `Invalid` for a name that is not among the sorts.
    """
    name = sort.removeprefix("-")
    if name not in sorts:
        raise Invalid(f"sort must be one of {', '.join(sorts)}, with - in front to turn it round.",
                      field="sort")  # fmt: skip
    return Order(table, sorts[name], sort.startswith("-"))


def page_of_ids(
    connection: Connection, query: Select[int], order: Order, after: str, limit: int
) -> list[int]:
    """The ids of one page and of one thing more; `after` is the code of the last one shown."""
    if after:
        code = as_code(after) or after.replace("\x00", "")
        query = order.beyond(connection, query, order.table.code == code)
    return list(connection.execute(order.sort(query).limit(limit + 1)).scalars())


def rows_of(
    connection: Connection, kind: Callable[..., T], query: Query, table: Any, ids: Sequence[int]
) -> list[T]:
    """The rows of the query with these ids, in their order, as frozen values of one kind.

    The id is the first column.
    """
    if not ids:
        return []
    found = {row[0]: kind(*row) for row in connection.execute(query.where(table.id.in_(ids)))}
    return [found[thing_id] for thing_id in ids if thing_id in found]


def has_text(connection: Connection, kind: str, text: str, table: Any) -> list[Any]:
    """Conditions: the things of a kind that have all words of the text; none for no words."""
    words = words_in(text)
    if not words:
        return [] if not text.strip() else [literal(False)]  # noqa: FBT003 - SQL's own false
    return [table.id.in_(matching(connection, kind, words))]


def settled(connection: Connection, kind: str, text: str, order: Order) -> Order:
    """The order that a list with this text can have: the asked one, if only few have the words.

    To sort half a million things with a word takes seconds, and nobody reads them: so many come in
    the order in which they were added.
    """
    words = words_in(text)
    if not words:
        return order
    found = matching(connection, kind, words, FEW + 1).subquery()
    if count(connection, select(found.c.id), FEW) <= FEW:
        return order
    return Order(order.table, order.table.id)


def count(connection: Connection, query: Select[Any], most: int = MOST_COUNTED) -> int:
    """How many rows there are; one more than `most` stands for all that are more."""
    counted = capped(query, most)
    return int(connection.execute(select(counted)).scalar_one())


def capped(query: Select[Any], most: int = MOST_COUNTED) -> Any:
    """The number of rows as an expression, no more than `most` and one."""
    some = query.order_by(None).limit(most + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
