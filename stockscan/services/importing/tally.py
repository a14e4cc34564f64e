"""What came out of checking or importing a file: counts, examples of changes, the first faults."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from stockscan.domain.importing.targets import TARGETS
from stockscan.services.importing.deciding import Decision, Desk, What
from stockscan.services.importing.references import all_wanted
from stockscan.store.importing.lookups import fold

FAULTS: Final = 100
SAMPLES: Final = 20


@dataclass(slots=True)
class Tally:
    """Counts of rows by what became of them, and of what was made beside them.

    `faults` are the first of them: line, column and sentence. `samples` are the first changes.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    made: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    hints: list[dict[str, Any]] = field(default_factory=list)
    hinted: int = 0
    trouble: str = ""

    @property
    def good(self) -> int:
        """How many rows change something."""
        return self.new + self.changed

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return self.new + self.changed + self.same + self.wrong

    def add(self, desk: Desk, decisions: Sequence[Decision]) -> None:
        """Count a chunk in; `desk.made` remembers what earlier chunks would have made."""
        good = [one for one in decisions if one.what in (What.NEW, What.CHANGED)]
        keys = {fold(one.record.fields["path"]) for one in good if desk.kind == "location"}
        fresh = [one for one in all_wanted(good) if one not in desk.made and one.key not in keys]
        desk.made.update(fresh)
        for kind, count in Counter(one.kind for one in fresh).items():
            self.made[kind] = self.made.get(kind, 0) + count
        for one in decisions:
            setattr(self, one.what.value, getattr(self, one.what.value) + 1)
            if one.what is What.WRONG:
                self._keep_faults(one)
            elif one.what is What.CHANGED and one.changes and len(self.samples) < SAMPLES:
                self.samples.append(_sample(desk.kind, one))

    def encoded(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def decoded(text: str) -> "Tally":
        """From JSON."""
        return Tally(**json.loads(text))

    def _keep_faults(self, one: Decision) -> None:
        for fault in one.record.faults:
            if len(self.faults) < FAULTS:
                self.faults.append({"line": one.record.line, **fault._asdict()})


def _sample(kind: str, one: Decision) -> dict[str, Any]:
    said = one.record.fields
    named = ("tag", "part_number", "name", "model", "part")
    name = next((str(said[each]) for each in named if said.get(each)), "")
    labels = {target.name: target.label for target in TARGETS[kind].values()}
    changes = [
        [labels.get(field, field), before, after] for field, (before, after) in one.changes.items()
    ]
    return {"line": one.record.line, "name": name, "changes": changes}
