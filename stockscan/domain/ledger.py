"""The ledger's vocabulary and order: what a movement is, and where it stands in time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

# Rows of the same instant: goods first, then what a count of that instant booked.
RANK_GOODS: Final = 0
RANK_COUNT: Final = 1


class MovementKind(StrEnum):
    """Why a quantity or a value changed."""

    OPENING = "opening"
    RECEIVE = "receive"
    ISSUE = "issue"
    INSTALL = "install"
    RETURN_FROM_ASSET = "return_from_asset"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    SCRAP = "scrap"
    COUNT_ADJUST = "count_adjust"
    LATE_CORRECTION = "late_correction"
    REVERSAL = "reversal"
    REVALUATION = "revaluation"


class Key(NamedTuple):
    """What is counted: a part at a location, and its lot and serial ("" where not tracked)."""

    part_id: int
    location_id: int
    lot: str = ""
    serial: str = ""


class Position(NamedTuple):
    """Where a row stands in the physical order of its key: (effective_us, rank, seq)."""

    effective_us: int
    rank: int
    seq: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When a write happened, as far as the server can tell.

    `received_us` is the server's clock at arrival; `effective_us` is when the goods moved;
    `earliest_us` is the start of the interval in which they may have moved (equal when certain).
    """

    received_us: int
    effective_us: int
    earliest_us: int

    @property
    def certain(self) -> bool:
        """Whether the instant is known."""
        return self.earliest_us >= self.effective_us


def timing(
    *,
    now_us: int,
    age_ms: int = 0,
    seen_us: int | None = None,
    capture: int = 0,
    carry_min: int = 0,
) -> Timing:
    """The effective time of an operation from the server's clock and the age of the scan.

    `effective = now - age`, clamped to `[seen, now]`; operations clamped to the same `seen` keep
    the phone's capture order, a microsecond per capture. A phone's own clock is never used.
    """
    effective = now_us - age_ms * 1000
    if seen_us is not None and effective < seen_us:
        effective = seen_us + max(capture, 0)
    effective = min(effective, now_us)
    return Timing(now_us, effective, effective - carry_min * 60_000_000)


def free_instant(wanted_us: int, movements_us: set[int], counts_us: set[int]) -> int:
    """The instant nearest to `wanted_us` that no other event of the key holds.

    Later instants come first, but never across a count; then earlier ones, likewise. Where two
    counts leave no room, the wanted instant is shared: the sequence number orders the rows.
    """
    for step in (1, -1):
        instant = wanted_us
        while instant in movements_us and instant not in counts_us:
            instant += step
        if instant not in counts_us:
            return instant
    return wanted_us
