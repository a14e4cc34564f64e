"""Locks that are held until the commit, for rules about more than one row.

SQLite lets one write at a time and needs none.
"""

from sqlalchemy import text
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


def _hold(session: Session, space: int, number: int) -> None:
    if on_postgresql(session.connection()):
        lock = text("SELECT pg_advisory_xact_lock(:space, :id)")
        session.execute(lock, {"space": space, "id": number})
