"""A machine's parts as people read them: what belongs in it, what is in it, what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from stockscan.domain import installs as rules
from stockscan.domain.access import Permission, require
from stockscan.services.work import Context, reading
from stockscan.store import meters
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.installs.base import InstalledPart, installed
from stockscan.store.installs.listed import ListedPart, Own, own_lines, parts_list
from stockscan.store.meters import MeterRow
from stockscan.store.purchasing.coming import Coming, coming
from stockscan.store.scanning import asset_called


@dataclass(frozen=True, slots=True)
class Due:
    """When a part is due: on a day, or at `at_milli` of a meter, which shows `now_milli`.

    `is_soon` marks it: within a month, with a tenth of its life left, or over already.
    """

    on: date | None = None
    at_milli: int | None = None
    now_milli: int | None = None
    meter: MeterRow | None = None
    is_soon: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Belongs:
    """A line of a machine's list, with when it is due and what of it is on its way."""

    part: ListedPart
    due: Due
    coming: Coming | None


@dataclass(frozen=True, slots=True)
class InIt:
    """Something that is in a machine by the ledger, with when it is due."""

    part: InstalledPart
    due: Due


@dataclass(frozen=True, slots=True)
class AssetParts:
    """What belongs in a machine, and what is in it by the ledger.

    `out` has a serial and was replaced by another, but nobody said where it went. `hides` tells
    that some of it is not shown to who reads, who counts that part blind.
    """

    asset: AssetRow
    listed: list[Belongs]
    installed: list[InIt]
    out: list[InstalledPart]
    hides: bool

    @property
    def due(self) -> int:
        """How many lines of the list are due."""
        return sum(line.due.is_soon for line in self.listed)


@dataclass(frozen=True, slots=True)
class OwnList:
    """What one machine's own list says, and what it has from its model."""

    asset: AssetRow
    own: list[Own]
    inherited: list[ListedPart]


def asset_parts(ctx: Context, reference: str) -> AssetParts:
    """What belongs in an asset and what is in it. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        row = _asset(connection, reference)
        blind = blindness(connection, actor)
        listed = parts_list(connection, row.id, blind)
        here, out = installed(connection, row.id, listed)
        clock = _Clock(ctx.today, meters.meters_of(connection, row.id))
        arriving = _arriving(connection, {part.part_id for part in listed})
        hidden = hidden_parts(connection, blind, {part.part_id for part in (*here, *out)})
    return AssetParts(
        asset=row,
        listed=[
            Belongs(part, clock.of_line(part, listed, here, row), arriving.get(part.part_id))
            for part in listed
        ],
        installed=[
            InIt(part, clock.of_installed(part)) for part in here if part.part_id not in hidden
        ],
        out=[part for part in out if part.part_id not in hidden],
        hides=bool(hidden),
    )


def own_list(ctx: Context, reference: str) -> OwnList:
    """The lines that one asset has of its own, and those of its model. Raises `NotFound`."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with reading() as connection:
        row = _asset(connection, reference)
        listed = parts_list(connection, row.id)
        inherited = [part for part in listed if not part.is_own]
        return OwnList(row, own_lines(connection, row.id), inherited)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Today, and what the meters of the machine show now."""

    today: date
    meters: Sequence[MeterRow]

    def of_installed(self, part: InstalledPart) -> Due:
        """When what is in the machine is due."""
        return self._due(part.due_on, part.due_milli, part.meter, part.life_milli)

    def of_line(
        self,
        part: ListedPart,
        listed: Iterable[ListedPart],
        here: Sequence[InstalledPart],
        asset: AssetRow,
    ) -> Due:
        """When a line of the list is due first.

        What the ledger does not know came with the machine: its age counts from the purchase.
        """
        mine = [one for one in here if one.stands_for == part.part_id]
        belongs = sum(one.quantity_milli for one in listed if one.part_id == part.part_id)
        days = [one.due_on for one in mine if one.due_on]
        is_whole = sum(one.quantity_milli for one in mine) >= belongs
        if not is_whole and asset.purchase_date and part.life_months:
            days.append(rules.due_on(asset.purchase_date, part.life_months) or self.today)
        readings = [one.due_milli for one in mine if one.due_milli is not None]
        first = min(readings, default=None)
        return self._due(min(days, default=None), first, part.meter, part.life_milli)

    def _due(self, on: date | None, at: int | None, meter: str, life: int | None) -> Due:
        called = [one for one in self.meters if one.name.lower() == meter.lower()] if meter else []
        now = called[0].value_milli if called else None
        is_worn = rules.is_worn(at, now, life)
        is_over = (on is not None and on < self.today) or (
            at is not None and now is not None and now >= at
        )
        return Due(
            on=on,
            at_milli=at if called else None,
            now_milli=now,
            meter=called[0] if called else None,
            is_soon=is_worn or rules.is_soon(on, self.today),
            is_over=is_over,
        )


def _arriving(connection: Connection, part_ids: set[int]) -> Mapping[int, Coming]:
    """Of each of the parts what comes next: what is expected first, before what has no day."""
    found: dict[int, Coming] = {}
    for one in coming(connection, part_ids) if part_ids else ():
        known = found.get(one.part_id)
        if one.part_id in part_ids and (known is None or _when(one) < _when(known)):
            found[one.part_id] = one
    return found


def _when(one: Coming) -> date:
    return one.expected_on or date.max


def _asset(connection: Connection, reference: str) -> AssetRow:
    return queries.asset(connection, asset_called(connection, reference))
