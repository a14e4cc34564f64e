"""The words of maintenance: what makes work due, which jobs there are and how far they are."""

from enum import StrEnum
from typing import Final


class Basis(StrEnum):
    """What makes a plan due."""

    CALENDAR = "calendar"
    METER = "meter"
    AGE = "age"


class JobKind(StrEnum):
    """Why there is a job."""

    PLANNED = "planned"
    FAULT = "fault"
    REPAIR = "repair"


class JobState(StrEnum):
    """How far a job is; whether its parts are there is another question, see `Readiness`."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    CANCELLED = "cancelled"


# Something is left to do on a job.
OPEN: Final = (JobState.OPEN, JobState.STARTED)


class Readiness(StrEnum):
    """Whether a job's parts are there: all of them, some missing, or missing but on their way."""

    READY = "ready"
    SHORT = "short"
    WAITING = "waiting"
