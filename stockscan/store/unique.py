"""Writes that may find a name taken: the database decides, nobody looks first."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict

_DUPLICATE = "23505"  # PostgreSQL's unique_violation
_DUPLICATES = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def insert_unique(session: Session, statement: Insert, *, taken: str, field: str) -> int:
    """Insert one row and return its number.

    Raises `Conflict` with the sentence `taken` when something in it must be unique and is not; the
    transaction goes on without the row.
    """
    try:
        with session.begin_nested():
            done = cast("CursorResult[Any]", session.execute(statement))
    except IntegrityError as error:
        if not _is_duplicate(error.orig):
            raise
        raise Conflict(taken, code="taken", field=field) from None
    key = done.inserted_primary_key
    return key[0] if key and isinstance(key[0], int) else 0


def update_unique(
    session: Session, table: Any, row_id: int, values: Mapping[str, Any], *, taken: str, field: str
) -> None:
    """Change columns of the row with this number; no values change nothing.

    Raises `Conflict` with the sentence `taken` when something in it must be unique and is not.
    """
    if not values:
        return
    try:
        with session.begin_nested():
            statement = update(table).where(table.id == row_id).values(**values)
            session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError as error:
        if not _is_duplicate(error.orig):
            raise
        raise Conflict(taken, code="taken", field=field) from None


def _is_duplicate(error: Any) -> bool:
    return (
        getattr(error, "sqlstate", "") == _DUPLICATE
        or getattr(error, "sqlite_errorname", "") in _DUPLICATES
    )
