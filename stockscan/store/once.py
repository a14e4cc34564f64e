"""Writes that are no operations, under an id of the client's own: the second time is recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict
from stockscan.domain.operations import Op, canonical, digest
from stockscan.store.operations import claim


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
    content = canonical({**once.body, "id": None, "kind": kind})
    op = Op(id=once.id, kind=kind, fields={}, digest=digest(content), content=content)
    known = claim(session, op.received(now_us), person_id, content, status="applied")
    if known is not None and known.digest != op.digest:
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")
    return known is None
