"""What is in a machine now: its installs, less what came back, was taken out or was replaced.

Where a part is on the machine's list, as much of it is in the machine as belongs there, the newest
first: a new battery has replaced the old one though nobody brought that back. Of a part that is
not on the list nobody knows how much belongs there: all of it is in the machine that was put in
and not brought back. A serial ends when a later install says that it was removed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from stockscan.domain.depreciation import months_after
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_quantity
from stockscan.domain.operations import Op

# From when on a due part is marked: a month ahead.
SOON_DAYS: Final = 31
# The last part of a life by meter in which it is marked: a tenth.
SOON_SHARE: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """What a parts list says of a part at one place: how much, and how long it lasts there.

    It lasts `life_months`, or `life_milli` (thousandths) of the meter with the name `meter`.
    """

    quantity_milli: int
    place: str = ""
    life_months: int | None = None
    life_milli: int | None = None
    meter: str = ""
    critical: bool = False

    @classmethod
    def of(cls, op: Op) -> "Line":
        """The line that an operation puts on a list.

        Raises `Invalid` where a life by meter lacks its meter, or a meter its life.
        """
        life, meter = op["meter_life"], op["meter"] or ""
        if life and not meter:
            raise Invalid("Say which meter it lasts by.", field="meter")
        if meter and not life:
            message = f"Say how much of {meter} it lasts, or leave the meter out."
            raise Invalid(message, field="meter_life")
        place, critical = op["place"] or "", bool(op["critical"])
        return cls(op["quantity"], place, op["life_months"], life, meter, critical)

    def said(self, unit: str) -> str:
        """How much and how long, as people read it: "2 pcs, lasts 36 months, critical"."""
        lives = [f"{self.life_months} months"] if self.life_months else []
        if self.life_milli:
            lives.append(f"{format_quantity(self.life_milli)} by {self.meter}")
        words = [f"{format_quantity(self.quantity_milli)} {unit}"]
        words += [f"lasts {' or '.join(lives)}"] if lives else []
        return ", ".join([*words, "critical"] if self.critical else words)


@dataclass(frozen=True, slots=True)
class Row:
    """One install or return of the ledger; a return (`returns_seq`) counts up, as an install does.

    `corrects_seq` is the row whose place this one took; a `reversed` one holds no more.
    """

    seq: int
    part_id: int
    lot: str
    serial: str
    quantity_milli: int
    value_e4: int
    at_us: int
    removed_serial: str = ""
    returns_seq: int | None = None
    corrects_seq: int | None = None
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Installed:
    """What of one install is still in: `quantity_milli` of what its row put in."""

    row: Row
    quantity_milli: int

    @property
    def order(self) -> tuple[int, int]:
        """Its place in time among the others."""
        return (self.row.at_us, self.row.seq)


def left(rows: Iterable[Row]) -> list[Installed]:
    """Every install that holds, with what of it was not brought back; newest first.

    A return belongs to the install that it names, or to the row that took that one's place.
    """
    known = {row.seq: row for row in rows}
    back: dict[int, int] = defaultdict(int)
    live = [row for row in known.values() if row.returns_seq is None and not row.reversed]
    heir = {_root(row.seq, known): row.seq for row in live} | {row.seq: row.seq for row in live}
    for row in known.values():
        if row.returns_seq is not None and not row.reversed:
            named = row.returns_seq
            back[heir.get(named) or heir.get(_root(named, known), named)] += row.quantity_milli
    installs = [Installed(row, row.quantity_milli - back[row.seq]) for row in live]
    return sorted(installs, key=lambda one: one.order, reverse=True)


def in_it(
    installs: Sequence[Installed], belongs_milli: Mapping[int, int], stands_for: Mapping[int, int]
) -> list[Installed]:
    """What is in the machine now, of installs in the order of `left`.

    `belongs_milli` says how much of a listed part belongs in the machine; `stands_for` leads from
    a part that may be used instead to the listed one.
    """
    room, found = dict(belongs_milli), []
    removed: set[str] = set()
    for one in installs:
        gone = one.row.serial.casefold() in removed if one.row.serial else False
        if one.row.removed_serial:
            removed.add(one.row.removed_serial.strip().casefold())
        group = stands_for.get(one.row.part_id, one.row.part_id)
        here = 0 if gone else min(one.quantity_milli, room.get(group, one.quantity_milli))
        if group in room:
            room[group] -= max(here, 0)
        if here > 0:
            found.append(replace(one, quantity_milli=here))
    return found


def taken_out(installs: Sequence[Installed], inside: Iterable[Installed]) -> list[Installed]:
    """What has a serial of its own and made room for another: on the machine by the books only."""
    seqs = {one.row.seq for one in inside}
    return [
        one
        for one in installs
        if one.row.serial and one.quantity_milli > 0 and one.row.seq not in seqs
    ]


def groups(listed: Collection[int], substitutes: Iterable[tuple[int, int]]) -> dict[int, int]:
    """From each part that is not listed to the listed one that it may be used instead of."""
    found: dict[int, int] = {}
    for one, other in sorted(substitutes):
        for part_id, stand_in in ((one, other), (other, one)):
            if part_id in listed and stand_in not in listed:
                found.setdefault(stand_in, part_id)
    return found


def due_on(since: date, life_months: int | None) -> date | None:
    """The day on which what is in use since then has reached its age; None without a limit."""
    return months_after(since, life_months) if life_months else None


def is_soon(due: date | None, today: date) -> bool:
    """Whether something is due within a month, or was due before."""
    return due is not None and (due - today).days <= SOON_DAYS


def is_worn(due_milli: int | None, now_milli: int | None, life_milli: int | None) -> bool:
    """Whether a meter has nine tenths of a part's life behind it."""
    if due_milli is None or now_milli is None or not life_milli:
        return False
    return due_milli - now_milli <= life_milli // SOON_SHARE


def _root(seq: int, known: Mapping[int, Row]) -> int:
    """The first of the rows that took one another's place."""
    while seq in known and known[seq].corrects_seq in known:
        seq = known[seq].corrects_seq or seq
    return seq
