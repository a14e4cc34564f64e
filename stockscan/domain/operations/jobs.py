"""The writes about jobs: a fault is reported, work is begun, ticked off, timed and signed off."""

from typing import Final

from stockscan.domain.maintenance.jobs import LONGEST_MINUTES
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import (
    Parser,
    as_choices,
    as_day,
    as_flag,
    as_name,
    as_reference,
    as_text,
    whole,
)

_MINUTES: Final = whole(0, LONGEST_MINUTES)
_JOB: Final[dict[str, Parser]] = {"job": as_reference}
_PLANNED: Final[dict[str, Parser]] = {
    "due_on": as_day,
    "assigned": as_reference,
    "urgent": as_flag,
    "instructions": as_text,
}

# `stands` and `runs` say whether the machine stands still from now on, or runs again.
JOB_KINDS: Final[dict[str, Shape]] = {
    "report_fault": Shape(
        {"asset": as_reference, "what": as_name},
        {"stands": as_flag, "urgent": as_flag, "note": as_text},
    ),
    "start_job": Shape(_JOB),
    "pause_job": Shape(_JOB),
    "tick_job": Shape({**_JOB, "line": whole(0, 999)}, {"done": as_flag}),
    "set_running": Shape({**_JOB, "runs": as_flag}, {"note": as_text}),
    "log_work": Shape(_JOB, {"minutes": _MINUTES, "cause": as_text, "notes": as_text}, clears=True),
    "finish_job": Shape(
        _JOB,
        {"minutes": _MINUTES, "cause": as_text, "notes": as_text, "runs": as_flag},
        clears=True,
    ),
    "cancel_job": Shape(_JOB, {"reason": as_text}),
}

CREATE_JOB: Final = Shape(
    {"asset": as_reference, "title": as_name}, {**_PLANNED, "checklist": as_choices}
)
EDIT_JOB: Final = Shape(
    _JOB,
    {"title": as_name, **_PLANNED, "based_on": whole(0, 2**63 - 1)},
    clears=True,
    lasting=frozenset({"title", "urgent"}),
)
