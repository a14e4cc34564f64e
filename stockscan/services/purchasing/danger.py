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
from stockscan.services.purchasing.planning import Planned, forecast, plan, tight
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.maintenance.forecast import Forecast, Work
from stockscan.store.purchasing import named
from stockscan.store.purchasing.coming import Coming, coming
from stockscan.store.purchasing.named import AssetName, ModelName, PartName, PlanName
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
        work = forecast(connection, settings, ctx.today)
        needed = tight(connection, work, ctx.today)
        hidden = hidden_parts(connection, blindness(connection, actor))
        planned = plan(connection, settings, ctx.today, needed.but(hidden))
        short = sorted(_short(planned), key=_urgency)
        shown = [_with_what_is_due(each) for each in short[:SHOWN]]
        rows = _explained(connection, work, shown)
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
    connection: Connection | Session, work: Forecast, short: Sequence[_Short]
) -> list[Danger]:
    ids = [each.planned.part_id for each in short]
    parts = named.parts(connection, ids)
    lines: defaultdict[int, list[Coming]] = defaultdict(list)
    for line in coming(connection, ids):
        lines[line.part_id].append(line)
    last = {each.planned.part_id: each.shortage.covers for each in short}
    causes = _causes(connection, work.works(connection, last))
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


def _causes(
    connection: Connection | Session, works: dict[int, list[Work]]
) -> dict[int, list[Cause]]:
    """Part to the work that needs it, the first first."""
    told = _names(connection, [work for of_part in works.values() for work in of_part])
    return {
        part_id: sorted(
            (_cause(told, work) for work in of_part),
            key=lambda cause: (cause.first_on, cause.name),
        )
        for part_id, of_part in works.items()
    }


class _Names(NamedTuple):
    """What the work, single assets and models are called."""

    plans: dict[int, PlanName]
    jobs: dict[int, int]
    assets: dict[int, AssetName]
    models: dict[int, ModelName]


def _names(connection: Connection | Session, works: Sequence[Work]) -> _Names:
    return _Names(
        named.plans(connection, {work.plan_id for work in works if work.plan_id}),
        named.jobs(connection, {work.job_id for work in works if work.job_id}),
        named.assets(connection, {work.asset_id for work in works if work.assets == 1}),
        named.models(connection, {model for work in works for model, _ in work.kinds if model}),
    )


def _cause(told: _Names, work: Work) -> Cause:
    plan_name, number = told.plans.get(work.plan_id or 0), told.jobs.get(work.job_id or 0)
    name, path = f"J-{number}", f"/jobs/{number}"
    if plan_name is not None:
        name, path = plan_name.name, f"/plans/{plan_name.uid}"
    return Cause(
        name=name,
        path=path,
        basis=plan_name.basis if plan_name else None,
        assets=work.assets,
        kind_of_asset=_in_common(told, work),
        quantity_milli=work.quantity_milli,
        first_on=work.first_on,
    )


def _in_common(told: _Names, work: Work) -> str:
    """What assets have in common: one alone its name, else their category, else their model."""
    if work.assets == 1:
        asset = told.assets[work.asset_id]
        return asset.name or asset.tag
    categories, models = set(), set()
    for model_id, own in work.kinds:
        model = told.models.get(model_id or 0, ModelName(0, "", ""))
        categories.add(model.category or own)
        models.add(model.name)
    for shared in (categories, models):
        if len(shared) == 1 and (only := next(iter(shared))):
            return only
    return ""
