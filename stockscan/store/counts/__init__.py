"""Counts: their rows, what the ledger asks of them, what people see of them."""

from stockscan.store.counts.anchors import (
    Anchor,
    current,
    first_anchor_behind,
    key_bound,
    key_values,
    same_key,
    taken_by_counts,
    unlined_complete_bins,
    unvoided_lines,
)
from stockscan.store.counts.rows import (
    AuditLine,
    AuditSighting,
    CompleteBin,
    CountEntry,
    CountLine,
    CountPlace,
    CountQuestion,
    CountSession,
)

__all__ = [
    "Anchor",
    "AuditLine",
    "AuditSighting",
    "CompleteBin",
    "CountEntry",
    "CountLine",
    "CountPlace",
    "CountQuestion",
    "CountSession",
    "current",
    "first_anchor_behind",
    "key_bound",
    "key_values",
    "same_key",
    "taken_by_counts",
    "unlined_complete_bins",
    "unvoided_lines",
]
