"""The quarterly review: everything that a quarter's meeting goes through, from one moment."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import from_us
from stockscan.domain.reports.months import Months, month_of
from stockscan.domain.reports.quarters import Quarter, quarter_of, read_quarter
from stockscan.domain.reports.replacing import UPKEEP_BP
from stockscan.services.reports.anomalies import Anomalies, odd_in
from stockscan.services.reports.asking import only_of
from stockscan.services.reports.budget import Budget, budget_of
from stockscan.services.reports.obsolete import Obsolete, obsolete_in
from stockscan.services.reports.peers import Peers, among
from stockscan.services.reports.stockouts import Stockouts, stockouts_in
from stockscan.services.reports.turnover import Turnover, turnover_in
from stockscan.services.reports.work import Downtime, downtime_in
from stockscan.services.work import Context
from stockscan.store.reports import costs, work, worn
from stockscan.store.reports.costs import CostRow, Narrowed
from stockscan.store.reports.overspent import Overspent, overspent
from stockscan.store.reports.work import Worker
from stockscan.store.reports.worn import Newcomers, Worn
from stockscan.store.snapshot import snapshot

_MOST: Final = 1_000
YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Review:
    """What a quarter cost and what follows from it.

    `by_month` are the costs of the year that ends with it, `models` the quarter's by model;
    `before_e4` is what the quarter before it cost. `worn` are machines whose last twelve months
    cost a large share of a new one, `overspent` those with dearer parts in them than they are
    worth. `workers` is None for who may not compare people.
    """

    quarter: Quarter
    is_running: bool
    months: Months
    year: Months
    by_month: list[CostRow]
    models: list[CostRow]
    before_e4: int
    peers: Peers
    worn: list[Worn]
    overspent: list[Overspent]
    budget: Budget
    obsolete: Obsolete
    newcomers: list[Newcomers]
    anomalies: Anomalies
    downtime: Downtime
    workers: list[Worker] | None
    turnover: Turnover
    stockouts: Stockouts

    @property
    def total_e4(self) -> int:
        """What the quarter cost."""
        return sum(row.cost.total_e4 for row in self.models)


def review(ctx: Context, quarter: str = "") -> Review:
    """The review of a quarter ("2026-Q3"), of the last whole one unless said. Raises `Invalid`."""
    actor = require(ctx.actor, Permission.READ)
    now = quarter_of(from_us(ctx.now_us).date())
    wanted = min(read_quarter(quarter), now) if quarter else now.before
    months = Months(wanted.months[0], min(wanted.months[-1], month_of(ctx.now_us)))
    year = Months(wanted.months[-1] - YEAR + 1, wanted.months[-1])
    before = Months(wanted.before.months[0], wanted.before.months[-1])
    with snapshot() as connection:
        return Review(
            quarter=wanted,
            is_running=wanted == now,
            months=months,
            year=year,
            by_month=costs.by(connection, "month", year, Narrowed(), _MOST),
            models=costs.by(connection, "model", months, Narrowed(), _MOST),
            before_e4=costs.total(connection, before, Narrowed()).total_e4,
            peers=among(connection, months, None, "all"),
            worn=worn.worn(connection, year, UPKEEP_BP, _MOST),
            overspent=overspent(connection, months, ctx.today),
            budget=budget_of(connection, ctx, now.after),
            obsolete=obsolete_in(connection, ctx, months),
            newcomers=worn.newcomers(connection, wanted.first, wanted.last, _MOST),
            anomalies=odd_in(connection, ctx, months),
            downtime=downtime_in(connection, ctx, months),
            workers=work.workers(connection, months) if actor.may(Permission.PLAN_EDIT) else None,
            turnover=turnover_in(connection, ctx, months, only_of(connection, ctx)),
            stockouts=stockouts_in(connection, ctx, months),
        )
