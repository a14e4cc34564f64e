"""What standing still cost, and what each technician's jobs cost."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import MINOR_E4, divide
from stockscan.domain.reports.months import Months
from stockscan.services.reports.asking import months_asked
from stockscan.services.work import Context
from stockscan.store.reports import costs, work
from stockscan.store.reports.costs import CostRow, Narrowed
from stockscan.store.reports.work import Cause, Done, Standing, Stood, Worker
from stockscan.store.snapshot import snapshot

HOUR_US: Final = 3_600_000_000
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Now:
    """A machine that stands still, for how long, and what that costs so far (None: unknown)."""

    machine: Standing
    down_us: int
    down_e4: int | None


@dataclass(frozen=True, slots=True)
class Downtime:
    """Standing still in some months: the machines, the causes, by month, and who stands now.

    `stood` is how many machines did, `down_us` how long all of them, `down_e4` what that cost.
    """

    months: Months
    stood: int
    down_us: int
    down_e4: int
    machines: list[Stood]
    causes: list[Cause]
    by_month: list[CostRow]
    now: list[Now]
    jobs: list[Done]


@dataclass(frozen=True, slots=True)
class Technicians:
    """The work of some months by who did it."""

    months: Months
    workers: list[Worker]
    jobs: list[Done]


def downtime(
    ctx: Context, from_month: str = "", to_month: str = "", cause: str | None = None
) -> Downtime:
    """What standing still cost, by the jobs that were done; with those of one cause, "" for none.

    Raises `Invalid` for what is no month.
    """
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        return downtime_in(connection, ctx, months, cause)


def downtime_in(
    connection: Connection, ctx: Context, months: Months, cause: str | None = None
) -> Downtime:
    """The answer itself."""
    stood, down_us, down_e4 = work.stood_in_all(connection, months)
    return Downtime(
        months=months,
        stood=stood,
        down_us=down_us,
        down_e4=down_e4,
        machines=work.stood(connection, months, _MOST),
        causes=work.causes(connection, months),
        by_month=costs.by(connection, "month", months, Narrowed(), _MOST),
        now=[_so_far(each, ctx.now_us) for each in work.standing(connection, _MOST)],
        jobs=[] if cause is None else work.stood_for(connection, months, cause, _MOST),
    )


def technicians(
    ctx: Context, from_month: str = "", to_month: str = "", person: str = ""
) -> Technicians:
    """What each one's jobs took and cost, for those who plan the work; with the jobs of a person.

    Raises `Invalid` for what is no month.
    """
    require(ctx.actor, Permission.PLAN_EDIT)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        jobs = work.done_by(connection, months, person, _MOST) if person else []
        return Technicians(months, work.workers(connection, months), jobs)


def _so_far(machine: Standing, now_us: int) -> Now:
    down_us = max(now_us - machine.since_us, 0)
    if machine.hour_minor is None:
        return Now(machine, down_us, None)
    return Now(machine, down_us, divide(down_us * machine.hour_minor * MINOR_E4, HOUR_US))
