"""Takes a file through an import as a person would: read, check, import."""

import time

from stockscan.services.importing import jobs, running
from stockscan.services.importing.jobs import Job
from stockscan.services.importing.tally import Tally
from stockscan.services.work import Context
from tests.cast import context
from tests.shop import Shop


def now_us() -> int:
    """The clock of the imports."""
    return time.time_ns() // 1000


def importer(shop: Shop) -> Context:
    """A context of the admin, now."""
    return context(shop.cast.admin)


def check(ctx: Context, data: bytes | str, *, name: str = "file.csv", kind: str = "") -> Job:
    """Upload and check a file whose columns need no hand."""
    raw = data if isinstance(data, bytes) else data.encode()
    job_id = jobs.upload(ctx, name, raw, kind)
    jobs.begin_check(ctx, job_id)
    running.check(ctx, job_id, now_us)
    return jobs.job(ctx, job_id)


def bring(ctx: Context, data: bytes | str, *, only_good: bool = False, kind: str = "") -> Job:
    """Check a file and import it."""
    job = check(ctx, data, kind=kind)
    jobs.begin_run(ctx, job.id, only_good=only_good)
    running.run(ctx, job.id, now_us)
    return jobs.job(ctx, job.id)


def counts(tally: Tally) -> tuple[int, int, int, int]:
    """New, changed, as they are, wrong."""
    return (tally.new, tally.changed, tally.same, tally.wrong)
