"""Stock-outs suffered and avoided, and the service level that the stock really gave."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.reports.months import Months, month_of
from stockscan.domain.reports.running import Moment, Run, Span, run, service_level
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports.moments import moments, opening
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import PartStock, parts_in_stock
from stockscan.store.reports.usage import Only, usage
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

# A part was kept, where it was used in as many months before.
_BEFORE: Final = 12


@dataclass(frozen=True, slots=True)
class PartRun:
    """How a part ran in and out of stock."""

    part: PartStock
    run: Run
    span_us: int

    @property
    def in_stock_bp(self) -> int:
        """For what share of the time there were some."""
        return 10_000 - self.run.out_us * 10_000 // max(self.span_us, 1)


@dataclass(frozen=True, slots=True)
class Stockouts:
    """How all parts that were used ran, those longest out first; the level that is aimed at.

    `suffered` and `avoided` are numbers of times by month.
    """

    months: Months
    parts: list[PartRun]
    suffered: dict[int, int]
    avoided: dict[int, int]
    target_bp: int
    narrowed: dict[str, str]

    @property
    def level_bp(self) -> int | None:
        """The share of deliveries that came before their part had run out."""
        runs = [each.run for each in self.parts]
        return service_level(sum(one.in_time for one in runs), sum(one.deliveries for one in runs))

    @property
    def in_stock_bp(self) -> int | None:
        """The share of the days on which a part that is used was there."""
        if not self.parts:
            return None
        return sum(each.in_stock_bp for each in self.parts) // len(self.parts)


def stockouts(
    ctx: Context,
    from_month: str = "",
    to_month: str = "",
    part: str = "",
    of: OfParts = EVERY,
    place: str = "",
) -> Stockouts:
    """When parts that are used had run out, and when an order kept them from running out.

    At a place, parts that are used from there had run out there; what is moved there from elsewhere
    is a delivery. Nothing of parts that this person still has to count blind is in it. Raises
    `Invalid` and `NotFound` that name the field.
    """
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        return stockouts_in(connection, ctx, months, part, of, place)


def stockouts_in(
    connection: Connection,
    ctx: Context,
    months: Months,
    part: str = "",
    of: OfParts = EVERY,
    place: str = "",
) -> Stockouts:
    """The answer itself."""
    asked = thing_called(connection, part, Kind.PART, "part") if part else None
    among = only_of(connection, ctx, of, place)
    only = replace(among, part_ids=(asked.id,) if asked else ())
    until_us = min(months.until_us, ctx.now_us + 1)
    parts = parts_in_stock(connection, only)
    used = _used(connection, months, only)
    before = _used(connection, Months(months.first - _BEFORE, months.first - 1), only)
    runs = [
        PartRun(parts[part_id], found, until_us - months.from_us)
        for part_id, found in _runs(connection, months, until_us, only, before)
        if part_id in used
    ]
    runs.sort(key=lambda each: (-each.run.out_us, -len(each.run.outs), each.part.part_number))
    return Stockouts(
        months=months,
        parts=runs,
        suffered=_by_month(moment for each in runs for moment, _ in each.run.outs),
        avoided=_by_month(moment for each in runs for moment in each.run.avoided_us),
        target_bp=settings.load(connection).service_level_bp,
        narrowed={"part": asked.name} if asked else {},
    )


def _used(connection: Connection, months: Months, only: Only) -> set[int]:
    """The parts of which more was used in some months than came back."""
    rows = usage(connection, *months, ("part_id",), replace(only, used=True))
    return {row.part_id for row in rows if row.used_milli > 0}


def _runs(
    connection: Connection, months: Months, until_us: int, only: Only, before: set[int]
) -> Iterator[tuple[int, Run]]:
    """How each part ran that ever was there."""
    first = opening(connection, months.first, only)
    last = opening(connection, months.last + 1, only)
    rows = moments(connection, months.first, months.from_us, until_us, only)
    moved = {part_id: [_moment(row) for row in some]
             for part_id, some in groupby(rows, key=lambda row: row.part_id)}  # fmt: skip
    for part_id, opening_milli in first.items():
        was_kept = part_id in before
        span = Span(months.from_us, until_us, opening_milli, last[part_id], was_kept)
        yield part_id, run(moved.get(part_id, ()), span)


def _moment(row: Any) -> Moment:
    return Moment(row.at_us, row.before_milli, row.after_milli, row.came > 0, bool(row.ordered))


def _by_month(moments_us: Iterable[int]) -> dict[int, int]:
    return dict(Counter(month_of(moment_us) for moment_us in moments_us))
