"""The lives of a count, of its lines, and of the assets that an audit looks for."""

from enum import StrEnum
from typing import Final


class SessionState(StrEnum):
    """The life of a count session."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    POSTED = "POSTED"
    CANCELLED = "CANCELLED"


class LineState(StrEnum):
    """The life of a counted line; only POSTED lines are anchors."""

    PENDING = "PENDING"
    COUNTING = "COUNTING"
    COUNTED = "COUNTED"
    MATCHED = "MATCHED"
    MOVED_DURING_COUNT = "MOVED_DURING_COUNT"
    NEEDS_RECOUNT = "NEEDS_RECOUNT"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    POSTED = "POSTED"
    REJECTED = "REJECTED"
    NOT_COUNTED = "NOT_COUNTED"
    VOIDED = "VOIDED"


class AuditState(StrEnum):
    """What an audit knows of an asset: expected and seen, elsewhere, come upon, or not seen."""

    PENDING = "PENDING"
    FOUND = "FOUND"
    MOVED = "MOVED"
    UNEXPECTED = "UNEXPECTED"
    MISSING = "MISSING"
    NOT_COUNTED = "NOT_COUNTED"


# Still to be counted: what the books say of these keys is hidden from who counts them blind.
OPEN: Final = frozenset({LineState.PENDING, LineState.COUNTING})

# States in which nothing more happens to a line by itself.
ENDED: Final = frozenset(
    {LineState.POSTED, LineState.REJECTED, LineState.VOIDED, LineState.NOT_COUNTED}
)

# A count that is over takes nothing more.
CLOSED: Final = frozenset({SessionState.POSTED, SessionState.CANCELLED})
