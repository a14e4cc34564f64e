"""Slow movers: stock that nobody has used for long, and the money that lies in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import from_us
from stockscan.domain.reports.months import month_at
from stockscan.services.reports.asking import only_of
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports import stock
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.places import came_first_us
from stockscan.store.reports.stock import PartStock
from stockscan.store.reports.usage import Only
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


def slow_movers(ctx: Context, days: int = 0, of: OfParts = EVERY, place: str = "") -> SlowPage:
    """What has lain in stock for so many days without any use (0: as the settings say).

    At a place it is what lies there and nobody took from there. Nothing of parts that this person
    still has to count blind is in it. Raises `NotFound` that names the field.
    """
    require(ctx.actor, Permission.READ)
    with snapshot() as connection:
        days = days or settings.load(connection).slow_days
        since = ctx.today - timedelta(days=days)
        only = only_of(connection, ctx, of, place)
        parts = stock.parts_in_stock(connection, only)
        used = stock.last_used(connection, only)
        month = month_at(since)
        doubtful = [part for part, last in used.items() if last == month]
        used_on = stock.last_days(connection, doubtful, only.at)
        begun = _begun(connection, only, [each for each in parts.values() if each.id not in used])
    slow = [
        Slow(part, used.get(part.id))
        for part in parts.values()
        if part.quantity_milli > 0
        and _lies_since(used.get(part.id), used_on.get(part.id), begun.get(part.id), since)
    ]
    slow.sort(key=lambda each: (-each.part.value_e4, each.part.part_number))
    stock_e4 = sum(part.value_e4 for part in parts.values())
    return SlowPage(days, since, slow, sum(each.part.value_e4 for each in slow), stock_e4)


def _begun(connection: Connection, only: Only, never_used: list[PartStock]) -> dict[int, date]:
    """Since when parts that were never used are kept: since they are known, or came there."""
    if not only.at:
        return {each.id: from_us(each.created_us).date() for each in never_used}
    lying = [each.id for each in never_used if each.quantity_milli > 0]
    came = came_first_us(connection, only, lying)
    return {part_id: from_us(came_us).date() for part_id, came_us in came.items()}


def _lies_since(last: int | None, used_on: date | None, begun: date | None, since: date) -> bool:
    """Whether it was not used since that day: by the month, in the month of the day by the day."""
    if last is None:
        return (begun or date.min) < since
    if last == month_at(since):
        return (used_on or date.min) < since
    return last < month_at(since)
