"""How long machines stood still: each moment of a machine once, in the month in which it was.

Two jobs may say that a machine stood still at the same time; it did so once, and the job for which
it stopped first is the one that it counts for.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Float,
    Subquery,
    and_,
    case,
    cast,
    column,
    func,
    select,
    values,
)

from stockscan.domain.figures import MINOR_E4
from stockscan.domain.maintenance import JobState
from stockscan.domain.reports.months import Months, begins_us
from stockscan.store.maintenance.rows import Job
from stockscan.store.reports.summing import summed
from stockscan.store.reports.usage import Chosen, is_chosen


def stretches(months: Months, assets: Chosen = ()) -> Subquery:
    """`job_id`, `asset_id`, `month`, `down_us`, `down_e4` of done jobs, clipped to the months.

    What a job's standstill cost is shared out by time, so that its months add up to it exactly.
    """
    stood, month = _united(months, assets), _calendar(months)
    begins = _later(stood.c.begins_us, month.c.from_us)
    ends = case((stood.c.until_us < month.c.until_us, stood.c.until_us), else_=month.c.until_us)
    inside = and_(stood.c.begins_us < month.c.until_us, stood.c.until_us > month.c.from_us)
    return (
        select(
            stood.c.job_id,
            stood.c.asset_id,
            month.c.month,
            (ends - begins).label("down_us"),
            (_cost_until(stood, ends) - _cost_until(stood, begins)).label("down_e4"),
        )
        .join(month, inside)
        .where(stood.c.begins_us < stood.c.until_us)
        .subquery("stretches")
    )


def per_job(found: Subquery) -> Subquery:
    """`job_id`, `down_us` and `down_e4` of stretches, summed over their months."""
    sums = [summed(found.c[name]).label(name) for name in ("down_us", "down_e4")]
    return select(found.c.job_id, *sums).group_by(found.c.job_id).subquery("per_job")


def _united(months: Months, assets: Chosen) -> Subquery:
    """Each standstill, beginning only where those that began before it are over."""
    before = func.max(Job.down_until_us).over(
        partition_by=Job.asset_id, order_by=(Job.down_from_us, Job.id), rows=(None, -1)
    )
    wanted = select(
        Job.id.label("job_id"),
        Job.asset_id,
        Job.down_from_us.label("from_us"),
        Job.down_until_us.label("until_us"),
        _later(Job.down_from_us, func.coalesce(before, Job.down_from_us)).label("begins_us"),
        (cast(func.coalesce(Job.down_minor, 0), Float) * MINOR_E4).label("cost_e4"),
    ).where(
        Job.state == JobState.DONE,
        Job.down_from_us < Job.down_until_us,
        Job.down_from_us < months.until_us,
        Job.down_until_us > months.from_us,
    )
    if is_chosen(assets):
        wanted = wanted.where(Job.asset_id.in_(assets))
    return wanted.subquery("stood")


def _calendar(months: Months) -> CTE:
    each = values(
        column("month", BigInteger), column("from_us", BigInteger), column("until_us", BigInteger)
    )
    spans = [
        (month, begins_us(month), begins_us(month + 1))
        for month in range(months.first, months.last + 1)
    ]
    return each.data(spans).cte("calendar")


def _cost_until(stood: Subquery, moment_us: Any) -> Any:
    """What the standstill had cost by a moment; by its end, all of it."""
    share = cast(moment_us - stood.c.from_us, Float) / (stood.c.until_us - stood.c.from_us)
    return cast(func.round(stood.c.cost_e4 * share), BigInteger)


def _later(one: Any, other: Any) -> Any:
    return case((one > other, one), else_=other)
