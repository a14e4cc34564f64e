"""Parts whose use jumped or dropped: a month against the twelve before it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import MINOR_E4
from stockscan.domain.reports.anomalies import Anomaly, anomaly
from stockscan.domain.reports.months import Months, month_of, read_month
from stockscan.domain.reports.peers import Limits
from stockscan.services.reports.asking import only_of
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports.named import PartName, parts_named
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.usage import usage
from stockscan.store.snapshot import snapshot

BEFORE: Final = 12


@dataclass(frozen=True, slots=True)
class Odd:
    """A part whose use is out of the ordinary, with its use by month, oldest first."""

    part: PartName
    anomaly: Anomaly
    by_month: list[int]


@dataclass(frozen=True, slots=True)
class Anomalies:
    """What was odd in some months, the dearest first; the limits that it was judged by."""

    months: Months
    rows: list[Odd]
    limits: Limits


def anomalies(ctx: Context, month: str = "", of: OfParts = EVERY) -> Anomalies:
    """What was odd in a month ("2026-10"), in the last whole one unless said. Raises `Invalid`."""
    require(ctx.actor, Permission.READ)
    wanted = read_month(month, field="month") if month else month_of(ctx.now_us) - 1
    with snapshot() as connection:
        return odd_in(connection, ctx, Months(wanted, wanted), of)


def odd_in(connection: Connection, ctx: Context, months: Months, of: OfParts = EVERY) -> Anomalies:
    """What was odd in some months taken together, against the mean of the twelve before them.

    Without a whole year before them, the months since the first use (of any part) are what is
    usual.
    """
    now = settings.load(connection)
    limits = Limits(now.anomaly_ratio_bp, now.peer_least_minor * MINOR_E4)
    first = months.first - BEFORE
    only = replace(only_of(connection, ctx), used=True)
    rows = usage(connection, first, months.last, ("part_id", "month"), only)
    used: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        used[row.part_id][row.month] = row.used_milli
    since = max(first, min((min(by_month) for by_month in used.values()), default=first))
    parts = parts_named(connection, set(used), of)
    found = []
    for part_id, part in parts.items():
        by_month = used[part_id]
        series = [by_month.get(month, 0) for month in range(since, months.last + 1)]
        span = months.last - months.first + 1
        judged = anomaly(series[-span:], series[:-span], part.cost_e4, limits)
        if judged is not None:
            found.append(Odd(part, judged, series))
    found.sort(key=lambda odd: (-abs(odd.anomaly.apart_e4), odd.part.part_number))
    return Anomalies(months, found, limits)
