"""What lies in stock now, part by part, and what it was worth before: from today backwards."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.figures import from_us, times
from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.months import LAST, Months, month_of
from stockscan.domain.reports.places import Held
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.lots import Lot, lot_of
from stockscan.store.parts import Part, PartWorth
from stockscan.store.reports.named import PART_NAMES
from stockscan.store.reports.narrowing import EVERYWHERE, AtPlace
from stockscan.store.reports.places import held_now
from stockscan.store.reports.summing import summed
from stockscan.store.reports.usage import ALL, Only, sums, usage
from stockscan.store.stock import Balance, Movement

# As many parts as are asked about at once.
_AT_ONCE: Final = 500
# Goods that were used up.
_OUT: Final = (MovementKind.ISSUE, MovementKind.INSTALL)


@dataclass(frozen=True, slots=True)
class PartStock:
    """A part as the books have it: how much, what it is worth, its class and its first day."""

    id: int
    code: str
    part_number: str
    name: str
    unit: str
    abc_class: str
    quantity_milli: int
    value_e4: int
    created_us: int


@dataclass(frozen=True, slots=True)
class LotStock:
    """So much of a lot in a bin, at the part's average, and the day on which it expires.

    `since_month` is that in which some of it first moved there.
    """

    part_code: str
    part_number: str
    part: str
    unit: str
    lot: str
    location_code: str
    location: str
    expires_on: date
    since_month: int
    quantity_milli: int
    value_e4: int


def parts_in_stock(connection: Connection | Session, only: Only = ALL) -> dict[int, PartStock]:
    """Every part that is kept or has ever been, by its id; at a place with what lies there."""
    wanted = (
        select(
            Part.id,
            *PART_NAMES,
            Part.abc_class,
            func.coalesce(PartWorth.quantity_milli, 0),
            func.coalesce(PartWorth.value_e4, 0),
            Part.created_us,
        )
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(*only.parts(Part.id))
    )
    found = {row[0]: PartStock(*row) for row in connection.execute(wanted)}
    if not only.at:
        return found
    here = held_now(connection, only)
    return {part_id: _of_it(part, here.get(part_id, Held())) for part_id, part in found.items()}


def _of_it(part: PartStock, held: Held) -> PartStock:
    return replace(part, quantity_milli=held.here_milli, value_e4=held.worth_e4)


def worth_now(connection: Connection | Session, only: Only = ALL) -> int:
    """What all of the stock is worth now."""
    seen = select(func.sum(PartWorth.value_e4)).where(*only.parts(PartWorth.part_id))
    return int(connection.execute(seen).scalar() or 0)


def worth_at_ends(
    connection: Connection | Session, first: int, last: int, now: int, only: Only = ALL
) -> list[int]:
    """What the stock was worth before the month `first` and at the end of each up to `last`.

    Reckoned from what it is worth now, less all that moved since; `now` is this month.
    """
    rows = usage(connection, first, max(now, last), ("month",), only)
    moved = {row.month: row.value_e4 for row in rows}
    worth = worth_now(connection, only)
    ends = [worth]
    for month in range(max(now, last), first - 1, -1):
        worth -= moved.get(month, 0)
        ends.append(worth)
    return ends[::-1][: last - first + 2]


def short_of_now(
    connection: Connection | Session, months: Months, only: Only = ALL
) -> dict[int, int]:
    """By how much the ends of some months fall short of what each part is worth now, together.

    The ends are the start of the first month and the end of each: a change in a month is not in
    the ends before it, and one after the months is in none.
    """
    ends = months.last - months.first + 2
    moved = sums(months.first, LAST, ("part_id", "month"), only).subquery("moved")
    nth = moved.c.month - (months.first - 1)
    before = case((nth < ends, nth), else_=ends)
    short = summed(moved.c.value_e4 * before)
    rows = connection.execute(select(moved.c.part_id, short).group_by(moved.c.part_id))
    return {row[0]: row[1] for row in rows}


def last_used(connection: Connection | Session, only: Only) -> dict[int, int]:
    """The last month in which more of each part was used than brought back."""
    used = sums(0, LAST, ("part_id", "month"), only).subquery("used")
    wanted = select(used.c.part_id, func.max(used.c.month)).where(used.c.used_milli > 0)
    rows = connection.execute(wanted.group_by(used.c.part_id))
    return {row[0]: row[1] for row in rows}


def last_days(
    connection: Connection | Session, part_ids: Collection[int], at: AtPlace = EVERYWHERE
) -> dict[int, date]:
    """The last day (UTC) on which each of a few parts was used, what was taken back aside."""
    reversed_by = aliased(Movement)
    undone = select(reversed_by.seq).where(reversed_by.reverses_seq == Movement.seq).exists()
    wanted_ids, last = sorted(part_ids), dict[int, date]()
    for start in range(0, len(wanted_ids), _AT_ONCE):
        few = wanted_ids[start : start + _AT_ONCE]
        wanted = (
            select(Movement.part_id, func.max(Movement.effective_us))
            .where(Movement.part_id.in_(few), Movement.kind.in_(_OUT), ~undone)
            .where(at.has(Movement.location_id))
            .group_by(Movement.part_id)
        )
        last |= {row[0]: from_us(row[1]).date() for row in connection.execute(wanted)}
    return last


def expiring(connection: Connection | Session, until: date, only: Only = ALL) -> list[LotStock]:
    """What lies in stock of lots that expire up to that day or have, the first to expire first."""
    keys = ("part_id", "location_id", "lot", "serial")
    same = and_(*(getattr(Movement, key) == getattr(Balance, key) for key in keys))
    rows: Any = connection.execute(
        select(
            *PART_NAMES,
            Lot.lot,
            Location.code,
            Location.name,
            Lot.expires_on,
            select(func.min(month_of(Movement.effective_us))).where(same).scalar_subquery(),
            Balance.quantity_milli,
            PartWorth.average_e4,
        )
        .select_from(Lot)
        .join(Balance, lot_of(Balance))
        .join(Part, Part.id == Lot.part_id)
        .join(PartWorth, PartWorth.part_id == Lot.part_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Lot.expires_on <= until, Balance.quantity_milli > 0)
        .where(*only.parts(Lot.part_id), only.at.has(Balance.location_id))
        .order_by(Lot.expires_on, Part.part_number, Location.name, Lot.lot)
    )
    return rows_as(LotStock, ([*row[:-1], times(row[-2], row[-1])] for row in rows))


def models_of(connection: Connection | Session) -> dict[int, str]:
    """The name of each asset's model, by the asset's id; assets without a model are not in it."""
    wanted = select(Asset.id, AssetModel.name).join(AssetModel, AssetModel.id == Asset.model_id)
    return {row[0]: row[1] for row in connection.execute(wanted)}
