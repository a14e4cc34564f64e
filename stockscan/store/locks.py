"""Locks that are held until the commit, for rules about more than one row.

SQLite lets one write at a time and needs none.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from stockscan.domain.ledger import Key
from stockscan.store.db import on_postgresql

# Namespaces of PostgreSQL's advisory locks.
LOCATION_LOCK, PART_LOCK, TREE_LOCK, LEDGER_LOCK, NUMBER_LOCK, USAGE_LOCK = 1, 2, 3, 4, 5, 6

_WITH_OTHERS = text(f"SELECT pg_advisory_xact_lock_shared({LEDGER_LOCK}, 0)")
_ALONE = text(f"SELECT pg_advisory_xact_lock({LEDGER_LOCK}, 0)")


def hold_keys(session: Session, keys: Iterable[Key], *, whole_location: bool = False) -> None:
    """Nobody else writes these parts, or (whole_location) these places, meanwhile.

    Locks are taken in one fixed order, so two operations never wait for each other in a ring.
    """
    keys = list(keys)
    share_ledger(session)
    how = "" if whole_location else "_shared"
    for location_id in sorted({key.location_id for key in keys}):
        _hold(session, LOCATION_LOCK, location_id, how)
    for part_id in sorted({key.part_id for key in keys}):
        _hold(session, PART_LOCK, part_id)


def share_ledger(session: Session) -> None:
    """Nobody writes to very many keys at once meanwhile; taken before all other locks."""
    if on_postgresql(session.connection()):
        session.execute(_WITH_OTHERS)


def hold_ledger(session: Session) -> None:
    """Nobody else writes to the ledger meanwhile, for what touches very many keys."""
    if on_postgresql(session.connection()):
        session.execute(_ALONE)


def hold_part(session: Session, part_id: int) -> None:
    """Nobody moves this part meanwhile."""
    _hold(session, PART_LOCK, part_id)


def hold_place(session: Session, location_id: int) -> None:
    """Nobody puts goods in this place, or takes some out, meanwhile."""
    _hold(session, LOCATION_LOCK, location_id)


def hold_tree(session: Session) -> None:
    """Nobody else changes which place is inside of which meanwhile."""
    _hold(session, TREE_LOCK, 0)


def hold_count_numbers(session: Session) -> None:
    """Nobody else numbers or opens a count meanwhile."""
    _hold(session, NUMBER_LOCK, 0)


def hold_job_numbers(session: Session) -> None:
    """Nobody else numbers a job meanwhile."""
    _hold(session, NUMBER_LOCK, 1)


def hold_requisitions(session: Session) -> None:
    """Nobody else numbers or raises a requisition meanwhile."""
    _hold(session, NUMBER_LOCK, 2)


def hold_usage(session: Session) -> None:
    """Nobody else adds to the ledger's sums by month meanwhile."""
    _hold(session, USAGE_LOCK, 0)


def hold_row(session: Session, table: Any, number: int) -> None:
    """Nobody else changes this row meanwhile; others may still refer to it."""
    session.execute(select(table.id).where(table.id == number).with_for_update(key_share=True))


def _hold(session: Session, space: int, number: int, how: str = "") -> None:
    if on_postgresql(session.connection()):
        lock = text(f"SELECT pg_advisory_xact_lock{how}(:space, :id)")
        session.execute(lock, {"space": space, "id": number})
