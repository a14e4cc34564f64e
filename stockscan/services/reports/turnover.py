"""Turnover and days of inventory: how fast the stock is used up, in all, by class and by part."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.figures import divide, from_us
from stockscan.domain.reports.months import LAST, Months, first_day, month_of
from stockscan.domain.reports.turnover import average, days_of_inventory, turnover
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store.reports import places, stock
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock
from stockscan.store.reports.usage import Only, first_month, usage
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

CLASSES: Final = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast something was used up: consumption and average inventory at cost, and the days."""

    used_e4: int
    average_e4: int
    days: int

    @property
    def turns(self) -> int | None:
        """Turnover in hundredths; None where nothing was in stock."""
        return turnover(self.used_e4, self.average_e4)

    @property
    def days_on_hand(self) -> int | None:
        """Days of inventory in hundredths; None without consumption."""
        return days_of_inventory(self.used_e4, self.average_e4, self.days)


@dataclass(frozen=True, slots=True)
class PartPace:
    """A part, its pace, and what its stock was worth in the end."""

    part: PartStock
    pace: Pace
    end_e4: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """The pace of all stock, by class, and of each part, the most money in stock first.

    `worth_e4` is what the stock was worth at the start and at the end of each month, `used_e4` what
    was used in each month. Of one part `held_milli` is how much lay there at these moments, and
    `narrowed` names it. `begun` is the first month in which anything moved at all.
    """

    months: Months
    begun: int
    pace: Pace
    worth_e4: list[int]
    used_e4: dict[int, int]
    classes: dict[str, Pace]
    parts: list[PartPace]
    held_milli: list[int] = field(default_factory=list)
    narrowed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Over which months ("2026-01"), of which parts or of one (code), at a place (code or name)."""

    from_month: str = ""
    to_month: str = ""
    part: str = ""
    of: OfParts = EVERY
    place: str = ""


ALL: Final = Asked()


def turnovers(ctx: Context, asked: Asked = ALL) -> Turnover:
    """How fast the stock of some parts was used up; months before anything moved are left out.

    At a place it is what was taken from there, and what lay there at the average of all stock of
    the part. Nothing of parts that this person still has to count blind is in it. Raises `Invalid`
    and `NotFound` that name the field.
    """
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, asked.from_month, asked.to_month)
    with snapshot() as connection:
        only = only_of(connection, ctx, asked.of, asked.place)
        if not asked.part:
            return turnover_in(connection, ctx, months, only)
        part = thing_called(connection, asked.part, Kind.PART, "part")
        alone = replace(only, part_ids=(part.id,))
        found = turnover_in(connection, ctx, months, alone)
        moved = places.moved_there(connection, found.months, alone)
        held = places.held_by_part(connection, found.months, alone, moved).get(part.id, [])
        milli = [each.here_milli for each in held]
        return replace(found, held_milli=milli, narrowed={"part": part.name})


def turnover_in(connection: Connection, ctx: Context, asked: Months, only: Only) -> Turnover:
    """The answer itself."""
    begun = first_month(connection)
    months = Months(min(max(asked.first, begun or asked.first), asked.last), asked.last)
    parts = stock.parts_in_stock(connection, only)
    if only.at:
        lay = _there(connection, months, only)
    else:
        lay = _anywhere(connection, months, month_of(ctx.now_us), parts, only)
    over = min(first_day(months.last + 1), _tomorrow(from_us(ctx.now_us).date()))
    days = max((over - first_day(months.first)).days, 1)
    paces = []
    for part in parts.values():
        if part.id in lay.held or part.id in lay.used_e4:
            held_e4, end_e4 = lay.held.get(part.id, (0, 0))
            pace = Pace(lay.used_e4.get(part.id, 0), held_e4, days)
            paces.append(PartPace(part, pace, end_e4))
    paces.sort(key=lambda each: (-each.pace.average_e4, each.part.part_number))
    return Turnover(
        months=months,
        begun=months.first if begun is None else begun,
        pace=Pace(sum(lay.used_e4.values()), average(lay.worth_e4), days),
        worth_e4=lay.worth_e4,
        used_e4=lay.by_month_e4,
        classes=_classes(paces, days),
        parts=paces,
    )


@dataclass(frozen=True, slots=True)
class _Lay:
    """What the stock was worth at the ends of the months, and what was used, by part and month.

    `held` is what each part was worth on average and in the end.
    """

    worth_e4: list[int]
    held: dict[int, tuple[int, int]]
    used_e4: dict[int, int]
    by_month_e4: dict[int, int]


def _anywhere(
    connection: Connection, months: Months, now: int, parts: dict[int, PartStock], only: Only
) -> _Lay:
    """From the sums that are kept."""
    worth = stock.worth_at_ends(connection, *months, now, only)
    short = stock.short_of_now(connection, months, only)
    later = usage(connection, months.last + 1, LAST, ("part_id",), only)
    since = {row.part_id: row.value_e4 for row in later}
    used = replace(only, used=True)
    return _Lay(
        worth_e4=worth,
        held={
            part.id: (
                divide(part.value_e4 * len(worth) - short.get(part.id, 0), len(worth)),
                part.value_e4 - since.get(part.id, 0),
            )
            for part in parts.values()
            if part.value_e4 or part.id in short
        },
        used_e4={
            row.part_id: row.used_e4 for row in usage(connection, *months, ("part_id",), used)
        },
        by_month_e4={
            row.month: row.used_e4 for row in usage(connection, *months, ("month",), used)
        },
    )


def _there(connection: Connection, months: Months, only: Only) -> _Lay:
    """From the rows of the place, read once."""
    moved = places.moved_there(connection, months, only)
    held = places.held_by_part(connection, months, only, moved)
    worth = {part_id: [each.worth_e4 for each in ends] for part_id, ends in held.items()}
    by_part, by_month = Counter[int](), Counter[int]()
    for row in moved:
        if row.month <= months.last and (row.used_milli or row.used_e4):
            by_part[row.part_id] += row.used_e4
            by_month[row.month] += row.used_e4
    return _Lay(
        worth_e4=[
            sum(each[at] for each in worth.values()) for at in range(months.last - months.first + 2)
        ],
        held={part_id: (average(each), each[-1]) for part_id, each in worth.items() if any(each)},
        used_e4={part_id: used for part_id, used in by_part.items() if used},
        by_month_e4={month: used for month, used in by_month.items() if used},
    )


def _classes(paces: list[PartPace], days: int) -> dict[str, Pace]:
    used: dict[str, int] = defaultdict(int)
    held: dict[str, int] = defaultdict(int)
    for each in paces:
        used[each.part.abc_class] += each.pace.used_e4
        held[each.part.abc_class] += each.pace.average_e4
    return {
        name: Pace(used[name], held[name], days) for name in CLASSES if used[name] or held[name]
    }


def _tomorrow(today: date) -> date:
    return date.fromordinal(today.toordinal() + 1)
