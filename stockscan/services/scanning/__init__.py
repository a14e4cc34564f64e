"""The scan screen's brain: what was scanned, what the pair of scans does, what comes next."""

from stockscan.services.scanning.batches import (
    Batch,
    Blocker,
    bring_back,
    codes_of,
    collected,
    hand_out,
)
from stockscan.services.scanning.counting import one_more
from stockscan.services.scanning.looking import (
    Resolved,
    balance,
    is_second_label,
    log,
    look_up,
    thing,
)
from stockscan.services.scanning.planning import (
    DAMAGED,
    MOST_COLLECTED,
    NEEDED,
    after_doing,
    plan,
)
from stockscan.services.scanning.plans import Plan, Situation
from stockscan.services.scanning.quick import Quick, quick
from stockscan.services.scanning.working import JobScene, job_scene

__all__ = [
    "DAMAGED",
    "MOST_COLLECTED",
    "NEEDED",
    "Batch",
    "Blocker",
    "JobScene",
    "Plan",
    "Quick",
    "Resolved",
    "Situation",
    "after_doing",
    "balance",
    "bring_back",
    "codes_of",
    "collected",
    "hand_out",
    "is_second_label",
    "job_scene",
    "log",
    "look_up",
    "one_more",
    "plan",
    "quick",
    "thing",
]
