"""One part in the coming months: how much there will be by day, who needs it and what comes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.purchasing.projecting import Level, Shortage, project
from stockscan.services.purchasing.figured import Reorder
from stockscan.services.purchasing.planning import Planned, by_day, horizon, needs_from, plan
from stockscan.services.purchasing.reordering import reorder_list
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.maintenance.demand import Demand, demand
from stockscan.store.purchasing import named
from stockscan.store.purchasing.coming import Coming, coming
from stockscan.store.purchasing.named import AssetName, PartName
from stockscan.store.settings import load


@dataclass(frozen=True, slots=True)
class Need:
    """Work that needs the part on a day: a job, or a plan on so many assets.

    `asset` is the one it is about, None where it is about several; `path` is where the work stands.
    """

    day: date
    name: str
    path: str
    assets: int
    asset: AssetName | None
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class AheadPage:
    """A part's future. `planned` is None where it `is_hidden`: who counts it blind may not see it.

    Then, and for a part out of use, there are no levels either.
    `levels` are the days on which something happens, deliveries on the day on which they will
    come; `short` is the first shortage that must be ordered, if there is one; `gap` the first day
    without enough where all is ordered, but comes too late; `reorder` what its use says.
    """

    part: PartName
    planned: Planned | None
    levels: list[Level]
    needs: list[Need]
    lines: list[Coming]
    short: Shortage | None
    gap: Level | None
    reorder: Reorder | None
    today: date
    until: date
    is_hidden: bool

    def by_day(self) -> list[tuple[date, int]]:
        """What is left at the end of each day, from today on."""
        known = {level.day: level.left_milli for level in self.levels}
        days, left = [], 0
        for nth in range((self.until - self.today).days + 1):
            day = self.today + timedelta(days=nth)
            left = known.get(day, left)
            days.append((day, left))
        return days


def ahead(ctx: Context, reference: str) -> AheadPage:
    """The coming months of a part, by any reference to it. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        part_id = named.part_of(connection, reference)
        settings = load(connection)
        part = named.parts(connection, [part_id])[part_id]
        lines = coming(connection, [part_id])
        until = horizon(connection, settings, ctx.today)
        work = demand(connection, ctx.today, until, [part_id])
        hidden = hidden_parts(connection, blindness(connection, actor), [part_id])
        needed = needs_from(work, until, [part_id])
        planned = plan(connection, settings, ctx.today, needed)
        told = _work(connection, work)
    one = planned[0] if planned and not hidden else None
    known = reorder_list(ctx, [part_id]).rows if one else []
    levels = _levels(one, lines) if one else []
    short = (one.due() or one.first()) if one else None
    return AheadPage(
        part=part,
        planned=one,
        levels=levels,
        needs=told,
        lines=lines,
        short=short,
        gap=None if short else next((level for level in levels if level.left_milli < 0), None),
        reorder=known[0] if known else None,
        today=ctx.today,
        until=until,
        is_hidden=bool(hidden),
    )


def _levels(planned: Planned, lines: list[Coming]) -> list[Level]:
    """What there will be. Planning counts on late orders as if they came in time; this does not."""
    comes = by_day((line, line.arrives(planned.today)) for line in lines)
    supply = replace(planned.supply, coming=comes.get(planned.part_id, {}))
    return list(project(supply, planned.today, planned.until))


def _work(connection: Connection, found: Iterable[Demand]) -> list[Need]:
    """The work by day: each job, and each plan once with how many assets it is about."""
    grouped: defaultdict[tuple[date, int, int], list[Demand]] = defaultdict(list)
    for need in found:
        grouped[(need.day, need.plan_id or 0, need.job_id or 0)].append(need)
    plans = named.plans(connection, {plan_id for _, plan_id, _ in grouped})
    jobs = named.jobs(connection, {job_id for _, _, job_id in grouped})
    alone = {many[0].asset_id for many in grouped.values() if len(many) == 1}
    assets = named.assets(connection, alone)
    work = []
    for (day, plan_id, job_id), many in grouped.items():
        name, path = f"J-{jobs.get(job_id)}", f"/jobs/{jobs.get(job_id)}"
        if not job_id:
            name, path = plans[plan_id].name, f"/plans/{plans[plan_id].uid}"
        total = sum(need.quantity_milli for need in many)
        asset = assets[many[0].asset_id] if len(many) == 1 else None
        work.append(Need(day, name, path, len(many), asset, total))
    return work
