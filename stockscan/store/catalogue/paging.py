"""Lists by the page: where the next page starts, and which rows a search finds."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from stockscan.domain.codes import as_code
from stockscan.domain.errors import Invalid

T = TypeVar("T")
Query = Select[*tuple[Any, ...]]


def beyond(
    connection: Connection | Session, query: Query, table: Any, sorted_by: Any, after: str
) -> Query:
    """Only the rows behind the one with the code `after`, in the order (sorted_by, id).

    Every row is found however many come and go meanwhile. Raises `Invalid` for a code that no row
    of the table has.
    """
    if not after:
        return query
    code = as_code(after)
    last = connection.execute(select(sorted_by, table.id).where(table.code == code)).first()
    if last is None:
        raise Invalid("That page is gone. Start at the first one.", field="after")
    return query.where(tuple_(sorted_by, table.id) > tuple_(*last))


def matches(text: str, *columns: Any, code: Any = None) -> Any:
    """Rows whose columns contain the text, or whose label code it is."""
    pattern = f"%{_escaped(text.strip().lower())}%"
    found = [func.lower(column).like(pattern, escape="\\") for column in columns]
    label = as_code(text)
    if label is not None and code is not None:
        found.append(code == label)
    return or_(*found)


def rows_as(kind: Callable[..., T], rows: Iterable[Iterable[Any]]) -> list[T]:
    """Each row as a frozen value of one kind, column by column."""
    return [kind(*row) for row in rows]


def _escaped(text: str) -> str:
    # PostgreSQL holds no NUL in a text, and no text has one.
    return text.replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
