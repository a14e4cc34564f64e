"""Turnover and days of inventory: how fast the stock is used up, in all, by class and by part."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import divide, from_us
from stockscan.domain.reports.months import Months, first_day, month_of
from stockscan.domain.reports.turnover import average, days_of_inventory, turnover
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store.reports import stock
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock
from stockscan.store.reports.usage import first_month, usage
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
    """A part and its pace."""

    part: PartStock
    pace: Pace


@dataclass(frozen=True, slots=True)
class Turnover:
    """The pace of all stock, by class, and of each part, the most money in stock first.

    `worth_e4` is what the stock was worth at the start and at the end of each month.
    """

    months: Months
    pace: Pace
    worth_e4: list[int]
    classes: dict[str, Pace]
    parts: list[PartPace]


def turnovers(
    ctx: Context, from_month: str = "", to_month: str = "", of: OfParts = EVERY
) -> Turnover:
    """How fast the stock of some parts was used up; months before anything moved are left out.

    Nothing of parts that this person still has to count blind is in it. Raises `Invalid` that
    names the field.
    """
    require(ctx.actor, Permission.READ)
    asked = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        return turnover_in(connection, ctx, asked, of)


def turnover_in(
    connection: Connection, ctx: Context, asked: Months, of: OfParts = EVERY
) -> Turnover:
    """The answer itself."""
    only = only_of(connection, ctx, of)
    begun = first_month(connection)
    months = Months(min(max(asked.first, begun or asked.first), asked.last), asked.last)
    worth = stock.worth_at_ends(connection, *months, month_of(ctx.now_us), only)
    parts = stock.parts_in_stock(connection, only)
    short = stock.short_of_now(connection, months, only)
    used = usage(connection, *months, ("part_id",), replace(only, used=True))
    over = min(first_day(months.last + 1), _tomorrow(from_us(ctx.now_us).date()))
    days = max((over - first_day(months.first)).days, 1)
    used_e4 = {row.part_id: row.used_e4 for row in used}
    paces = []
    for part in parts.values():
        if part.value_e4 or part.id in short:
            held_e4 = _average(part, short.get(part.id, 0), months)
            paces.append(PartPace(part, Pace(used_e4.get(part.id, 0), held_e4, days)))
    paces.sort(key=lambda each: (-each.pace.average_e4, each.part.part_number))
    whole = Pace(sum(used_e4.values()), average(worth), days)
    return Turnover(months, whole, worth, _classes(paces, days), paces)


def _average(part: PartStock, short_e4: int, months: Months) -> int:
    """The mean of the part's worth at the start and at the end of each month."""
    ends = months.last - months.first + 2
    return divide(part.value_e4 * ends - short_e4, ends)


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
