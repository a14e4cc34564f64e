"""Why a count may differ from the books: what is said at review, and what the facts point to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from stockscan.domain.figures import MICRO, MILLI

# Bins as near to each other on the way as a hand reaches from one to the other.
NEAR_BINS: Final = 2

# How long before or after a count goods may have been booked that the count saw otherwise.
NEAR_US: Final = 3_600 * MICRO
TWICE_US: Final = 600 * MICRO

# Dozens, hundreds, and thousandths of a unit, for parts whose packs nobody noted.
COMMON_FACTORS: Final = (12_000, 100_000, 1_000_000)


class Cause(StrEnum):
    """The reason that somebody gives for a difference when they decide about it."""

    MISSING = "missing"
    FOUND = "found"
    DAMAGED = "damaged"
    RECORDED_WRONG = "recorded_wrong"
    NOT_RECORDED_OUT = "not_recorded_out"
    NOT_RECORDED_IN = "not_recorded_in"
    MISPLACED = "misplaced"
    UNITS = "units"
    OTHER = "other"


class Hint(StrEnum):
    """What the facts around a difference point to, likeliest first."""

    SERIAL_ELSEWHERE = "serial_elsewhere"
    ASKED = "asked"
    WAITING = "waiting"
    NEXT_DOOR = "next_door"
    SWAPPED = "swapped"
    MOVED_ABOUT_THEN = "moved_about_then"
    RECORDED_TWICE = "recorded_twice"
    OTHER_BIN = "other_bin"
    PACKS = "packs"
    TYPING = "typing"


CAUSES: Final = {
    Hint.SERIAL_ELSEWHERE: Cause.MISPLACED,
    Hint.ASKED: Cause.NOT_RECORDED_OUT,
    Hint.WAITING: Cause.NOT_RECORDED_OUT,
    Hint.NEXT_DOOR: Cause.MISPLACED,
    Hint.SWAPPED: Cause.RECORDED_WRONG,
    Hint.MOVED_ABOUT_THEN: Cause.NOT_RECORDED_OUT,
    Hint.RECORDED_TWICE: Cause.RECORDED_WRONG,
    Hint.OTHER_BIN: Cause.MISPLACED,
    Hint.PACKS: Cause.UNITS,
    Hint.TYPING: Cause.OTHER,
}


@dataclass(frozen=True, slots=True)
class Record:
    """What was counted, against the books at that moment; `agreed`: two people found the same."""

    counted_milli: int
    book_milli: int
    counted_us: int
    serial: str = ""
    agreed: bool = False

    @property
    def variance_milli(self) -> int:
        """How far off the books were: below 0 for too few."""
        return self.counted_milli - self.book_milli


@dataclass(frozen=True, slots=True)
class Other:
    """Another record of the same part with a difference that nobody has decided about.

    `bins_apart` is how many bins one walks on from here, 0 for this bin, None where it is not on
    this way; `same_mark` that it is the same lot or serial (or the part has neither).
    """

    line_id: int
    variance_milli: int
    bins_apart: int | None
    same_parent: bool
    same_mark: bool

    @property
    def is_near(self) -> bool:
        """Whether its bin is a neighbour."""
        by_way = self.bins_apart is not None and self.bins_apart <= NEAR_BINS
        return by_way or (self.bins_apart is None and self.same_parent)


@dataclass(frozen=True, slots=True)
class Moved:
    """Goods of this key that an operation booked (signed), or would book: it still waits.

    `asked` tells that "before or after the count?" is still open for it.
    """

    operation_id: str
    quantity_milli: int
    effective_us: int
    asked: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known around a difference. `packs_milli` are the sizes in which the part is bought;
    `booked_elsewhere` that the books hold this serial somewhere else."""

    others: Sequence[Other] = ()
    moved: Sequence[Moved] = ()
    packs_milli: Sequence[int] = ()
    booked_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Clue:
    """One likely cause; it names the line, the operation or the factor that it is about."""

    hint: Hint
    line_id: int | None = None
    operation_id: str = ""
    factor_milli: int = 0

    @property
    def cause(self) -> Cause:
        """The reason that this clue suggests."""
        return CAUSES[self.hint]


def likely_causes(record: Record, facts: Facts) -> tuple[Clue, ...]:
    """What the facts point to, likeliest first; nothing where the count equals the books."""
    if not record.variance_milli:
        return ()
    clues = [
        *_elsewhere(record, facts),
        *_scans(record, facts.moved),
        *_twice(record, facts.moved),
        *_slips(record, facts.packs_milli),
    ]
    order = list(Hint)
    return tuple(sorted(clues, key=lambda clue: order.index(clue.hint)))


def usual_cause(record: Record, clues: Sequence[Clue]) -> Cause:
    """The reason to offer first: what the best clue suggests, else that goods went or came."""
    if clues and clues[0].cause is Cause.NOT_RECORDED_OUT and record.variance_milli > 0:
        return Cause.NOT_RECORDED_IN
    if clues:
        return clues[0].cause
    return Cause.MISSING if record.variance_milli < 0 else Cause.FOUND


def _elsewhere(record: Record, facts: Facts) -> Iterator[Clue]:
    """The same pieces somewhere else, or under another lot or serial in the same bin."""
    if record.serial and facts.booked_elsewhere and record.variance_milli > 0:
        yield Clue(Hint.SERIAL_ELSEWHERE)
    opposite = [one for one in facts.others if one.variance_milli == -record.variance_milli]
    for other in sorted(opposite, key=_distance):
        if other.same_mark and record.serial:
            yield Clue(Hint.SERIAL_ELSEWHERE, line_id=other.line_id)
        elif other.same_mark and other.bins_apart != 0:
            hint = Hint.NEXT_DOOR if other.is_near else Hint.OTHER_BIN
            yield Clue(hint, line_id=other.line_id)
        elif not other.same_mark and other.bins_apart == 0:
            yield Clue(Hint.SWAPPED, line_id=other.line_id)


def _distance(other: Other) -> tuple[bool, int]:
    unknown = other.bins_apart is None
    return (unknown and not other.same_parent, 0 if unknown else other.bins_apart or 0)


def _scans(record: Record, moved: Sequence[Moved]) -> Iterator[Clue]:
    """Goods that were gone (or there) when counted, but stand on the other side in the books."""
    missed = record.variance_milli
    for one in moved:
        late_us = one.effective_us - record.counted_us
        if one.asked:
            yield Clue(Hint.ASKED, operation_id=one.operation_id)
        elif one.waiting and one.quantity_milli == missed:
            yield Clue(Hint.WAITING, operation_id=one.operation_id)
        elif one.waiting or abs(late_us) > NEAR_US:
            continue
        elif one.quantity_milli == (missed if late_us > 0 else -missed):
            yield Clue(Hint.MOVED_ABOUT_THEN, operation_id=one.operation_id)


def _twice(record: Record, moved: Sequence[Moved]) -> Iterator[Clue]:
    """The same goods booked twice within minutes, before the count."""
    before = [one for one in moved if not one.waiting and one.effective_us <= record.counted_us]
    before.sort(key=lambda one: one.effective_us)
    for first, second in pairwise(before):
        same = first.quantity_milli == second.quantity_milli == -record.variance_milli
        if same and second.effective_us - first.effective_us <= TWICE_US:
            yield Clue(Hint.RECORDED_TWICE, operation_id=second.operation_id)


def _slips(record: Record, packs_milli: Sequence[int]) -> Iterator[Clue]:
    """Packs counted as pieces, or a slip of the finger; hardly where two people agree."""
    low, high = sorted((record.counted_milli, record.book_milli))
    if record.agreed or record.serial or low <= 0:
        return
    for factor in dict.fromkeys((*packs_milli, *COMMON_FACTORS)):
        if factor > MILLI and low * factor == high * MILLI:
            yield Clue(Hint.PACKS, factor_milli=factor)
            return
    if low % MILLI == 0 and high % MILLI == 0 and _one_slip(str(low // MILLI), str(high // MILLI)):
        yield Clue(Hint.TYPING)


def _one_slip(shorter: str, longer: str) -> bool:
    """Whether one number becomes the other by swapping two neighbours or leaving out a digit."""
    if len(shorter) == len(longer):
        swaps = (
            longer[:i] + longer[i + 1] + longer[i] + longer[i + 2 :] for i in range(len(longer) - 1)
        )
        return shorter in swaps
    return shorter in (longer[:i] + longer[i + 1 :] for i in range(len(longer)))
