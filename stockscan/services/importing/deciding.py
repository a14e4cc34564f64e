"""What an import decides about each row, and what it must know for that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from stockscan.domain.fields import Field
from stockscan.domain.importing.records import Fault, Record

UPDATE: Final = "update"
SKIP: Final = "skip"


class What(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a row refers to and that is not there yet; `key` is all that tells it.

    The key of a place is its path, of others the name, in lower case.
    """

    kind: str
    key: tuple[str, ...]
    values: Mapping[str, Any] = field(compare=False)


Reference = int | Wanted


@dataclass(frozen=True, slots=True)
class Goods:
    """Opening stock of a row; `part` None is the part that the row itself makes."""

    part: Reference | None
    location: Reference
    lot: str
    serial: str
    quantity_milli: int
    cost_e4: int | None
    expires_on: date | None


@dataclass(slots=True)
class Decision:
    """One row, what becomes of it, and all that has to be written for it.

    `columns` are those of the thing's row, `changes` what a person sees of them: old to new.
    """

    record: Record
    what: What = What.WRONG
    thing_id: int | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    alias: str = ""
    goods: Goods | None = None

    @property
    def wanted(self) -> list[Wanted]:
        """What must be made before this row."""
        goods = [self.goods.part, self.goods.location] if self.goods else []
        return [one for one in (*self.columns.values(), *goods) if isinstance(one, Wanted)]

    def blame(self, column: str, message: str) -> None:
        """Say what is wrong; the row is left out."""
        self.record.faults.append(Fault(column, message))


@dataclass(slots=True)
class Desk:
    """What all rows of a file are decided with; `seen` and `made` grow over its chunks.

    `seen` holds the keys of earlier rows with their lines, `made` what a dry run would have made.
    """

    kind: str
    headers: Mapping[str, str]
    existing: str = UPDATE
    create: bool = True
    fields: tuple[Field, ...] = ()
    seen: dict[int, int] = field(default_factory=dict)
    made: set[Wanted] = field(default_factory=set)

    def header(self, name: str) -> str:
        """What the file calls the column of a field."""
        return self.headers.get(name, "")

    def is_second(self, decision: Decision, key: Any, called: str) -> bool:
        """Whether an earlier row has the same key; then the row is blamed."""
        # Hashes, because 200,000 keys themselves would be most of an import's memory.
        first = self.seen.setdefault(hash(key), decision.record.line)
        if first == decision.record.line:
            return False
        message = f"Line {first} has the same {called}. Keep one of the two."
        decision.blame(self.header(called.replace(" ", "_")), message)
        return True
