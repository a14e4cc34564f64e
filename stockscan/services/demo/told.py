"""An event that is more than one operation, with what the names in it stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stockscan.domain.access import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its id, and what the names in it stand for; `count_id` where it is of one."""

    id: str
    count_id: str
    fields: Mapping[str, Any]
    codes: Mapping[str, str]
    actors: Mapping[str, Actor]
