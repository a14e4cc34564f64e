"""Pages about counts: planning, counting, deciding, and how right the books were."""

from stockscan.web.counts import (
    accuracy,
    audits,
    board,
    deciding,
    paper,
    people,
    plans,
    review,
    schedule,
    settings,
    sheets,
)
from stockscan.web.counts.door import blueprint

__all__ = [
    "accuracy",
    "audits",
    "blueprint",
    "board",
    "deciding",
    "paper",
    "people",
    "plans",
    "review",
    "schedule",
    "settings",
    "sheets",
]
