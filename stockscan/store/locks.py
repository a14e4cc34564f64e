"""Locks that are held until the commit, for rules about more than one row.

SQLite lets one write at a time and needs none.
"""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from stockscan.store.db import on_postgresql
from stockscan.store.ledger import LOCATION_LOCK, PART_LOCK, TREE_LOCK


def hold_part(session: Session, part_id: int) -> None:
    """Nobody moves this part meanwhile."""
    _hold(session, PART_LOCK, part_id)


def hold_place(session: Session, location_id: int) -> None:
    """Nobody puts goods in this place, or takes some out, meanwhile."""
    _hold(session, LOCATION_LOCK, location_id)


def hold_tree(session: Session) -> None:
    """Nobody else changes which place is inside of which meanwhile."""
    _hold(session, TREE_LOCK, 0)


def hold_row(session: Session, table: Any, number: int) -> None:
    """Nobody else changes this row meanwhile; others may still refer to it."""
    session.execute(select(table.id).where(table.id == number).with_for_update(key_share=True))


def _hold(session: Session, space: int, number: int) -> None:
    if on_postgresql(session.connection()):
        lock = text("SELECT pg_advisory_xact_lock(:space, :id)")
        session.execute(lock, {"space": space, "id": number})
