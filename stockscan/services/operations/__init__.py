"""The one door for writes: every operation is applied exactly once, in one transaction."""

from stockscan.services.operations.applying import (
    MOST_AT_ONCE,
    apply,
    apply_all,
    create,
    perform,
    settle,
)
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.recorded import find, get, is_same, of_action, recent, undoable
from stockscan.services.operations.verbs import UNDOABLE, VERBS
from stockscan.services.operations.waiting import Case, dismiss, try_again, waiting

__all__ = [
    "MOST_AT_ONCE",
    "UNDOABLE",
    "VERBS",
    "Case",
    "Outcome",
    "apply",
    "apply_all",
    "create",
    "dismiss",
    "error_json",
    "find",
    "get",
    "is_same",
    "of_action",
    "perform",
    "recent",
    "settle",
    "try_again",
    "undoable",
    "waiting",
]
