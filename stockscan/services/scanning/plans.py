"""What a scan meets, and what it is found to mean: the values that planning works on."""

from dataclasses import dataclass
from typing import Any

from stockscan.domain.scanning import Mode, Step
from stockscan.services.scanning.looking import Resolved
from stockscan.store.screen import Thing


@dataclass(frozen=True, slots=True)
class Situation:
    """What a scan meets.

    `on` is the code of the chosen thing and `was` of the one before it; `times` how many the next
    part means; `many` the codes collected so far; `link` an unknown text that waits for its thing;
    `done` the action on the screen; `part` and `act` an entry that waits for its number; `work` the
    name of the job that parts on the chosen machine are charged to.

    Of a count: `count` is its id; `since` when the bin was scanned, as a token of the server;
    `at_lot` the lot that the entry is about; `entries` what was scanned and typed for it so far;
    `say` what somebody is about to say of the whole bin: that it is `empty`, or that these are
    `all`.
    """

    mode: Mode = Mode.LOOK_UP
    on: str = ""
    was: str = ""
    times: int = 1
    many: tuple[str, ...] = ()
    link: str = ""
    done: str = ""
    part: str = ""
    act: str = ""
    count: str = ""
    since: str = ""
    at_lot: str = ""
    entries: tuple[str, ...] = ()
    say: str = ""
    work: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scan means: a step, and what is to be written or what the next scan meets then.

    `operations` are the writes, without their ids, in order; what the next scan meets after them
    says `after_doing`. `part` is the part whose number is entered next, in the bin `on`.
    """

    step: Step
    scanned: Resolved
    after: Situation
    operations: tuple[dict[str, Any], ...] = ()
    part: Thing | None = None
    on: Thing | None = None
    quantity: str = ""
