"""What the rows behind a number of a report come to, found by the link that stands on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

from stockscan.domain.figures import E4, MINOR, divide, times
from stockscan.domain.reports.places import Held
from stockscan.domain.reports.turnover import average, days_of_inventory, turnover
from stockscan.domain.tables import Holds
from stockscan.services.reports import carrying, consumption, costs, ledger, stockouts, work
from stockscan.services.reports import turnover as turning
from stockscan.services.settings import settings_in_force
from stockscan.services.work import Context
from stockscan.store.reports.narrowing import OfParts
from stockscan.web.reports.shape import Cell, Col, shown

DAY: Final = 86_400
# Pages that say how a number comes about, and no sum of it.
_EXPLAIN: Final = ("/ahead", "/used", "/requisitions/new", "/reports/peers")
Said = dict[str, str]


@dataclass
class Behind:
    """Follows links, each once."""

    ctx: Context
    client: FlaskClient
    known: dict[str, Any] = field(default_factory=dict)

    def __call__(self, column: Col, cell: Cell, line: list[Cell]) -> int | None:
        """What the rows come to; None for a page that only explains."""
        where = urlsplit(cell.link)
        said = dict(parse_qsl(where.query))
        path = where.path
        if path.endswith(_EXPLAIN):
            return None
        if path.startswith("/assets/") and path.endswith("/costs"):
            return _cost(column, self._once(cell.link, lambda: self._asset(path, said)))
        if path in _FOLLOWED:
            return _FOLLOWED[path](self, column, cell, line, said)
        if path.startswith("/parts/") and column.title == "Value":
            quantity = next(
                each.value for each in line if each.link.endswith(f"lot={line[3].value}")
            )
            return times(quantity, self._cost_of(path.rpartition("/")[2]))
        page = self._once(cell.link, lambda: self.client.get(cell.link).get_data(as_text=True))
        return int(cell.value) if shown(cell.value, column.holds) in page else -1

    def _once(self, link: str, read: Callable[[], Any]) -> Any:
        if link not in self.known:
            self.known[link] = read()
        return self.known[link]

    def _asset(self, path: str, said: Said) -> costs.Cost:
        alone = costs.asset_costs(self.ctx, path.split("/")[2], *_months(said))
        return costs.Cost(
            sum(row.cost_e4 for row in alone.parts),
            sum(row.labour_e4 for row in alone.jobs),
            sum(row.down_e4 for row in alone.jobs),
            sum(row.down_e4 > 0 for row in alone.jobs),
        )

    def of_ledger(self, column: Col, cell: Cell, line: list[Cell], said: Said) -> int | None:
        """Sums of the ledger's rows; of a place the share that lies there."""
        found = self._once(cell.link, lambda: self._rows(said))
        if column.holds is Holds.PERCENT:
            return int(cell.value) if found.total else None
        if column.title == "Worth at its end":
            return Held(line[2].value, found.quantity_milli, found.value_e4).worth_e4
        sums = {Holds.E4: found.value_e4, Holds.MILLI: found.quantity_milli}
        return int(sums.get(column.holds, found.total))

    def _rows(self, said: Said) -> ledger.Behind:
        months, of = _months(said), _of(said)
        return ledger.behind(self.ctx, ledger.Asked(*months, **said, of=of))

    def of_costs(self, column: Col, cell: Cell, _line: list[Cell], said: Said) -> int:
        """Sums of what assets cost."""
        by = said.pop("by")
        page = self._once(cell.link, lambda: costs.cost_page(
            self.ctx, costs.Asked(by, *_months(said), **said)))  # fmt: skip
        return len(page.rows) if column.holds is Holds.WHOLE else _cost(column, page.total)

    def of_stockouts(self, column: Col, cell: Cell, _line: list[Cell], said: Said) -> int:
        """The times and deliveries of one part."""
        place = said.get("place", "")
        [one] = self._once(cell.link, lambda: stockouts.stockouts(
            self.ctx, *_months(said), said["part"], place=place)).parts  # fmt: skip
        return {"Times out": len(one.run.outs), "Days out": one.run.out_us // (DAY * 1_000_000),
                "In stock": one.in_stock_bp, "Deliveries": one.run.deliveries,
                "In time": one.run.in_time,
                "Avoided": len(one.run.avoided_us)}[column.title]  # fmt: skip

    def of_consumption(self, column: Col, cell: Cell, line: list[Cell], said: Said) -> int | None:
        """A part's use by month: the last one, and the mean of those before."""
        page = self._once(cell.link, lambda: consumption.consumption(
            self.ctx, consumption.Asked(said["by"], *_months(said), said["part"])))  # fmt: skip
        last, *before = [row.quantity_milli or 0 for row in page.rows]
        usual = divide(sum(before), len(before))
        cost_e4 = self._cost_of(said["part"])
        return {"Usual": usual, "Times": last * 100 // usual if usual else None,
                "Apart": times(abs(last - usual), cost_e4)}[column.title]  # fmt: skip

    def _cost_of(self, part: str) -> int:
        rows = self._rows({"from": "2000-01", "part": part})
        return divide(rows.value_e4 * 1_000, rows.quantity_milli)

    def of_turnover(self, column: Col, cell: Cell, line: list[Cell], said: Said) -> int | None:
        """From the ends of months: their mean, the last, and how fast it was used up."""
        page = self._once(cell.link, lambda: turning.turnovers(self.ctx, turning.Asked(
            *_months(said), said.pop("part", ""), _of(said), **said)))  # fmt: skip
        if cell.link.endswith("#parts"):
            return sum(each.end_e4 for each in page.parts)
        held, used = average(page.worth_e4), sum(page.used_e4.values())
        days = days_of_inventory(used, held, page.pace.days)
        known = {"Average stock": held, "Turns": turnover(used, held),
                 "Days": None if days is None else divide(days, 100),
                 "At the end": page.worth_e4[-1], "Value": page.worth_e4[-1],
                 "In stock": page.held_milli[-1] if page.held_milli else None}  # fmt: skip
        if column.title == "Cost":
            return self._kept(str(line[0].value), held, page)
        return known[column.title]

    def _kept(self, what: str, held: int, page: turning.Turnover) -> int:
        """What keeping so much cost, by what the settings say of a year."""
        now, days = settings_in_force(), page.pace.days
        if what == "Capital":
            return divide(divide(held * now.capital_bp, 10_000) * days, 365)
        year = {"Room": now.storage_year_minor, "Insurance": now.insurance_year_minor}[what]
        months = page.months
        whole = self._once(f"whole {months}", lambda: turning.turnovers(self.ctx, turning.Asked(
            *(f"{month // 12}-{month % 12 + 1:02}" for month in months))))  # fmt: skip
        cost = divide(year * (E4 // MINOR) * days, 365)
        return divide(cost * held, average(whole.worth_e4))

    def of_carrying(self, column: Col, cell: Cell, _line: list[Cell], said: Said) -> int:
        """The costs of keeping one part."""
        cost = self._once(cell.link, lambda: carrying.carrying(
            self.ctx, *_months(said), said["part"])).cost  # fmt: skip
        return {"Room": cost.storage_e4, "Insurance": cost.insurance_e4,
                "Capital": cost.capital_e4, "In all": cost.total_e4}[column.title]  # fmt: skip

    def of_downtime(self, column: Col, cell: Cell, _line: list[Cell], said: Said) -> int:
        """The jobs of a cause."""
        jobs = self._once(
            cell.link, lambda: work.downtime(self.ctx, *_months(said), said["cause"])
        ).jobs
        return len(jobs) if column.title == "Jobs" else sum(job.down_e4 for job in jobs)

    def of_technicians(self, column: Col, cell: Cell, _line: list[Cell], said: Said) -> int:
        """The jobs of a person."""
        jobs = self._once(
            cell.link, lambda: work.technicians(self.ctx, *_months(said), said["person"])
        ).jobs
        return {"Jobs": len(jobs), "Minutes": sum(job.minutes or 0 for job in jobs),
                "Faults": sum(job.kind == "fault" for job in jobs),
                "Machines": len({job.asset_code for job in jobs}),
                "Parts": sum(job.parts_e4 for job in jobs),
                "Work": sum(job.labour_e4 for job in jobs)}[column.title]  # fmt: skip


_FOLLOWED: Final = {
    f"/reports/{each.__name__.removeprefix('of_')}": each
    for each in (
        Behind.of_ledger, Behind.of_costs, Behind.of_stockouts, Behind.of_consumption,
        Behind.of_turnover, Behind.of_carrying, Behind.of_downtime, Behind.of_technicians,
    )
}  # fmt: skip


def _months(said: Said) -> tuple[str, str]:
    return said.pop("from", ""), said.pop("to", "")


def _of(said: Said) -> OfParts:
    return OfParts(*(said.pop(name, "") for name in ("class", "category", "supplier")))


def _cost(column: Col, cost: costs.Cost) -> int:
    return {"Parts": cost.parts_e4, "Work": cost.labour_e4, "Stood still": cost.down_e4,
            "Cost": cost.total_e4, "Jobs": cost.jobs}[column.title]  # fmt: skip
