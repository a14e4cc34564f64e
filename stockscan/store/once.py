"""Writes that are no operations, under an id of the client's own: the second time is recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict
from stockscan.domain.operations import Op, canonical, digest
from stockscan.store.operations import Recorded, claim, recorded


@dataclass(frozen=True, slots=True)
class Once:
    """The id that a client made, and what it sent under it."""

    id: str
    body: Mapping[str, Any]


def first_time(session: Session, once: Once | None, kind: str, person_id: int, now_us: int) -> bool:
    """Whether this was not recorded yet; always, where the client gave no id.

    Raises `Conflict` when the id was used for something else.
    """
    if once is None:
        return True
    op = _op(once, kind)
    known = claim(session, op.received(now_us), person_id, op.content, status="applied")
    return not _is_same(op, known)


def was_recorded(connection: Connection | Session, once: Once, kind: str) -> bool:
    """Whether this was recorded before; looks and changes nothing.

    Raises `Conflict` when the id was used for something else.
    """
    return _is_same(_op(once, kind), recorded(connection, once.id))


def _op(once: Once, kind: str) -> Op:
    content = canonical({**once.body, "id": None, "kind": kind})
    return Op(id=once.id, kind=kind, fields={}, digest=digest(content), content=content)


def _is_same(op: Op, known: Recorded | None) -> bool:
    if known is not None and known.digest != op.digest:
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")
    return known is not None
