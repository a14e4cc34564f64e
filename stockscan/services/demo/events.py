"""One write of the sample's history."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One write of the history; people and places stand by their names in the tables.

    The kind is an operation's, or what is done to a count as a whole (see `counting.TELLERS`); its
    field `count` names the event that planned it.
    """

    name: str
    at_us: int
    by: str
    kind: str
    fields: dict[str, Any]
