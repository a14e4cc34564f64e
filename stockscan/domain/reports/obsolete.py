"""Stock that no machine needs any more, or more of it than its machines will ever need.

A part is obsolete when parts lists name it and everything on those lists is retired; it is too
much when there is more of it than the machines in service will use up in the rest of their lives.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from stockscan.domain.depreciation import months_between
from stockscan.domain.figures import MILLI, divide


class Surplus(StrEnum):
    """Why a part in stock is one too many."""

    OBSOLETE = "obsolete"
    PARTIAL = "partial"


class Listing(NamedTuple):
    """Where a part is wanted: how many lines name it, and how many of them are alive.

    Alive is a line of a machine in service, of a model of which none has come yet, or of a plan
    that goes on. `ahead_milli` is what these will use up for the rest of their lives, None where
    nobody knows.
    """

    lines: int
    alive: int
    ahead_milli: int | None

    def joined(self, other: "Listing") -> "Listing":
        """Both together; what is unknown of one is unknown of both."""
        ahead_milli = None
        if self.ahead_milli is not None and other.ahead_milli is not None:
            ahead_milli = self.ahead_milli + other.ahead_milli
        return Listing(self.lines + other.lines, self.alive + other.alive, ahead_milli)


class Excess(NamedTuple):
    """Why it is too much, how much of it, and what that much is worth (1/10,000)."""

    surplus: Surplus
    quantity_milli: int
    value_e4: int


def excess(on_hand_milli: int, value_e4: int, listing: Listing) -> Excess | None:
    """What of the stock is too much; None where nothing is, or nobody can say."""
    if on_hand_milli <= 0 or not listing.lines:
        return None
    if not listing.alive:
        return Excess(Surplus.OBSOLETE, on_hand_milli, value_e4)
    if listing.ahead_milli is None or on_hand_milli <= listing.ahead_milli:
        return None
    left = on_hand_milli - listing.ahead_milli
    # What can be spared is whole where the need is a fraction of a piece.
    spare = left // MILLI * MILLI if on_hand_milli % MILLI == 0 else left
    if not spare:
        return None
    return Excess(Surplus.PARTIAL, spare, divide(value_e4 * spare, on_hand_milli))


def changes_left(asset_life_months: int, age_months: int, part_life_months: int) -> int:
    """How often a part will still be changed in a machine: each full part life before its end.

    A part that would fall due on the machine's last day is not changed any more.
    """
    last = max(asset_life_months - 1, 0) // part_life_months
    return max(last - max(age_months, 0) // part_life_months, 0)


class Life(NamedTuple):
    """When a machine came and for how many months it is to last; None where nobody said."""

    bought: date | None
    life_months: int | None


class ModelLine(NamedTuple):
    """A line of a model's parts list."""

    part_id: int
    model_id: int
    place: str
    quantity_milli: int
    life_months: int | None


class OwnLine(NamedTuple):
    """A line of one machine's own list; it stands for its model's of that part and place."""

    part_id: int
    model_id: int | None
    place: str
    quantity_milli: int
    life_months: int | None
    in_use: bool
    life: Life


class PlanLine(NamedTuple):
    """A part of a plan's kit; alive while the plan comes round on a machine in use."""

    part_id: int
    alive: bool


class Fleet(NamedTuple):
    """The machines of the company: per model how many ever came, and those in use by their life."""

    known: Mapping[int, int]
    in_use: Mapping[int, Mapping[Life, int]]


class Lists(NamedTuple):
    """Everything that names parts: lines of models, of single machines, and kits of plans."""

    models: Sequence[ModelLine]
    own: Sequence[OwnLine]
    plans: Sequence[PlanLine]


def listings(lists: Lists, fleet: Fleet, today: date) -> dict[int, Listing]:
    """Where each part is wanted: a machine's own line replaces its model's of that place."""
    replaced = Counter(
        (line.part_id, line.model_id, line.place, line.life) for line in lists.own if line.in_use
    )
    found: dict[int, Listing] = defaultdict(lambda: Listing(0, 0, 0))
    for line in lists.models:
        if not fleet.known.get(line.model_id):
            # None has come yet: what is bought for it is no leftover.
            found[line.part_id] = found[line.part_id].joined(Listing(1, 1, None))
            continue
        lives = {
            life: many - replaced[line.part_id, line.model_id, line.place, life]
            for life, many in fleet.in_use.get(line.model_id, {}).items()
        }
        found[line.part_id] = found[line.part_id].joined(_wanted(line, lives, today))
    for each in lists.own:
        if each.quantity_milli:
            lives = {each.life: 1} if each.in_use else {}
            found[each.part_id] = found[each.part_id].joined(_wanted(each, lives, today))
    for kit in lists.plans:
        kitted = Listing(1, 1, None) if kit.alive else Listing(1, 0, 0)
        found[kit.part_id] = found[kit.part_id].joined(kitted)
    return found


def _wanted(line: ModelLine | OwnLine, lives: Mapping[Life, int], today: date) -> Listing:
    here = {life: many for life, many in lives.items() if many > 0}
    if not here:
        return Listing(1, 0, 0)
    changes = [_changes(life, line.life_months, today, many) for life, many in here.items()]
    known = [each for each in changes if each is not None]
    whole = len(known) == len(changes)
    return Listing(1, 1, line.quantity_milli * sum(known) if whole else None)


def _changes(life: Life, part_life: int | None, today: date, many: int) -> int | None:
    if life.bought is None or not life.life_months or not part_life:
        return None
    age_months = months_between(life.bought, today)
    if age_months >= life.life_months:
        # It has outlived its plan; nobody knows how long it goes on.
        return None
    return many * changes_left(life.life_months, age_months, part_life)
