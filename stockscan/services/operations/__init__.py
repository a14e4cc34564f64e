"""The one door for writes: every operation is applied exactly once, in one transaction."""

from stockscan.services.operations.applying import (
    MOST_AT_ONCE,
    apply,
    apply_all,
    create,
    edit,
    hand_over,
    perform,
)
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.recorded import (
    find,
    get,
    is_same,
    is_undoable,
    of_action,
    recent,
    undoable,
)
from stockscan.services.operations.verbs import UNDOABLE, VERBS
from stockscan.services.operations.waiting import (
    Case,
    Waiting,
    dismiss,
    try_again,
    waiting,
)

__all__ = [
    "MOST_AT_ONCE",
    "UNDOABLE",
    "VERBS",
    "Case",
    "Outcome",
    "Waiting",
    "apply",
    "apply_all",
    "create",
    "dismiss",
    "edit",
    "error_json",
    "find",
    "get",
    "hand_over",
    "is_same",
    "is_undoable",
    "of_action",
    "perform",
    "recent",
    "try_again",
    "undoable",
    "waiting",
]
