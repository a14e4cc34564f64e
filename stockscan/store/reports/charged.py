"""Every cost charged to an asset as one question: parts, hours of work and standing still.

Parts are what the ledger charged: installs less what came back and what was taken back. The kept
sums by month stand in for its rows, so the question is exact at any moment and does not grow with
the ledger. Work is that of done jobs, in the month in which they were done; standing still is
theirs too, in the months in which the machine stood, each of its moments once.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    func,
    literal,
    select,
    union_all,
)

from stockscan.domain.figures import MINOR_E4
from stockscan.domain.maintenance import JobState
from stockscan.domain.reports.months import Months, month_of
from stockscan.store.maintenance.rows import Job
from stockscan.store.reports.stretches import stretches
from stockscan.store.reports.usage import Chosen, Only, is_chosen, sums


def charged(months: Months, assets: Chosen = ()) -> Subquery:
    """`asset_id`, `month`, `parts_e4`, `labour_e4`, `down_e4`, `jobs` of some assets, or of all:
    rows to be summed."""
    nothing = literal(0, BigInteger)
    ledger = sums(*months, ("asset_id", "month"), Only(asset_ids=assets)).subquery("ledger")
    parts = select(
        ledger.c.asset_id,
        ledger.c.month,
        (-ledger.c.value_e4).label("parts_e4"),
        nothing.label("labour_e4"),
        nothing.label("down_e4"),
        nothing.label("jobs"),
    ).where(ledger.c.asset_id != 0)
    jobs = select(
        Job.asset_id,
        month_of(Job.done_us),
        nothing,
        func.coalesce(Job.labour_minor, 0) * MINOR_E4,
        nothing,
        literal(1, BigInteger),
    ).where(done_in(months))
    stood = stretches(months, assets)
    down = select(stood.c.asset_id, stood.c.month, nothing, nothing, stood.c.down_e4, nothing)
    if is_chosen(assets):
        jobs = jobs.where(Job.asset_id.in_(assets))
    return union_all(parts, jobs, down).subquery("charged")


def done_in(months: Months) -> ColumnElement[bool]:
    """The condition that a job was done in these months."""
    inside = and_(Job.done_us >= months.from_us, Job.done_us < months.until_us)
    return and_(Job.state == JobState.DONE, inside)
