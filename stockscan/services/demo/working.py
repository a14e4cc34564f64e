"""Plays what is done to many jobs and orders at once: what is there to do, the books say.

Each looks only at what was there at its own time, so an interrupted sample is completed as meant.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import select, update

from stockscan.domain.figures import MILLI, day_of, format_cost, format_quantity, parse_quantity
from stockscan.domain.maintenance import JobKind, JobState, Readiness
from stockscan.domain.operations import SHAPES, derived_id
from stockscan.services import maintenance, operations, purchasing
from stockscan.services.demo.told import Told
from stockscan.services.operations import Outcome
from stockscan.services.purchasing import Line, Placed
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store.maintenance.jobs import Filters, JobLine, Page, jobs
from stockscan.store.maintenance.kits import kit_lines
from stockscan.store.maintenance.last import remember
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.rows import Job, MaintenancePlan
from stockscan.store.purchasing import named
from stockscan.store.purchasing.listed import RequisitionRow, Show

# What things cost when they come, in percent of what they cost when they were ordered.
DEARER: Final = 103


def plan_ahead(ctx: Context, _told: Told) -> list[Outcome]:
    """What the nightly work does: make the jobs that are due, ask for the parts they lack."""
    _give_to_plans()
    maintenance.make_jobs(ctx)
    purchasing.raise_ahead(ctx)
    return []


def approve_orders(ctx: Context, _told: Told) -> list[Outcome]:
    """Approve all that is asked for."""
    for row in _requisitions(ctx, Show.RAISED):
        purchasing.approve(ctx, row.number)
    return []


def place_orders(ctx: Context, told: Told) -> list[Outcome]:
    """Order what is approved, all but the newest few."""
    rows = _requisitions(ctx, Show.APPROVED)
    for row in rows[told.fields["leave"] :]:
        if row.supplier:
            purchasing.order(ctx, row.number, Placed(reference=f"NK-{4100 + row.number}"))
    return []


def take_in(ctx: Context, told: Told) -> list[Outcome]:
    """A share of each line of an order comes in, a little dearer than it was."""
    row = _requisitions(ctx, Show.ORDERED)[::-1][told.fields["order"]]
    outcomes = []
    for index, line in enumerate(purchasing.requisition_page(ctx, row.number).lines):
        milli = line.quantity_milli * told.fields["percent"] // 100 // MILLI * MILLI
        if not milli or line.bin_code is None:
            continue
        said = {"part": line.code, "location": line.bin_code, "requisition": f"R-{row.number}"}
        said |= {"unit_cost": format_cost(line.price_e4 * DEARER // 100 // 100 * 100)}
        said |= {"kind": "receive", "quantity": format_quantity(milli)}
        outcomes.append(_apply(ctx, told, index, said))
    return outcomes


def ask_for(ctx: Context, told: Told) -> list[Outcome]:
    """Somebody asks for parts by hand."""
    with reading() as connection:
        lines = [
            Line(named.part_of(connection, part), parse_quantity(quantity))
            for part, quantity in told.fields["parts"]
        ]
    purchasing.request(ctx, told.id, lines)
    return []


def hand_out(ctx: Context, told: Told) -> list[Outcome]:
    """The next planned jobs that nobody has go to somebody."""
    free = [job for job in _open(ctx) if job.assigned_id is None and job.kind == JobKind.PLANNED]
    said = {"kind": "edit_job", "assigned": told.codes[told.fields["to"]]}
    return [
        _apply(ctx, told, index, {**said, "job": job.name})
        for index, job in enumerate(free[: told.fields["jobs"]])
    ]


def do_jobs(ctx: Context, told: Told) -> list[Outcome]:
    """Do the first planned jobs whose parts are there: fit their kits, sign them off."""
    outcomes: list[Outcome] = []
    for job in _ready(ctx)[: told.fields["jobs"]]:
        with reading() as connection:
            kit = kit_lines(connection, job.id)
        said: list[dict[str, Any]] = [
            {"kind": "install", "asset": job.asset_code, "part": line.code, "work": job.name,
             "quantity": format_quantity(line.amounts.left_milli)}
            for line in kit
            if line.certain and line.tracking == "none"
        ]  # fmt: skip
        said.append({"kind": "finish_job", "job": job.name, "minutes": 70, "notes": "All in order"})
        outcomes += [_apply(ctx, told, len(outcomes) + at, one) for at, one in enumerate(said)]
    return outcomes


def keep_kits(ctx: Context, told: Told) -> list[Outcome]:
    """Keep the kits of the next jobs whose parts are there."""
    return [
        _apply(ctx, told, index, {"kind": "reserve_kit", "job": job.name})
        for index, job in enumerate(_ready(ctx)[: told.fields["jobs"]])
    ]


TELLERS: Final[dict[str, Callable[[Context, Told], list[Outcome]]]] = {
    "approve_orders": approve_orders,
    "ask_for": ask_for,
    "do_jobs": do_jobs,
    "hand_out": hand_out,
    "keep_kits": keep_kits,
    "place_orders": place_orders,
    "plan_ahead": plan_ahead,
    "take_in": take_in,
}


def _apply(ctx: Context, told: Told, index: int, said: dict[str, Any]) -> Outcome:
    return operations.apply(ctx, {**said, "id": derived_id(told.id, index)}, SHAPES)


def _requisitions(ctx: Context, show: Show) -> list[RequisitionRow]:
    """What was there at this time, the newest first."""
    rows = purchasing.requisition_list(ctx, show).rows
    return [row for row in rows if row.created_us <= ctx.now_us]


def _open(ctx: Context) -> list[JobLine]:
    with reading() as connection:
        found = jobs(connection, Filters(), Page(limit=200))
    return [job for job in found if job.created_us <= ctx.now_us]


def _ready(ctx: Context) -> Sequence[JobLine]:
    """Planned jobs whose kit is there, the first due on top."""
    planned = [job for job in _open(ctx) if job.kind == JobKind.PLANNED]
    with reading() as connection:
        ready = readiness(connection, ctx.today, [job.id for job in planned])
        kits = {job.id: kit_lines(connection, job.id) for job in planned}
    return [job for job in planned if kits[job.id] and ready[job.id].state == Readiness.READY]


def _give_to_plans() -> None:
    """The services of the year were done by these plans, before anybody wrote the plans down."""
    with unit_of_work() as session:
        plans = {
            row.name: row.id
            for row in session.execute(select(MaintenancePlan.name, MaintenancePlan.id))
        }
        done = select(Job.id, Job.title, Job.asset_id, Job.done_us).where(
            Job.plan_id.is_(None), Job.state == JobState.DONE, Job.title.in_(plans)
        )
        for job in session.execute(done).all():
            day = day_of(job.done_us)
            values = {"plan_id": plans[job.title], "kind": JobKind.PLANNED, "due_on": day}
            session.execute(update(Job).where(Job.id == job.id).values(values))
            remember(session, plans[job.title], job.asset_id)
