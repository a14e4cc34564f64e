"""What it costs to keep the stock, in all and by part."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import E4, MINOR, divide
from stockscan.domain.reports.carrying import Carrying, capital
from stockscan.domain.reports.months import Months, month_of
from stockscan.domain.reports.turnover import average
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.reports.turnover import turnover_in
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock, worth_at_ends
from stockscan.store.reports.usage import usage
from stockscan.store.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class PartCarrying:
    """What a part costs to keep: its own loss, and its share of the rest by what it is worth."""

    part: PartStock
    cost: Carrying


@dataclass(frozen=True, slots=True)
class CarryingPage:
    """What keeping the stock cost in some months, in all and by part, the dearest first.

    `capital_bp` is what money costs in a year; `is_set` whether anybody said what the room and the
    insurance cost.
    """

    months: Months
    cost: Carrying
    parts: list[PartCarrying]
    capital_bp: int
    is_set: bool


def carrying(
    ctx: Context, from_month: str = "", to_month: str = "", of: OfParts = EVERY
) -> CarryingPage:
    """The cost of keeping stock over some months: what a year costs, by the days of them.

    Some parts have their share of room and insurance. Nothing of parts that this person still has
    to count blind is in it. Raises `Invalid` that names the field.
    """
    require(ctx.actor, Permission.READ)
    asked = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        only = only_of(connection, ctx, of)
        pace = turnover_in(connection, ctx, asked, only)
        said = settings.load(connection)
        sums = usage(connection, *pace.months, ("part_id",), only)
        lost = {row.part_id: row.lost_e4 for row in sums if row.lost_e4}
        held = average(pace.worth_e4)
        all_held = held if not of else _all_held_e4(connection, ctx, pace.months)
    whole = _whole(said, pace.pace.days, all_held)
    parts = [
        PartCarrying(each.part, _of_part(whole, each.pace.average_e4, lost.get(each.part.id, 0)))
        for each in pace.parts
    ]
    parts.sort(key=lambda one: (-one.cost.total_e4, one.part.part_number))
    is_set = bool(said.storage_year_minor or said.insurance_year_minor)
    lost_e4 = sum(lost.values())
    cost = _of_part(whole, held, lost_e4) if of else replace(whole, shrink_e4=lost_e4)
    return CarryingPage(pace.months, cost, parts, said.capital_bp, is_set)


def _all_held_e4(connection: Connection, ctx: Context, months: Months) -> int:
    """The average of all stock, of which some parts have their share."""
    ends = worth_at_ends(connection, *months, month_of(ctx.now_us), only_of(connection, ctx))
    return average(ends)


def _whole(said: settings.Settings, days: int, held_e4: int) -> Carrying:
    """What keeping all of the stock cost in so many days, but for what was lost."""
    return Carrying(
        storage_e4=_share(said.storage_year_minor, days),
        insurance_e4=_share(said.insurance_year_minor, days),
        shrink_e4=0,
        capital_e4=divide(capital(held_e4, said.capital_bp) * days, 365),
        average_e4=held_e4,
    )


def _share(year_minor: int, days: int) -> int:
    """What so many days cost of what a year costs."""
    return divide(year_minor * (E4 // MINOR) * days, 365)


def _of_part(cost: Carrying, held_e4: int, lost_e4: int) -> Carrying:
    whole = cost.average_e4
    if whole <= 0:
        return replace(cost, storage_e4=0, insurance_e4=0, capital_e4=0, shrink_e4=lost_e4,
                       average_e4=held_e4)  # fmt: skip
    storage, insurance, money = (
        divide(each * max(held_e4, 0), whole)
        for each in (cost.storage_e4, cost.insurance_e4, cost.capital_e4)
    )
    return Carrying(storage, insurance, lost_e4, money, held_e4)
