"""Slow movers: stock that nobody has used for long, and the money that lies in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import from_us
from stockscan.domain.reports.months import month_at
from stockscan.services.reports.asking import only_of
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports import stock
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock
from stockscan.store.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Slow:
    """A part in stock that was not used for long; `used_month` is the last month, None: never."""

    part: PartStock
    used_month: int | None


@dataclass(frozen=True, slots=True)
class SlowPage:
    """The slow movers, the most money first, beside what the stock of these parts is worth."""

    days: int
    since: date
    parts: list[Slow]
    value_e4: int
    stock_e4: int


def slow_movers(ctx: Context, days: int = 0, of: OfParts = EVERY) -> SlowPage:
    """What has lain in stock for so many days without any use (0: as the settings say).

    Nothing of parts that this person still has to count blind is in it.
    """
    require(ctx.actor, Permission.READ)
    with snapshot() as connection:
        days = days or settings.load(connection).slow_days
        since = ctx.today - timedelta(days=days)
        only = only_of(connection, ctx, of)
        parts = stock.parts_in_stock(connection, only)
        used = stock.last_used(connection, only)
        month = month_at(since)
        doubtful = [part for part, last in used.items() if last == month]
        used_on = stock.last_days(connection, doubtful)
    slow = [
        Slow(part, used.get(part.id))
        for part in parts.values()
        if part.quantity_milli > 0 and _lies_since(part, used.get(part.id), used_on, since)
    ]
    slow.sort(key=lambda each: (-each.part.value_e4, each.part.part_number))
    stock_e4 = sum(part.value_e4 for part in parts.values())
    return SlowPage(days, since, slow, sum(each.part.value_e4 for each in slow), stock_e4)


def _lies_since(part: PartStock, last: int | None, used_on: dict[int, date], since: date) -> bool:
    """Whether it was not used since that day: by the month, in the month of the day by the day."""
    if last is None:
        return from_us(part.created_us).date() < since
    if last == month_at(since):
        return used_on.get(part.id, date.min) < since
    return last < month_at(since)
