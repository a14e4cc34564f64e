"""What a count is about: which places, which parts, and what makes a record worth counting."""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

# So many parts or places may be named one by one.
MOST_NAMED: Final = 5_000


class Why(StrEnum):
    """What makes a record worth counting; a scope may name several, and any of them is enough.

    `DUE`: its interval has passed. `ZERO`: the books say none. `NEGATIVE`: less than none.
    `EMPTIED`: the last one was taken since the last count. `TURNOVER`: much value went through
    since. `INACCURATE`: it was wrong too often. `TOUCHED`: someone moved it.
    """

    DUE = "due"
    ZERO = "zero"
    NEGATIVE = "negative"
    EMPTIED = "emptied"
    TURNOVER = "turnover"
    INACCURATE = "inaccurate"
    TOUCHED = "touched"


# What brings a record forward before its day.
TRIGGERS: Final = (Why.NEGATIVE, Why.EMPTIED, Why.TURNOVER, Why.INACCURATE)

# Reasons that end when somebody counts: what is being counted already is left out.
_PASSING: Final = frozenset({Why.DUE, *TRIGGERS})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records (part x place x lot) a count is about; an empty one means all there is.

    All that is said must hold: in one of `locations` (ids; with all inside), one of `parts` (ids),
    one of `classes`, last counted before `counted_before_us`, and any of `why`. `TOUCHED` looks at
    what the person `touched_by` recorded since `touched_since_us`. Of more than `most` records
    those are taken that are due first.
    """

    locations: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()
    touched_by: int | None = None
    touched_since_us: int | None = None
    counted_before_us: int | None = None
    most: int | None = None

    @property
    def leaves_running(self) -> bool:
        """Whether records that some count has under way already are left out."""
        return bool(self.why) and _PASSING.issuperset(self.why)

    def to_json(self) -> str:
        """The scope as a count keeps it; what it does not say is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps({name: value for name, value in said.items() if value not in ((), None)})

    @classmethod
    def from_json(cls, text: str) -> "Scope":
        """The scope that a count kept; what an older count said in other words is passed over."""
        kept: dict[str, Any] = json.loads(text)
        known = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        for name in ("locations", "parts", "classes"):
            known[name] = tuple(known.get(name, ()))
        known["why"] = tuple(Why(word) for word in known.get("why", ()))
        return cls(**known)
