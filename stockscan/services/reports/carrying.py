"""What it costs to keep the stock, in all and by part."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
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
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class PartCarrying:
    """What a part costs to keep: its own loss, and its share of the rest by what it is worth."""

    part: PartStock
    cost: Carrying


@dataclass(frozen=True, slots=True)
class CarryingPage:
    """What keeping the stock cost in some months, in all and by part, the dearest first.

    `capital_bp` is what money costs in a year, `storage_year_minor` the room and
    `insurance_year_minor` the insurance, of which these parts have the share `of_it_bp`; `days` is
    how long the time is. `narrowed` names the part that was asked for.
    """

    months: Months
    days: int
    cost: Carrying
    parts: list[PartCarrying]
    capital_bp: int
    storage_year_minor: int
    insurance_year_minor: int
    of_it_bp: int
    narrowed: dict[str, str]

    @property
    def is_set(self) -> bool:
        """Whether anybody said what the room and the insurance cost."""
        return bool(self.storage_year_minor or self.insurance_year_minor)


def carrying(
    ctx: Context,
    from_month: str = "",
    to_month: str = "",
    part: str = "",
    of: OfParts = EVERY,
) -> CarryingPage:
    """The cost of keeping stock over some months: what a year costs, by the days of them.

    Some parts have their share of room and insurance. Nothing of parts that this person still has
    to count blind is in it. Raises `Invalid` and `NotFound` that name the field.
    """
    require(ctx.actor, Permission.READ)
    asked = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        alone = thing_called(connection, part, Kind.PART, "part") if part else None
        only = replace(only_of(connection, ctx, of), part_ids=(alone.id,) if alone else ())
        is_some = bool(of) or alone is not None
        pace = turnover_in(connection, ctx, asked, only)
        said = settings.load(connection)
        sums = usage(connection, *pace.months, ("part_id",), only)
        lost = {row.part_id: row.lost_e4 for row in sums if row.lost_e4}
        held = average(pace.worth_e4)
        all_held = held if not is_some else _all_held_e4(connection, ctx, pace.months)
    whole = _whole(said, pace.pace.days, all_held)
    parts = [
        PartCarrying(each.part, _of_part(whole, each.pace.average_e4, lost.get(each.part.id, 0)))
        for each in pace.parts
    ]
    parts.sort(key=lambda one: (-one.cost.total_e4, one.part.part_number))
    lost_e4 = sum(lost.values())
    return CarryingPage(
        months=pace.months,
        days=pace.pace.days,
        cost=_of_part(whole, held, lost_e4) if is_some else replace(whole, shrink_e4=lost_e4),
        parts=parts,
        capital_bp=said.capital_bp,
        storage_year_minor=said.storage_year_minor,
        insurance_year_minor=said.insurance_year_minor,
        of_it_bp=divide(max(held, 0) * 10_000, all_held) if all_held > 0 else 0,
        narrowed={"part": alone.name} if alone else {},
    )


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
