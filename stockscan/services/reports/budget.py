"""Next quarter's parts for planned maintenance: by part and by month, from the plans' demand."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import divide
from stockscan.domain.reports.budget import Need, PartBudget, budget, by_month
from stockscan.domain.reports.months import Months, month_of
from stockscan.domain.reports.quarters import Quarter, quarter_of, read_quarter
from stockscan.services.work import Context
from stockscan.store.maintenance.forecast import demand_by_day
from stockscan.store.reports import costs
from stockscan.store.reports.costs import Narrowed
from stockscan.store.reports.named import PartName, parts_named
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.work import planned_parts_e4
from stockscan.store.snapshot import snapshot

YEAR = 12


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A part's share of the budget."""

    part: PartName
    budget: PartBudget


@dataclass(frozen=True, slots=True)
class Budget:
    """A quarter's budget: the dearest part first, what each month takes, and what comes before.

    `until_then_e4` is what is needed from today until the quarter begins; `unplanned_e4` what three
    months of repairs that nobody planned cost at the pace of the last twelve, None for some parts
    alone: it is known of machines.
    """

    quarter: Quarter
    rows: list[BudgetRow]
    by_month: dict[int, int]
    until_then_e4: int
    unplanned_e4: int | None

    @property
    def total_e4(self) -> int:
        """What all parts of planned work cost."""
        return sum(self.by_month.values())


def next_budget(ctx: Context, quarter: str = "", of: OfParts = EVERY) -> Budget:
    """The budget of a quarter ("2027-Q1"), of the next one unless said. Raises `Invalid`."""
    require(ctx.actor, Permission.READ)
    wanted = read_quarter(quarter) if quarter else quarter_of(ctx.today).after
    with snapshot() as connection:
        return budget_of(connection, ctx, wanted, of)


def budget_of(
    connection: Connection, ctx: Context, quarter: Quarter, of: OfParts = EVERY
) -> Budget:
    """The budget itself; nothing for a quarter that is over."""
    first = max(quarter.first, ctx.today)
    wanted = _needs(connection, ctx, quarter)
    parts = parts_named(connection, {need.part_id for need in wanted}, of)
    needs = [need for need in wanted if need.part_id in parts]
    cost_e4 = {part.id: part.cost_e4 for part in parts.values()}
    found = budget(needs, cost_e4, first, quarter.last)
    before = budget(needs, cost_e4, ctx.today, first - timedelta(days=1))
    rows = [BudgetRow(parts[part_id], share) for part_id, share in found.items()]
    return Budget(
        quarter=quarter,
        rows=sorted(rows, key=lambda row: (-row.budget.total_e4, row.part.part_number)),
        by_month=dict.fromkeys(quarter.months, 0) | by_month(found.values()),
        until_then_e4=sum(share.total_e4 for share in before.values()),
        unplanned_e4=None if of else _unplanned_e4(connection, ctx),
    )


def _needs(connection: Connection, ctx: Context, quarter: Quarter) -> list[Need]:
    if quarter.last < ctx.today:
        return []
    wanted = demand_by_day(connection, ctx.today, quarter.last)
    return [
        Need(part_id, day, quantity_milli)
        for part_id, days in wanted.items()
        for day, quantity_milli in days.items()
    ]


def _unplanned_e4(connection: Connection, ctx: Context) -> int:
    last = month_of(ctx.now_us)
    year = Months(last - YEAR, last - 1)
    spent = costs.total(connection, year, Narrowed()).parts_e4
    return max(divide((spent - planned_parts_e4(connection, year)) * 3, YEAR), 0)
