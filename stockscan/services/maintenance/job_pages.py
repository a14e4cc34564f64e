"""What the pages about jobs show: the list, one job with its parts and costs, a fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from stockscan.domain.access import GRANTS, Actor, Permission, Role, require
from stockscan.domain.figures import MINOR_E4
from stockscan.domain.maintenance import JobKind, JobState, Readiness
from stockscan.domain.maintenance.jobs import (
    Tick,
    decoded,
    down_minor,
    labour_minor,
    minutes_between,
)
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.services.maintenance.working import worked_minutes
from stockscan.services.work import Context, reading
from stockscan.store import edits, files, meters
from stockscan.store.catalogue import assets
from stockscan.store.counts.blindness import blindness
from stockscan.store.files import Attached
from stockscan.store.maintenance import jobs as queries
from stockscan.store.maintenance.installed import InstalledOn, installed_on, parts_cost_e4
from stockscan.store.maintenance.job import JobRow, job_called
from stockscan.store.maintenance.jobs import Filters, JobLine, Page, Worker
from stockscan.store.maintenance.pick_list import Kit, kit
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.standstill import DOWN
from stockscan.store.meters import MeterRow
from stockscan.store.scanning import asset_called
from stockscan.store.settings import load

PAGE: Final = 50
SHOWS: Final = ("mine", "open", "short", "done")


@dataclass(frozen=True, slots=True)
class JobList:
    """A page of jobs; `ready` says of open ones whether their parts are there, `next` the cursor.

    `sums` is how many are open in all, and how many of them are mine.
    """

    show: str
    rows: list[JobLine]
    ready: dict[int, JobReadiness]
    sums: Mapping[str, int]
    next: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What a job cost so far, in 1/10,000; `down_e4` is None where an hour's cost is unknown."""

    parts_e4: int
    labour_e4: int
    down_e4: int | None

    @property
    def total_e4(self) -> int:
        """All of it."""
        return self.parts_e4 + self.labour_e4 + (self.down_e4 or 0)


@dataclass(frozen=True, slots=True)
class JobPage:
    """Everything on the page of a job. `minutes` are those by now, the running clock included.

    `stands_us` is since when its asset stands still because of it, None where it does not;
    `undoes` is the operation that ended it; of a fault that nobody has begun to put right the
    report, for who reported it; else "".
    """

    job: JobRow
    ticks: list[Tick]
    minutes: int | None
    stands_us: int | None
    installed: list[InstalledOn]
    costs: Costs
    meters: list[MeterRow]
    attachments: list[Attached]
    kit: Kit
    undoes: str
    now_us: int

    @property
    def ready(self) -> JobReadiness | None:
        """Whether its parts are there; None where that is hidden, and for a job that is over."""
        return self.kit.ready if self.is_open else None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.job.name

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.job.is_open

    @property
    def down_minutes(self) -> int:
        """How long its asset stood still because of it, by now; 0 for not at all."""
        job = self.job
        if job.down_from_us is None:
            return 0
        return minutes_between(job.down_from_us, job.down_until_us or self.now_us)

    @property
    def ticked(self) -> int:
        """How many lines of the checklist are done."""
        return sum(tick.is_done for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class FaultPage:
    """The asset that somebody stands at, and what is reported of it already."""

    asset: Any
    open_jobs: list[JobLine]


@dataclass(frozen=True, slots=True)
class JobEdited:
    """A job, what a form about it is filled with, and the version that it is filled from."""

    job: JobRow
    texts: dict[str, str]
    version: int


def job_list(
    ctx: Context,
    show: str = "open",
    *,
    text: str = "",
    after: str = "",
    asset: str = "",
    limit: int = PAGE,
) -> JobList:
    """A page of the jobs that are mine, open, short of parts or done; of one asset, if given.

    Raises `NotFound` for an asset that nobody knows.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        short = _short(readiness(connection, ctx.today, blind=blind)) if show == "short" else None
        kept = show if show in {"done", "all"} else "open"
        mine = actor.person_id if show == "mine" else None
        asset_id = asset_called(connection, asset) if asset else None
        filters = Filters(kept, mine, asset_id, text, short)
        rows = queries.jobs(connection, filters, Page(after, limit + 1))
        shown = [row.id for row in rows[:limit] if row.is_open]
        ready = readiness(connection, ctx.today, shown, blind=blind) if shown else {}
        sums = queries.open_sums(connection, actor.person_id)
    following = str(rows[limit - 1].number) if len(rows) > limit else ""
    return JobList(show, rows[:limit], ready, sums, following)


def _short(ready: Mapping[int, JobReadiness]) -> set[int]:
    return {job_id for job_id, state in ready.items() if state.state is not Readiness.READY}


def job_page(ctx: Context, reference: str) -> JobPage:
    """One job by its name or uid. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        job = job_called(connection, reference)
        blind = blindness(connection, actor)
        minutes = worked_minutes(job, ctx.now_us)
        return JobPage(
            job=job,
            ticks=decoded(job.checklist),
            minutes=minutes,
            stands_us=job.stands_us if job.asset_status == DOWN else None,
            installed=installed_on(connection, job.id),
            costs=_costs(connection, ctx, job, minutes),
            meters=meters.meters_of(connection, job.asset_id) if job.is_open else [],
            attachments=files.attachments_of(connection, "job", job.id),
            kit=kit(connection, ctx.today, job.id, blind),
            undoes=_undoes(connection, actor, job),
            now_us=ctx.now_us,
        )


def _costs(connection: Connection, ctx: Context, job: JobRow, minutes: int | None) -> Costs:
    """As frozen when it was signed off; before that by what an hour costs today."""
    labour, down = job.labour_minor, job.down_minor
    if labour is None:
        labour = labour_minor(minutes or 0, load(connection).labour_hour_minor)
    if down is None and job.down_from_us is not None and job.hour_minor is not None:
        down = down_minor(job.down_from_us, job.down_until_us or ctx.now_us, job.hour_minor)
    return Costs(
        parts_cost_e4(connection, job.id),
        labour * MINOR_E4,
        None if down is None else down * MINOR_E4,
    )


def fault_page(ctx: Context, reference: str) -> FaultPage:
    """The asset that somebody reports a fault of. Raises `NotFound`."""
    require(ctx.actor, Permission.FAULT_REPORT)
    with reading() as connection:
        asset_id = asset_called(connection, reference)
        row = assets.asset(connection, asset_id)
        return FaultPage(row, queries.open_jobs_of(connection, asset_id))


def job_edited(ctx: Context, reference: str) -> JobEdited:
    """A job for the form that changes it. Raises `NotFound`."""
    require(ctx.actor, Permission.JOB_PLAN)
    with reading() as connection:
        job = job_called(connection, reference)
        texts = {
            "title": job.title,
            "due_on": job.due_on.isoformat() if job.due_on else "",
            "urgent": "yes" if job.urgent else "no",
            "instructions": job.instructions,
            "assigned": job.assigned_code or "",
        }
        return JobEdited(job, texts, edits.version(connection, edits.Thing("job", job.id)))


def workers(ctx: Context) -> list[Worker]:
    """Who may be given a job, by name."""
    require(ctx.actor, Permission.JOB_PLAN)
    roles = [role.value for role in Role if Permission.JOB_WORK in GRANTS[role]]
    with reading() as connection:
        return queries.workers(connection, roles)


def _undoes(connection: Connection, actor: Actor, job: JobRow) -> str:
    if not job.is_open:
        return edits.last_operation(connection, edits.Thing("job", job.id), "state")
    is_theirs = job.kind == JobKind.FAULT and job.reported_by == actor.person_id
    return job.operation_id or "" if is_theirs and job.state == JobState.OPEN else ""
