"""The danger zone: what coming work will not find, what to order for it and by when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.maintenance import Basis
from stockscan.domain.purchasing import Lead
from stockscan.domain.purchasing.projecting import Shortage
from stockscan.services.purchasing.planning import Planned, plan, tight
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.maintenance.demand import Demand, demand
from stockscan.store.purchasing import named
from stockscan.store.purchasing.coming import Coming, coming
from stockscan.store.purchasing.named import AssetName, PartName, PlanName
from stockscan.store.settings import load

# As many as a page explains; the rest is counted.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Cause:
    """Work that needs the part: of so many assets, by one plan or (no plan) by jobs of their own.

    `kind_of_asset` is what they have in common: the model's name or category, "" for nothing.
    `path` is where more about it stands.
    """

    name: str
    path: str
    basis: Basis | None
    assets: int
    kind_of_asset: str
    quantity_milli: int
    first_on: date


@dataclass(frozen=True, slots=True)
class Danger:
    """A part that will be short: why, what there is, and what was or must be done.

    `short` is what to order beside the `lines` that are asked for; where these are enough
    (`is_covered`), what would lack without them. `is_due` says that it has to be ordered now;
    `lead` is the time that it takes to come.
    """

    part: PartName
    here_milli: int
    short: Shortage
    is_covered: bool
    is_due: bool
    lead: Lead
    causes: list[Cause]
    lines: list[Coming]

    @property
    def coming_milli(self) -> int:
        """What is on its way."""
        return sum(line.left_milli for line in self.lines)


@dataclass(frozen=True, slots=True)
class DangerPage:
    """What is to be ordered, the most urgent first; then what is asked for already.

    `more` are not shown; `hidden` are left out because the reader counts them blind, whether they
    are short or not.
    """

    to_order: list[Danger]
    covered: list[Danger]
    more: int
    hidden: int
    until: date

    @property
    def is_due(self) -> bool:
        """Whether anything that is shown has to be ordered now."""
        return any(row.is_due for row in self.to_order)


def danger(ctx: Context) -> DangerPage:
    """Every part that coming work will not find in stock, as far as is planned ahead."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        settings = load(connection)
        needed = tight(connection, settings, ctx.today)
        hidden = hidden_parts(connection, blindness(connection, actor))
        planned = plan(connection, settings, ctx.today, needed.but(hidden))
        short = sorted(_short(planned), key=_urgency)
        shown = [_with_what_is_due(each) for each in short[:SHOWN]]
        rows = _explained(connection, ctx.today, shown)
        return DangerPage(
            to_order=[row for row in rows if not row.is_covered],
            covered=[row for row in rows if row.is_covered],
            more=max(0, len(short) - SHOWN),
            hidden=len(hidden),
            until=needed.until,
        )


class _Short(NamedTuple):
    """A part that would be short; whether what is asked for is enough, or more is due now."""

    planned: Planned
    shortage: Shortage
    is_covered: bool
    is_due: bool = False


def _short(planned: Iterable[Planned]) -> Iterator[_Short]:
    for one in planned:
        short = one.first()
        if short is not None:
            yield _Short(one, short, is_covered=False)
            continue
        alone = replace(one, supply=replace(one.supply, coming={}))
        covered = alone.first()
        if covered is not None:
            yield _Short(one, covered, is_covered=True)


def _urgency(short: _Short) -> tuple[bool, date, int]:
    return short.is_covered, short.shortage.order_by, short.planned.part_id


def _with_what_is_due(short: _Short) -> _Short:
    due = None if short.is_covered else short.planned.due()
    return short._replace(shortage=due, is_due=True) if due else short


def _explained(
    connection: Connection | Session, today: date, short: Sequence[_Short]
) -> list[Danger]:
    ids = [each.planned.part_id for each in short]
    parts = named.parts(connection, ids)
    lines: defaultdict[int, list[Coming]] = defaultdict(list)
    for line in coming(connection, ids):
        lines[line.part_id].append(line)
    last = {each.planned.part_id: each.shortage.covers for each in short}
    needs = demand(connection, today, max(last.values()), ids) if ids else ()
    causes = _causes(connection, needs, last)
    return [
        Danger(
            part=parts[each.planned.part_id],
            here_milli=each.planned.supply.on_hand_milli,
            short=each.shortage,
            is_covered=each.is_covered,
            is_due=each.is_due,
            lead=each.planned.bought.lead,
            causes=causes.get(each.planned.part_id, []),
            lines=lines[each.planned.part_id],
        )
        for each in short
    ]


# The plan, or the job that no plan made, and what it needs of one part.
_Work = tuple[int | None, int | None]
_Grouped = dict[int, dict[_Work, list[Demand]]]


def _causes(
    connection: Connection | Session, needs: Iterable[Demand], last: dict[int, date]
) -> dict[int, list[Cause]]:
    """Part to the work that needs it up to the day that its shortage covers, the first first."""
    grouped: _Grouped = {}
    for need in needs:
        if need.day <= last[need.part_id]:
            work = (need.plan_id, None if need.plan_id else need.job_id)
            grouped.setdefault(need.part_id, {}).setdefault(work, []).append(need)
    told = _names(connection, grouped)
    return {
        part_id: sorted(
            (_cause(told, work, many) for work, many in of_part.items()),
            key=lambda cause: (cause.first_on, cause.name),
        )
        for part_id, of_part in grouped.items()
    }


class _Names(NamedTuple):
    """What the work and its assets are called."""

    plans: dict[int, PlanName]
    jobs: dict[int, int]
    assets: dict[int, AssetName]


def _names(connection: Connection | Session, grouped: _Grouped) -> _Names:
    works = {work for of_part in grouped.values() for work in of_part}
    everyone = {
        need.asset_id for of_part in grouped.values() for many in of_part.values() for need in many
    }
    return _Names(
        named.plans(connection, {plan_id for plan_id, _ in works if plan_id}),
        named.jobs(connection, {job_id for _, job_id in works if job_id}),
        named.assets(connection, everyone),
    )


def _cause(told: _Names, work: _Work, needed: Sequence[Demand]) -> Cause:
    plan_name, number = told.plans.get(work[0] or 0), told.jobs.get(work[1] or 0)
    name, path = f"J-{number}", f"/jobs/{number}"
    if plan_name is not None:
        name, path = plan_name.name, f"/plans/{plan_name.uid}"
    who = {need.asset_id for need in needed}
    return Cause(
        name=name,
        path=path,
        basis=plan_name.basis if plan_name else None,
        assets=len(who),
        kind_of_asset=_in_common([told.assets[each] for each in who]),
        quantity_milli=sum(need.quantity_milli for need in needed),
        first_on=min(need.day for need in needed),
    )


def _in_common(assets: Sequence[AssetName]) -> str:
    """What assets have in common: one alone its name, else their category, else their model."""
    if len(assets) == 1:
        return assets[0].name or assets[0].tag
    for shared in ({one.category for one in assets}, {one.model for one in assets}):
        if len(shared) == 1 and (only := next(iter(shared))):
            return only
    return ""
