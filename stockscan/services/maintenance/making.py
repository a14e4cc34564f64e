"""Making the jobs that plans make due, ahead of their days."""

from itertools import islice
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store.maintenance import making
from stockscan.store.maintenance.making import Wanted

# As many jobs in one transaction, so that nobody who scans meanwhile waits long.
_AT_ONCE: Final = 500


def make_jobs(ctx: Context) -> int:
    """Make each job that a plan wants within its horizon, with its kit; how many were made.

    Running it again makes nothing. What is due first is made first.
    """
    require(ctx.actor, Permission.JOB_PLAN)
    with reading() as connection:
        wanted = iter(making.wanted(connection, ctx.today))
    made = 0
    while some := list(islice(wanted, _AT_ONCE)):
        made += retrying(lambda some=some: _make(ctx, some))  # type: ignore[misc]
    return made


def _make(ctx: Context, jobs: list[Wanted]) -> int:
    with unit_of_work() as session:
        return making.make(session, jobs, ctx.new_id, ctx.now_us)
