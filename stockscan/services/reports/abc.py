"""ABC: which few parts most of the money goes through, and whether their classes still fit."""

from dataclasses import dataclass, replace

from stockscan.domain.access import Permission, require
from stockscan.domain.counts.classes import classes
from stockscan.domain.reports.abc import Ranked, ranked
from stockscan.domain.reports.months import Months
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock, parts_in_stock
from stockscan.store.reports.usage import usage
from stockscan.store.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Place:
    """A part on the usage curve."""

    part: PartStock
    rank: Ranked


@dataclass(frozen=True, slots=True)
class Curve:
    """The parts that were used, the most first, and how many were not; what was used in all."""

    months: Months
    used_e4: int
    places: list[Place]
    unused: int


def curve(ctx: Context, from_month: str = "", to_month: str = "", of: OfParts = EVERY) -> Curve:
    """The usage curve of some months. Raises `Invalid` that names the field.

    Of some parts it is the curve of these; their classes stay those that they have among all.
    """
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        every = replace(only_of(connection, ctx), used=True)
        parts = parts_in_stock(connection, every)
        rows = usage(connection, *months, ("part_id",), every)
        fits = parts_in_stock(connection, replace(every, of=of)) if of else parts
    used = {parts[row.part_id].part_number: row.used_e4 for row in rows}
    places = _places(fits, used)
    kept = sum(part.quantity_milli > 0 for part in fits.values())
    shown = sum(place.part.quantity_milli > 0 for place in places)
    return Curve(months, sum(place.rank.used_e4 for place in places), places, kept - shown)


def _places(fits: dict[int, PartStock], used_e4: dict[str, int]) -> list[Place]:
    """The parts that fit on a curve of their own, in the classes of the curve of all."""
    classed = classes({number: value for number, value in used_e4.items() if value > 0})
    by_number = {part.part_number: part for part in fits.values()}
    theirs = {number: value for number, value in used_e4.items() if number in by_number}
    return [
        Place(by_number[rank.number], replace(rank, abc_class=classed[rank.number]))
        for rank in ranked(theirs)
    ]
